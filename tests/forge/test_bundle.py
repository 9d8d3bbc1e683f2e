"""`make forge-bundle`: the same pages behind another door, as files that Forge may serve."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.stand_ins.forge_build import ROOT, SETTINGS, bundle, bundled, node

pytestmark = pytest.mark.forge

PAGES = ("main", "admin")
CHECKS = f"""
globalThis.File ??= require('node:buffer').File;  // Node 18 has it there only
const {{ FullValidationProcessor }} = require('{ROOT}/node_modules/@forge/manifest');
new FullValidationProcessor({{}}).process(process.argv[1]).then(
  ({{ success, errors }}) => console.log(JSON.stringify({{ success, said: errors ?? [] }})));
"""


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_the_folder_holds_what_a_deployment_takes_and_nothing_else(build: Path) -> None:
    page = {f"static/{name}/{file}" for name in PAGES for file in ("page.js", "page.css")}
    shown = {f"static/{name}/{file}" for name in PAGES for file in ("index.html", "icon.svg")}
    assert files(build).keys() == page | shown | {"manifest.yml", "package.json", "src/index.js"}


def test_the_same_sources_give_the_same_bytes(build: Path, tmp_path: Path) -> None:
    assert files(bundled(tmp_path / "elsewhere")) == files(build)


def test_it_passes_the_checks_that_deploying_makes(build: Path) -> None:
    done = node("-e", CHECKS, str(build / "manifest.yml"))
    assert done.stdout.strip() == '{"success":true,"said":[]}', done.stderr


def test_app_and_remote_come_from_the_environment(build: Path) -> None:
    manifest = yaml.safe_load((build / "manifest.yml").read_text("utf-8"))
    assert manifest["app"]["id"] == SETTINGS["FORGE_APP_ID"]
    assert manifest["remotes"][0]["baseUrl"]["default"] == SETTINGS["APP_BASE_URL"]


def test_every_setting_that_is_missing_or_wrong_is_named_at_once(tmp_path: Path) -> None:
    done = bundle(tmp_path / "out", APP_BASE_URL="http://assets.contoso.example")
    assert done.returncode == 2
    assert "FORGE_APP_ID" in done.stderr
    assert "APP_BASE_URL" in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_pages_alone_need_no_settings_and_leave_the_rest(tmp_path: Path) -> None:
    (tmp_path / "manifest.yml").write_text("kept")
    assert bundle(tmp_path, "--pages").returncode == 0
    assert (tmp_path / "manifest.yml").read_text() == "kept"
    assert (tmp_path / "static" / "main" / "index.html").is_file()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_relative_links_and_nothing_inline(build: Path, name: str) -> None:
    source = (build / "static" / name / "index.html").read_text("utf-8")
    assert re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\son\w+=", source) is None
    assert "{{" not in source
    linked = re.findall(r'(?:href|src)="([^"]+)"', source)
    assert linked == ["data:,", "page.css", "page.js"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_holds_the_forge_door_and_not_the_connect_one(build: Path, name: str) -> None:
    source = (build / "static" / name / "page.js").read_text("utf-8")
    assert "ui-remote" in source or "invokeRemote" in source
    assert "hostScript" not in source
    assert "ac-iframe-options" not in source
    assert "fetch(new URL" not in source
    assert re.search(r"\beval\(|new Function\(", source) is None


@pytest.mark.parametrize("name", PAGES)
def test_no_path_of_this_machine_stands_in_a_page(build: Path, name: str) -> None:
    folder = build / "static" / name
    assert all(str(ROOT) not in path.read_text("utf-8") for path in folder.iterdir())


def test_both_doors_promise_the_same() -> None:
    def promised(path: Path) -> set[str]:
        return set(
            re.findall(
                r"^export (?:const|(?:async )?function) (\w+)",
                path.read_text("utf-8"),
                re.MULTILINE,
            )
        )

    forge, connect = promised(ROOT / "forge" / "door.js"), promised(ROOT / "ui" / "door.js")
    about = {"locale", "timeZone", "importSource"}
    assert forge == connect == about | {"start", "call", "file", "visit", "preferences"}


def test_versions_are_exact() -> None:
    wanted = (ROOT / "package.json", ROOT / "forge" / "package.json")
    versions = [
        one
        for path in wanted
        for one in re.findall(r'": "(\^|~|>|latest|\*)', path.read_text("utf-8"))
    ]
    assert versions == []
