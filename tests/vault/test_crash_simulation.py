"""A slice of the crash simulation; `make prove` plays the rest and writes docs/evidence."""

from __future__ import annotations

import random

import pytest

from tests.vault.crash_simulation import PAPER, found
from tests.vault.simulation.bugs import BUGS
from tests.vault.simulation.fates import FATES
from tests.vault.simulation.play import play

# Found within a few plays; `make prove` looks for all of them.
QUICKLY_FOUND = (
    "the old property goes before the pointer moves",
    "the new property is written after the pointer moved",
    "no answer is taken for a refusal",
    "no answer is taken for success",
    "a version has a number only",
    "a former Encryption String is not kept",
    "former Encryption Strings are dropped while they are named",
    "documents that belong together move one after the other",
)


@pytest.mark.parametrize("seed", range(20))
def test_whatever_a_play_interleaves_everything_that_is_told_and_opened_is_true(seed: int) -> None:
    play(seed)


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("seed", range(5))
def test_whatever_becomes_of_any_fourth_write_everything_stays_true(seed: int, fate: str) -> None:
    writes = play(seed).writes
    for number in range(1 + random.Random(f"{seed} {fate}").randrange(4), writes + 1, 4):
        play(seed, {number: fate})  # type: ignore[dict-item]


def test_the_same_seed_plays_the_same_play() -> None:
    assert play(7, {3: "late"}) == play(7, {3: "late"})


@pytest.mark.parametrize("bug", QUICKLY_FOUND)
def test_a_planted_bug_is_found(bug: str) -> None:
    assert found(bug, seeds=20) is not None


def test_the_paper_names_every_planted_bug_and_what_found_it() -> None:
    paper = PAPER.read_text()
    for bug in BUGS:
        assert f"| {bug} | " in paper
    assert "not found" not in paper
    assert "## What was untrue\nNothing." in paper
