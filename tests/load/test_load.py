"""A slice of the load proof: a bad night for a few instances, and planted bugs that it finds."""

from __future__ import annotations

import pytest

from app import logs
from tests.load import paper, prove
from tests.load.bugs import BUGS
from tests.load.play import Night, Played, play
from tests.load.truth import untruths
from tests.stand_ins.table import InMemoryTable

SMALL = Night(
    10, seed=3, hours=1, workers=2, troubled=0.4, throttled=(range(310, 330),),
    no_keys=(range(335, 345),), no_queue=(range(300, 305),), unruly=0.1, poisoned=2, kills=(320.0,),
    pressing=(240.0, 330.0),
)  # fmt: skip
FROZEN = Night(6, seed=5, hours=1, lasts=700, workers=2, crew=4, freezes=((310.0, 48.0),))


@pytest.fixture(autouse=True, scope="module")
def _quiet() -> None:
    logs.configure("CRITICAL")


@pytest.fixture(scope="module")
def frozen() -> Played:
    return play(FROZEN, InMemoryTable())


def test_in_a_bad_night_what_was_accepted_ends_once_and_says_how() -> None:
    played = play(SMALL, InMemoryTable())
    assert list(untruths(played)) == []
    assert len(played.table.fates) >= 8


def test_a_worker_that_stood_still_writes_nothing_once_its_run_is_anothers(frozen: Played) -> None:
    assert any(fate.taken > 1 for fate in frozen.table.fates.values())
    assert list(untruths(frozen)) == []


def test_the_same_seed_plays_the_same_night(frozen: Played) -> None:
    again = play(FROZEN, InMemoryTable())
    assert again.table.fates == frozen.table.fates
    assert again.time.handovers == frozen.time.handovers


@pytest.mark.parametrize(
    ("night", "bug"),
    [
        (SMALL, "a message that may not have been sent is not sent again"),
        (FROZEN, "two workers may hold the same run"),
    ],
)
def test_a_planted_bug_is_found(night: Night, bug: str) -> None:
    with BUGS[bug]():
        assert list(untruths(play(night, InMemoryTable()))) != []


def test_the_papers_table_has_a_line_for_each_night() -> None:
    night = prove.told("quiet", Night(2, hours=1, workers=1))
    assert "2 succeeded" in paper._row(night)


def test_the_paper_names_every_planted_bug_and_what_found_it() -> None:
    written = prove.PAPER.read_text()
    for bug in BUGS:
        assert f"| {bug} | " in written
    assert "not found" not in written
    assert "## What was untrue\nNothing." in written
