"""F: what must not happen when a site leaves, comes back, or vanishes without a word."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from app.instances.identity import instance_id
from app.instances.reference import InstanceReference, stamp
from app.kept import AFTER_UNINSTALL, TOMBSTONES
from app.settings import read_settings
from app.wiring.rooms import Rooms
from app.wiring.silence import SilenceWatch
from app.words import InstanceId
from tests.abuse.house import ENVIRON, House
from tests.goodbye.test_silence import Days
from tests.goodbye.world import Goodbyes
from tests.stand_ins.atlassian import (
    APP_KEY,
    AT,
    install_body,
    lifecycle_token,
    uninstall_body,
)
from tests.stand_ins.chain import InMemoryChain
from tests.stand_ins.wire import Reply
from tests.vault.interrupting import Crash, Interruption

A, B = (instance_id("connect", APP_KEY, "production", f"client-{each}") for each in "ab")
STAYS = {"instance_id", "door", "generation", "state", "erased_at", "receipt"}
DUE = AFTER_UNINSTALL.days


@pytest.fixture
def after(house: House, tmp_path: Path) -> Goodbyes:
    """What becomes of the two sites after they leave."""
    world = Goodbyes(tmp_path / "receipts", house.table, InMemoryChain(house.table))
    world.now = house.clock.now
    return world


def of(house: House, which: InstanceId = A) -> InstanceReference:
    found = house.table.read(which)
    assert found is not None
    return found


def tell(house: House, kind: str, days: int) -> int:
    """What Atlassian sends of the first site, so many days after its installation."""
    at, path = AT + days * 86_400, f"/connect/{kind}"
    token = lifecycle_token(path, iat=at, exp=at + 180)
    body = install_body() if kind == "installed" else uninstall_body()
    return house.event(kind, body, token).status_code


def held(reference: InstanceReference) -> set[str]:
    return {each.name for each in fields(reference) if getattr(reference, each.name)}


# --- F1


def test_F1_a_site_that_came_back_before_the_cleanup_is_not_touched_by_it(
    house: House, after: Goodbyes
) -> None:
    assert house.uninstall().status_code == 204
    house.clock.pass_(days=3)
    assert tell(house, "installed", 3) == 204
    before = of(house)
    assert after.clean(DUE + 40).erased == []
    assert of(house) == before


def test_F1_nor_one_that_comes_back_while_the_cleanup_is_at_it(
    house: House, after: Goodbyes
) -> None:
    """The install lands between the cleanup's look and its transaction."""
    house.uninstall()
    house.clock.pass_(days=DUE)
    real = after.chain

    class Late:
        def head(self) -> Any:
            return real.head()

        def append(self, *how: Any) -> bool:
            assert tell(house, "installed", DUE) == 204
            return real.append(*how)

    summary = after.cleanup(chain=Late()).run(house.clock.now)
    assert (summary.erased, summary.left) == ([], [])
    assert of(house).state == "installed"
    assert of(house).connect_secret is not None
    assert real.head() is None
    assert not after.folder.exists()


def test_F1_a_site_that_comes_back_after_the_cleanup_begins_anew_and_its_receipt_stays(
    house: House, after: Goodbyes
) -> None:
    old = of(house).generation
    house.uninstall()
    after.clean(DUE)
    house.clock.pass_(days=DUE + 1)
    assert tell(house, "installed", DUE + 1) == 204
    new = of(house)
    assert (new.state, new.part_keys, new.receipt, new.erased_at) == ("installed", {}, None, None)
    assert new.generation != old
    assert [each.told["generation"] for each in after.checked().values()] == [old]


def test_F1_what_is_as_old_as_the_erased_life_begins_none_even_when_the_rest_is_forgotten(
    house: House, after: Goodbyes
) -> None:
    """A kept install call of the first life, and its uninstall, sent once more."""
    house.uninstall()
    after.clean(DUE)
    stone = of(house)
    for send in (house.install, house.uninstall):
        assert send().status_code == 204
        assert of(house) == stone


# --- F2


def test_F2_nothing_goes_before_its_time_and_everything_at_it(
    house: House, after: Goodbyes
) -> None:
    house.uninstall()
    due = of(house).erase_due_at
    assert due == stamp(house.clock.now + AFTER_UNINSTALL)
    early = after.cleanup().run(house.clock.now + AFTER_UNINSTALL - timedelta(seconds=1))
    assert (early.erased, early.not_due) == ([], 1)
    assert after.cleanup().run(house.clock.now + AFTER_UNINSTALL).erased == [A]


def test_F2_another_uninstall_does_not_put_the_date_off(house: House) -> None:
    house.uninstall()
    due = of(house).erase_due_at
    house.clock.pass_(days=20)
    assert tell(house, "uninstalled", 20) == 204
    assert of(house).erase_due_at == due


