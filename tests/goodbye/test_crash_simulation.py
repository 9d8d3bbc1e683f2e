"""A slice of the crash simulation; `make prove` plays the rest and writes docs/evidence."""

from __future__ import annotations

import random

import pytest

from tests.goodbye.crash_simulation import PAPER, found
from tests.goodbye.simulation.bugs import BUGS
from tests.goodbye.simulation.play import play
from tests.vault.simulation.fates import FATES


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_at_once_and_whatever_is_killed_it_ends_the_same(seed: int) -> None:
    writes = play(seed).writes
    for fate in FATES:
        play(seed, {random.Random(f"{seed} {fate}").randint(1, writes): fate})


def test_the_same_seed_plays_the_same_play() -> None:
    assert play(7, {3: "late"}) == play(7, {3: "late"})


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_found(bug: str) -> None:
    assert found(bug, seeds=30) is not None


def test_the_paper_names_every_planted_bug_and_what_found_it() -> None:
    paper = PAPER.read_text()
    for bug in BUGS:
        assert f"| {bug} | " in paper
    assert "not found" not in paper
    assert "## What was untrue\nNothing." in paper
