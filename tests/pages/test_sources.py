"""The sources of the pages: nothing that breaks the policy, tracks anyone, or wires a colour."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "ui"
SCRIPTS = sorted(UI.rglob("*.js"))
STYLES = sorted(UI.rglob("*.css"))
PAGES = sorted(UI.glob("*.html"))
IN_FORGE = sorted((UI.parent / "forge").glob("*.js"))

SVG = "'http://www.w3.org/2000/svg'"  # the name of a namespace: nothing is asked there
FORBIDDEN = {
    "markup from text": r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser",
    "code from text": r"\beval\(|new Function\(|setTimeout\(['\"`]",
    "storage": r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.",
    "a foreign address": r"['\"`]https?://|['\"`]//",
    "a beacon": r"sendBeacon|new Image\(|WebSocket|EventSource",
    "an inline style": r"setAttribute\('style'|\.style\.",
}


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(UI.parent)) for path in paths]


@pytest.mark.parametrize("path", SCRIPTS + IN_FORGE, ids=names(SCRIPTS + IN_FORGE))
def test_a_script_holds_nothing_forbidden(path: Path) -> None:
    source = path.read_text(encoding="utf-8").replace(SVG, "SVG")
    assert [why for why, pattern in FORBIDDEN.items() if re.search(pattern, source)] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=names(SCRIPTS))
def test_only_the_door_knows_the_host(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    knows = re.search(r"\bAP\b|\bfetch\(|location\.", source) is not None
    assert knows == (path.name == "door.js")


@pytest.mark.parametrize("path", PAGES, ids=names(PAGES))
def test_a_page_has_no_inline_script_or_style(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\son\w+=", source) is None


@pytest.mark.parametrize("path", STYLES, ids=names(STYLES))
def test_colours_stand_in_the_tokens_only_and_follow_the_host(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if path.name != "tokens.css":
        assert re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", source) is None
        return
    colours = [line for line in source.splitlines() if "#" in line]
    assert colours
    assert [
        line for line in colours if not re.search(r"var\(--ds-[a-z-]+, light-dark\(", line)
    ] == []


@pytest.mark.parametrize("path", STYLES, ids=names(STYLES))
def test_directions_are_logical(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    sided = r"(margin|padding|border)-(left|right)|text-align: (left|right)|^\s*(left|right):"
    assert re.search(sided, source, re.MULTILINE) is None


@pytest.mark.parametrize("path", SCRIPTS, ids=names(SCRIPTS))
def test_a_script_is_short_or_is_words(path: Path) -> None:
    if "words" not in path.relative_to(UI).parts:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 200


def test_what_a_page_loads_is_there() -> None:
    source = (UI / "page.html").read_text(encoding="utf-8")
    for page in ("my-assets", "admin"):
        filled = source.replace("{{page}}", page).replace("{{lang}}", "de")
        named = re.findall(r'(?:href|src)="{{static}}/([^"]+)"', filled)
        assert len(named) >= 6
        assert [name for name in named if not (UI / name).is_file()] == []


def test_placeholders_of_the_pages_are_the_agreed_ones() -> None:
    def blanks(name: str) -> set[str]:
        return set(re.findall(r"\{\{(\w+)\}\}", (UI / name).read_text(encoding="utf-8")))

    assert blanks("page.html") == {"static", "connect_js", "page", "lang"}
    assert blanks("problem.html") == {
        "static", "lang", "title", "message", "reference", "request_id",
    }  # fmt: skip
