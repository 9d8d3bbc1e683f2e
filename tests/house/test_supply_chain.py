"""What runs is locked, listed, under licences that somebody allowed, and in a bare container."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from infra import parts
from infra.parts import ALLOWED, PAPER, ROOT, Part

FOUND = parts.parts()
CONTAINER = (ROOT / "Containerfile").read_text()
LAST = CONTAINER[CONTAINER.rindex("\nFROM ") :]


def test_no_part_is_under_a_licence_that_nobody_allowed() -> None:
    assert [(part.name, part.licence) for part in FOUND if not part.is_allowed] == []


@pytest.mark.parametrize("licence", ["GPL-3.0-only", "not said", "MIT AND AGPL-3.0-only"])
def test_a_licence_outside_the_list_is_refused_unless_there_is_a_choice(licence: str) -> None:
    assert not Part("part", "1", licence, ("0" * 64,)).is_allowed
    assert Part("part", "1", f"{licence} OR MIT", ("0" * 64,)).is_allowed


def test_the_paper_is_what_the_lock_gives() -> None:
    assert PAPER.read_text() == parts.paper(FOUND)


def test_the_bill_of_materials_names_every_locked_part_with_its_hashes_and_is_the_same_again() -> (
    None
):
    made = parts.sbom(FOUND)
    assert json.dumps(made) == json.dumps(parts.sbom(parts.parts()))
    locked = set(re.findall(r"^([a-z0-9._-]+)==", parts.LOCK.read_text(), re.MULTILINE))
    python = [each for each in made["components"] if each["purl"].startswith("pkg:pypi/")]
    assert {each["name"] for each in python} == locked
    assert all(each["hashes"] and each["licenses"] for each in python)
    assert "GPL-3.0-only" not in ALLOWED


def test_the_bill_of_materials_names_what_the_forge_side_is_built_with() -> None:
    made = parts.sbom(FOUND)["components"]
    npm = {each["name"]: each for each in made if each["purl"].startswith("pkg:npm/")}
    functions = json.loads((ROOT / "forge/package.json").read_text())["dependencies"]
    assert set(npm) == {*functions, "@forge/bridge"}
    for name, each in npm.items():
        assert each["purl"] == f"pkg:npm/{name.replace('@', '%40')}@{each['version']}"
        assert re.fullmatch(r"[0-9]+(\.[0-9]+)+", each["version"]), "no range"
        assert f"| {name} | {each['version']} |" in PAPER.read_text()


@pytest.mark.parametrize("lock", sorted(each.name for each in ROOT.glob("requirements*.lock")))
def test_every_locked_part_has_a_hash_and_no_registry_is_named(lock: str) -> None:
    text = (ROOT / lock).read_text()
    blocks = [each for each in re.split(r"\n(?=[A-Za-z0-9])", text) if "==" in each]
    assert blocks
    assert all("--hash=sha256:" in each for each in blocks)
    assert "://" not in text


def test_the_container_runs_as_nobody_from_hashes_without_build_tools() -> None:
    assert "--require-hashes" in CONTAINER
    assert "--only-binary :all:" in CONTAINER
    assert re.search(r"^USER [1-9][0-9]+$", LAST, re.MULTILINE)
    assert "HEALTHCHECK" in LAST
    assert "pip install" not in LAST
    assert "apt-get" not in CONTAINER
    assert "pip uninstall" in LAST


def test_the_container_takes_only_what_the_app_needs() -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+)", CONTAINER, re.MULTILINE)
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line[0] == "!"]
    assert sorted(copied) == sorted(allowed)
    assert all((ROOT / each).exists() for each in copied)


def test_updates_are_looked_for_everywhere_that_something_is_taken_from() -> None:
    asked = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())
    assert {each["package-ecosystem"] for each in asked["updates"]} == {"pip", "npm", "docker"}
    (npm,) = [each for each in asked["updates"] if each["package-ecosystem"] == "npm"]
    taking = {each.parent.name for each in ROOT.glob("*/package.json")} - {"node_modules", "build"}
    assert set(npm["directories"]) == {"/", *(f"/{name}" for name in taking)}
    assert "/forge" in npm["directories"]


def test_the_base_image_is_named_once_where_updates_are_looked_for() -> None:
    """Dependabot reads the word after FROM and follows no ARG (dependabot-core, issue 2057)."""
    first, *others = re.findall(r"^FROM (\S+)", CONTAINER, re.MULTILINE)
    assert re.fullmatch(r"python:3\.11-slim-[a-z]+(@sha256:[0-9a-f]{64})?", first)
    assert set(others) == {"base"}
