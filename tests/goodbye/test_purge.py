"""A silent site is erased only when two identities of the vendor's want it within a week."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from app.errors import AppError, Clash, NotThere
from app.goodbye.purge import Purge, staff_id
from app.instances.lives import revived
from app.instances.reference import stamp
from app.instances.table import Change
from tests.goodbye.world import Goodbyes, name

ANNA, BEN = (f"arn:aws:iam::111122223333:user/{who}" for who in ("anna", "ben"))
WHY = "TICKET-7"


@pytest.fixture
def silent(goodbyes: Goodbyes) -> Goodbyes:
    goodbyes.install(state="silent", silent_since=stamp(goodbyes.now))
    return goodbyes


def ask(world: Goodbyes, who: str, days: float = 0.0, letter: str = "a") -> Any:
    purge = Purge(world.table, world.eraser())
    return purge.ask(name(letter), who, WHY, world.now + timedelta(days=days))["outcome"]


def test_the_first_wish_changes_nothing_but_to_be_there_without_a_name(silent: Goodbyes) -> None:
    before = silent.read()
    assert ask(silent, ANNA) == "wished"
    after = silent.read()
    assert after.purge == {"staff_id": staff_id(ANNA), "asked_at": stamp(silent.now)}
    assert "anna" not in json.dumps(after.purge)
    assert (after.state, after.part_keys) == (before.state, before.part_keys)


def test_a_second_identity_within_a_week_erases_it_with_a_receipt(silent: Goodbyes) -> None:
    ask(silent, ANNA)
    assert ask(silent, BEN, 6.9) == "erased"
    stone = silent.read()
    assert (stone.state, stone.part_keys, stone.connect_secret) == ("erased", {}, None)
    ((_, receipt),) = silent.checked().items()
    assert receipt.told["cause"] == "purged"
    assert "anna" not in json.dumps(receipt.told)


def test_the_same_identity_again_is_refused_and_the_wish_stays_as_old_as_it_was(
    silent: Goodbyes,
) -> None:
    ask(silent, ANNA)
    with pytest.raises(Clash):
        ask(silent, ANNA, 3)
    assert (silent.read().purge or {})["asked_at"] == stamp(silent.now)


def test_after_a_week_a_wish_is_none_and_the_second_becomes_the_first(silent: Goodbyes) -> None:
    ask(silent, ANNA)
    assert ask(silent, BEN, 7) == "wished"
    assert ask(silent, ANNA, 8) == "erased"


@pytest.mark.parametrize("state", ["installed", "uninstalled"])
def test_what_is_not_silent_is_not_purged(goodbyes: Goodbyes, state: str) -> None:
    goodbyes.install(state=state)
    with pytest.raises(Clash):
        ask(goodbyes, ANNA)
    assert goodbyes.read().purge is None


def test_what_is_unknown_or_erased_already_is_not_purged(silent: Goodbyes) -> None:
    with pytest.raises(NotThere):
        ask(silent, ANNA, letter="z")
    ask(silent, ANNA)
    ask(silent, BEN)
    with pytest.raises(Clash):
        ask(silent, ANNA)


def test_a_sign_of_life_between_the_two_ends_it(silent: Goodbyes) -> None:
    ask(silent, ANNA)
    silent.table.change(name("a"), revived(silent.read(), silent.now))
    with pytest.raises(Clash):
        ask(silent, BEN, 1)
    later = stamp(silent.now + timedelta(days=2))
    change = Change({("state",): "silent", ("silent_since",): later})
    silent.table.change(name("a"), change)
    assert ask(silent, BEN, 3) == "wished"


def test_many_at_once_leave_one_wish_and_erase_once(silent: Goodbyes) -> None:
    def try_it(who: str) -> str:
        try:
            return str(ask(silent, who))
        except AppError as fault:
            return type(fault).__name__

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(try_it, [ANNA] * 4))
    assert sorted(told) == ["Clash", "Clash", "Clash", "wished"]
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(try_it, [BEN] * 4))
    assert sorted(told) == ["Clash", "Clash", "Clash", "erased"]
    assert len(silent.checked()) == 1


def test_an_identity_is_told_apart_by_all_of_its_name_and_shown_by_none_of_it() -> None:
    role = "arn:aws:sts::111122223333:assumed-role/vendor/"
    ids = {staff_id(ANNA), staff_id(BEN), staff_id(role + "anna"), staff_id(role + "ben")}
    assert len(ids) == 4
    assert all(len(each) == 32 for each in ids)
