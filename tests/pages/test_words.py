"""The words of the pages: every language says everything, and every key in use is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.goodbye.kept import KEPT

UI = Path(__file__).parents[2] / "ui"
ENTRY = re.compile(r"^  '([^']+)': (.+?),?$", re.MULTILINE)
FORMS = re.compile(r"^  '([^']+)': (\{.*?\}),$", re.MULTILINE | re.DOTALL)
PARTS_OF_STEPS = ("assets-access", "entra", "import", "consent", "visibility")
LANGUAGES = sorted(path.stem for path in (UI / "words").glob("*.js"))


def words(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((UI / "words" / language).glob("*.js")):
        source = path.read_text(encoding="utf-8")
        entries = {**dict(ENTRY.findall(source)), **dict(FORMS.findall(source))}
        assert not entries.keys() & found.keys(), path.name
        found |= entries
    return found


def blanks(sentence: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", sentence))


def test_english_and_german_are_there() -> None:
    assert {"en", "de"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys(language: str) -> None:
    assert words(language).keys() == words("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_has_the_blanks_of_the_english_one(language: str) -> None:
    spoken = words(language)
    differing = [key for key, said in words("en").items() if blanks(said) != blanks(spoken[key])]
    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty(language: str) -> None:
    assert [key for key, said in words(language).items() if said.strip("'\"") == ""] == []


def test_every_key_a_page_names_is_there() -> None:
    named: set[str] = set()
    for path in UI.rglob("*.js"):
        if "words" not in path.relative_to(UI).parts:
            named |= set(re.findall(r"\btext\('([^']+)'", path.read_text(encoding="utf-8")))
    assert named - words("en").keys() == set()


def test_every_field_of_the_administration_has_a_label() -> None:
    source = (UI / "admin" / "parts.js").read_text(encoding="utf-8")
    known = words("en")
    for part in re.split(r"\n  \{\n", source)[1:]:
        name = re.search(r"name: '([^']+)'", part)
        assert name is not None
        fields = re.findall(r"kind: '(\w+)', name: '([^']+)'", part)
        labels = {f"field.{name[1]}.{field}" for kind, field in fields if kind != "fixed"}
        assert labels
        assert labels - known.keys() == set()


def test_every_reason_and_phase_of_an_import_has_words() -> None:
    """The codes are the app's; a page shows a code it has no words for as it is."""
    imports = Path(__file__).parents[2] / "app" / "imports"
    reasons = re.findall(
        r'^    "(\w+)": ', (imports / "run" / "reasons.py").read_text("utf-8"), re.MULTILINE
    )
    assert reasons
    assert {f"run.reason.{code}" for code in reasons} - words("en").keys() == set()
    phases = {
        name
        for path in imports.rglob("*.py")
        for name in re.findall(r'\.phase\("(\w+)"', path.read_text("utf-8"))
    }
    assert phases
    assert {f"run.phase.{name}" for name in phases} - words("en").keys() == set()


def test_every_reason_kind_and_action_of_a_sampled_record_has_words() -> None:
    reasons = Path(__file__).parents[2] / "app" / "imports" / "planning" / "sample_reasons.py"
    codes = re.findall(r'^    "(\w+)": ', reasons.read_text("utf-8"), re.MULTILINE)
    page = (UI / "admin" / "imports" / "records.js").read_text("utf-8")
    lists = dict(re.findall(r"^const (KINDS|ACTIONS) = \[(.*)\];", page, re.MULTILINE))
    kinds, actions = (re.findall(r"'(\w+)'", lists[name]) for name in ("KINDS", "ACTIONS"))
    assert codes
    assert (len(kinds), len(actions)) == (6, 4)
    wanted = {f"records.code.{code}" for code in codes} | {f"records.kind.{kind}" for kind in kinds}
    wanted |= {f"records.action.{action}" for action in actions}
    assert wanted - words("en").keys() == set()


def test_every_class_of_what_is_kept_and_its_place_has_words() -> None:
    page = (UI / "admin" / "stored.js").read_text("utf-8")
    assert "kept." in page
    slugs = {re.sub(r"[^a-z]+", "_", each.name.lower()) for each in KEPT}
    wanted = {f"kept.{slug}{end}" for slug in slugs for end in ("", ".what", ".from")}
    wanted |= {f"store.{re.sub(r'[^a-z]+', '_', each.store.lower())}" for each in KEPT}
    assert wanted - words("en").keys() == set()


def test_every_step_of_setting_up_says_what_is_missing() -> None:
    steps = ("assets-access", "entra", "choose", "preview", "run", "visibility", "done")
    lacking = {f"{part}.{why}" for part in PARTS_OF_STEPS for why in ("unset", "unreadable")}
    wanted = {f"step.{name}" for name in steps} | {f"lacks.{each}" for each in lacking}
    assert wanted - words("en").keys() == set()
