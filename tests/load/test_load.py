"""A slice of the load proof: a bad night for a few instances, and planted bugs that it finds."""

from __future__ import annotations

import pytest

from app import logs
from tests.load import paper, prove
from tests.load.bugs import BUGS
from tests.load.play import Night, play
from tests.load.truth import untruths
from tests.stand_ins.table import InMemoryTable

SMALL = Night(
    10, seed=3, hours=1, workers=2, troubled=0.4, throttled=(range(310, 330),),
    no_keys=(range(335, 345),), no_queue=(range(300, 305),), unruly=0.1, poisoned=2, kills=(320.0,),
    pressing=330.0,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logs.configure("CRITICAL")


def test_in_a_bad_night_what_was_accepted_ends_once_and_says_how() -> None:
    played = play(SMALL, InMemoryTable())
    assert list(untruths(played)) == []
    assert len(played.table.fates) >= 8


def test_the_same_seed_plays_the_same_night() -> None:
    night = Night(6, seed=5, hours=1, workers=2, crew=4)
    one, another = play(night, InMemoryTable()), play(night, InMemoryTable())
    assert one.table.fates == another.table.fates
    assert one.time.handovers == another.time.handovers


@pytest.mark.parametrize("bug", ["a message that may not have been sent is not sent again"])
def test_a_planted_bug_is_found(bug: str) -> None:
    with BUGS[bug]():
        assert list(untruths(play(SMALL, InMemoryTable()))) != []


def test_the_papers_table_has_a_line_for_each_night() -> None:
    night = prove.told("quiet", Night(2, hours=1, workers=1))
    assert "2 succeeded" in paper._row(night)
