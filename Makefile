# `make help` lists what there is. Each target sets up what it needs.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE ?= 1

.PHONY: help demo test check lint format types arrows unit pictures lock clean ready ready-to-test

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ready ## The whole product on this machine: sandbox, app, one page to click through
	@$(BIN)/python -m sandbox.demo

test: ready-to-test ## The whole test suite, browser tests included
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: ready-to-test lint types arrows ## The gate: format, lint, types, import rules, all tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile

unit: ready ## The app's own tests that need no browser, Java or process: half a minute
	@$(BIN)/python -m pytest -n 2 --dist loadfile --ignore tests/sandbox \
		-m "not browser and not aws and not live"

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

pictures: ready-to-test ## Take the pictures in docs/pictures anew
	@PICTURES=1 $(BIN)/python -m pytest tests/pages tests/end_to_end -m browser

lock: ready ## Lock the requirements anew, with hashes
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --generate-hashes --no-header --no-annotate \
		--python-version 3.11 --quiet --output-file requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --no-header \
		--no-annotate --python-version 3.11 --quiet --output-file requirements-dev.lock

clean: ## Remove what was set up and built
	@rm -rf .venv node_modules build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

ready:
	@bin/setup run

ready-to-test:
	@bin/setup test
