"""What the app says has a code, and every code has words in every language of the pages.

That a problem, a finding or a probe says nothing else, the types hold: see `app.said`.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from app.said import Said, Sentence, told
from tests.pages.test_words import LANGUAGES, blanks, words

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"[a-z_]+\.[a-z_]+")
# The details of these people meet on a page; `outside` may add what helps only who looks for a
# fault, and events have nobody before them.
SPOKEN = frozenset(
    {"doors", "imports", "instances", "my_assets", "site_settings", "vault", "wiring"}
)
UNSEEN = {
    "vendor_rights.py",
    "events.py",
    "lifecycle.py",
    "forge_events.py",
    "forge_api.py",
    "forge_instances.py",
}
WORKERS_ONLY = {"known.py", "rewrapping.py"}
ERRORS = re.compile(r"(Clash|Not\w+|\w+Refused|SlowDown|Service\w+|Settings\w+|Site\w+|Unlicensed)")


STAFF = "staff."  # what the vendor's desk says: in English only


class Written(NamedTuple):
    code: str
    english: str
    where: str


def trees() -> list[tuple[Path, ast.Module]]:
    paths = sorted((ROOT / "app").rglob("*.py"))
    return [(path, ast.parse(path.read_text("utf-8"))) for path in paths]


def written() -> list[Written]:
    """Every `Sentence("code", "English")` of the app. A code or a text that is computed fails."""
    found = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Sentence":
                code, english = (ast.literal_eval(each) for each in node.args)
                found.append(Written(code, english, path.name))
    return found


def on_pages() -> list[Written]:
    return [each for each in written() if not each.code.startswith(STAFF)]


def plainly(english: str) -> str:
    """As a page writes it: its own apostrophe, numbers without a format."""
    return re.sub(r"\{(\w+):,\}", r"{\1}", english).replace("'", "\u2019")


def test_every_code_stands_once_and_is_a_name() -> None:
    codes = Counter(each.code for each in written())
    assert len(codes) > 200
    assert [code for code, times in codes.items() if times > 1] == []
    assert [code for code in codes if not CODE.fullmatch(code)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_the_app_can_say_has_words_and_no_other_has(language: str) -> None:
    spoken = {key for key in words(language) if key.startswith("said.")}
    assert spoken == {f"said.{each.code}" for each in on_pages()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_have_the_blanks_of_the_sentence(language: str) -> None:
    spoken = words(language)
    differing = [
        each
        for each in on_pages()
        if blanks(spoken[f"said.{each.code}"]) != blanks(plainly(each.english))
    ]
    assert differing == []


def test_english_pages_say_what_the_api_says() -> None:
    spoken = words("en")
    differing = [
        each
        for each in on_pages()
        if spoken[f"said.{each.code}"].strip("'") != plainly(each.english)
    ]
    assert differing == []


def test_no_error_a_person_meets_is_raised_with_bare_text() -> None:
    bare = []
    for path, tree in trees():
        if not SPOKEN.intersection(path.parts) or path.name in UNSEEN | WORKERS_ONLY:
            continue
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if ERRORS.fullmatch(node.func.id) and node.args and text_of(node.args[0]):
                bare.append(f"{path.name}:{node.lineno}")
    assert bare == []


def text_of(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def test_a_sentence_is_text_that_knows_its_code() -> None:
    said = Sentence("a.b", "Give {count:,} of {names}.")(count=1500, names=("x", "y"))
    assert said == "Give 1,500 of x, y."
    assert isinstance(said, Said)
    assert told(said) == {"code": "a.b", "values": {"count": 1500, "names": ["x", "y"]}}


def test_a_sentence_within_a_sentence_keeps_its_own_code() -> None:
    inner = Sentence("in.ner", "the {what} is shut")(what="door")
    outer = Sentence("out.er", "Nothing was done: {why}.")(why=inner)
    assert outer == "Nothing was done: the door is shut."
    why = {"message": "the door is shut", "code": "in.ner", "values": {"what": "door"}}
    assert told(outer)["values"] == {"why": why}


def test_beside_plain_text_stands_nothing() -> None:
    assert told("As a service says it.") == {}