# --- F3


def steps() -> Iterator[tuple[int, str]]:
    """Every call to the table, the chain, the folder and the key, before and after it."""
    for number in range(1, 13):
        yield number, "before"
        yield number, "after"


@pytest.mark.parametrize(("number", "when"), [*steps()])
def test_F3_killed_at_any_step_and_run_again_it_ends_the_same(
    house: House, after: Goodbyes, number: int, when: Any
) -> None:
    for issuer in ("client-a", "client-b"):
        assert house.uninstall(issuer).status_code == 204
    cut = Interruption(number, when, Crash())
    with contextlib.suppress(Crash):
        after.cleanup(
            table=cut.around(after.table),
            chain=cut.around(after.chain),
            receipts=cut.around(after.receipts),
        ).run(after.now + AFTER_UNINSTALL)
    after.clean(DUE)
    assert [held(of(house, each)) for each in (A, B)] == [STAYS, STAYS]
    checked = after.checked()
    assert sorted(each.number for each in checked.values()) == [1, 2]
    for each in (A, B):
        (file,) = after.folder.glob(f"{each}-*.json")
        assert file.read_text() == of(house, each).receipt


# --- F4


class Vanished:
    """A site that answers the app in one way from now on; ticks come once a day."""

    def __init__(self, house: House, answer: Reply | Exception) -> None:
        self.house = house
        house.site_a.fault = lambda _: answer
        rooms = Rooms(read_settings(ENVIRON, descriptor_key=APP_KEY))
        self.watch = SilenceWatch(house.table, Days(), rooms.asker())

    def days(self, count: int) -> InstanceReference:
        for _ in range(count):
            self.house.clock.pass_(days=1)
            self.watch.look(of(self.house), self.house.clock.now)
        return of(self.house)


@pytest.mark.parametrize("status", [401, 404])
def test_F4_a_site_that_says_no_for_days_becomes_silent_and_nothing_more(
    house: House, after: Goodbyes, status: int
) -> None:
    vanished = Vanished(house, Reply(b"", status))
    assert vanished.days(7).state == "installed"
    silent = vanished.days(5)
    assert silent.state == "silent"
    assert silent.connect_secret is not None
    assert after.clean(400).erased == []
    assert of(house) == silent


@pytest.mark.parametrize("answer", [
    Reply(b"", 500), Reply(b"", 502), Reply(b"", 503), Reply(b"", 429), Reply(b"", 403),
    Reply(b"", 302, {"Location": "https://elsewhere.example.com/"}), Reply(b"<html>", 200),
    requests.ConnectionError("gone"), requests.Timeout("late"),
], ids=repr)  # fmt: skip
def test_F4_no_other_answer_ever_counts_and_none_of_them_is_followed(
    house: House, answer: Reply | Exception
) -> None:
    found = Vanished(house, answer).days(60)
    assert (found.state, found.silent_since) == ("installed", None)
    assert house.internet.stray == []


def test_F4_a_person_who_opens_the_page_of_a_silent_site_brings_it_back(house: House) -> None:
    Vanished(house, Reply(b"", 404)).days(14)
    house.site_a.fault = lambda _: None
    at = int(house.clock.now.timestamp())
    assert house.page(iat=at, exp=at + 180).status_code == 200
    found = of(house)
    assert (found.state, found.silent_since) == ("installed", None)


# --- F5


def test_F5_after_the_cleanup_nothing_of_the_instance_remains_but_tombstone_and_receipt(
    house: House, after: Goodbyes
) -> None:
    before = of(house)
    of_a = [before.client_key, before.base_url, before.cloud_id, before.installation_id]
    house.uninstall()
    after.clean(DUE)
    assert held(of(house)) == STAYS
    rest = house.table._items.copy()
    assert len(rest.pop(A)) == len(STAYS)
    assert set(rest) == {B}
    files = "".join(each.read_text() for each in after.folder.iterdir())
    for text in of_a:
        assert text
        assert text not in repr(house.table._items[A])
        assert text not in files
    assert [each.name for each in after.folder.iterdir()] == [f"{A}-{before.generation}.json"]


def test_F5_and_after_sixty_days_only_the_receipt(house: House, after: Goodbyes) -> None:
    house.uninstall()
    after.clean(DUE)
    after.clean(DUE + TOMBSTONES.days)
    assert set(house.table._items) == {B}
    assert len(after.checked()) == 1


def test_F5_the_other_instance_is_byte_for_byte_as_it_was(house: House, after: Goodbyes) -> None:
    before = repr(house.table._items[B])
    house.uninstall()
    after.clean(DUE + TOMBSTONES.days + 1)
    assert repr(house.table._items[B]) == before
