# `make help` lists what there is. Each target sets up what it needs.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
# For a machine of two cores: the third process computes while the others wait.
SIDE_BY_SIDE := -n 3 --dist loadscope --no-loadscope-reorder
export PYTHONDONTWRITEBYTECODE ?= 1

.PHONY: help demo test check prove bench lint format types arrows unit pictures mutants lock clean forge-bundle forge-pages
.PHONY: ready ready-for-forge ready-to-test package synth deploy-local sbom

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ready $(if $(filter forge,$(DEMO_DOOR)),forge-pages) ## The whole product on this machine; DEMO_DOOR=forge takes the other door
	@$(BIN)/python -m sandbox.demo

test: ready-to-test ## The whole test suite, browser tests included
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE)

check: ready-to-test lint types arrows ## The gate: format, lint, types, import rules, all tests
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE)

unit: ready ## The app's own tests that need no browser, Java or process: two or three minutes
	@$(BIN)/python -m pytest -n 2 --dist loadfile --ignore tests/sandbox \
		-m "not browser and not forge and not infra and not aws and not live"

lint: ready ## Format and lint, without changing anything
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/bandit -q -r app lambdas -c pyproject.toml

types: ready ## Types, strict
	@$(BIN)/mypy

arrows: ready ## The import rules: arrows between layers run one way
	@$(BIN)/lint-imports --no-cache

format: ready ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

package: ready ## build/functions.zip: what runs on Lambda, the same bytes each time
	@$(BIN)/python -m infra.package

sbom: ready ## build/sbom.cdx.json and docs/licences.md, from the locked requirements
	@$(BIN)/python -m infra.parts

synth: ready-for-forge package ## build/cdk.out: the template, checked by cdk-nag; DEPLOYMENT=my.json
	@CDK_OUTDIR=build/cdk.out \
		CDK_CONTEXT_JSON='{"deployment":"$(or $(DEPLOYMENT),infra/example.json)"}' \
		$(BIN)/python -m infra.app

deploy-local: ready ## The real template with the real functions in ministack, and the main job; STAY=1
	@$(BIN)/python -m tests.deployed.prove $(if $(STAY),--stay)

prove: ready-to-test ## The long proofs outside the gate; results in docs/evidence; hours. PROOF=load runs one
	@$(BIN)/python -m tests.proofs $(PROOF)

pictures: ready-to-test ## Take the pictures in docs/pictures anew
	@PICTURES=1 $(BIN)/python -m pytest tests/pages tests/end_to_end -m browser

mutants: ready ## Mutation tests of the token checks and guards; docs/evidence/mutants.md; half an hour
	@bin/mutants

bench: ready ## The benchmarks: a table of ratios and bench/results.json; BENCH=small takes a minute
	@$(BIN)/python -m bench

forge-bundle: ready-for-forge ## build/forge, which `forge deploy` takes; needs FORGE_APP_ID and APP_BASE_URL
	@node forge/bundle.mjs

forge-pages: ready-for-forge
	@node forge/bundle.mjs --pages

lock: ready ## Lock the requirements anew, with hashes
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --generate-hashes --no-header --no-annotate \
		--python-version 3.11 --quiet --output-file requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra functions --generate-hashes --no-header \
		--no-annotate --python-version 3.11 --quiet --output-file requirements-functions.lock
	@$(BIN)/uv pip compile pyproject.toml --extra functions --extra infra --extra dev \
		--generate-hashes --no-header --no-annotate --python-version 3.11 --quiet \
		--output-file requirements-dev.lock
	@printf "ministack==1.5.33\ncryptography\n" | $(BIN)/uv pip compile - --generate-hashes --no-header \
		--no-annotate --python-version 3.11 --quiet --output-file requirements-ministack.lock

clean: ## Remove what was set up and built
	@rm -rf .venv node_modules build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

ready:
	@bin/setup run

ready-for-forge:
	@bin/setup forge

ready-to-test:
	@bin/setup test
	@if command -v node >/dev/null; then node forge/bundle.mjs --pages; fi # the Forge door's sandbox shows them
