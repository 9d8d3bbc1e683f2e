"""Many at once: one loads for all, one saver wins, readers always see a whole version."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.errors import ServiceUnreachable
from app.vault.keys import KeyIds
from app.vault.remembered import Remembered
from app.words import Secret
from tests.stand_ins.kms import INSTANCE, SETTINGS
from tests.vault.world import SetClock, World, text_of

PARTS = ["assets-access", "entra", "import", "visibility", "requests", "consent"]


@pytest.fixture
def world() -> World:
    made = World()
    made.shelf().save({name: Secret(name) for name in PARTS})
    made.kms.log.clear()
    made.site.calls.clear()
    made.table.calls.clear()
    return made


def together(count: int, call: Callable[[], object]) -> list[object]:
    start = threading.Barrier(count)
    found: list[object] = []

    def run() -> None:
        start.wait()
        found.append(call())

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_c4_fifty_first_requests_at_once_make_the_calls_of_one(world: World) -> None:
    shelf = world.shelf()
    found = together(50, lambda: text_of(shelf.open("consent")))
    assert found == ["consent"] * 50
    decrypted = [call.context["part"] for call in world.kms.log if call.operation == "Decrypt"]
    # The part's outer key once; of the Encryption String its outer and its inner key once.
    assert sorted(decrypted) == ["consent", "encryption-string", "encryption-string"]
    assert world.site.calls == {"read": 2}


def test_c5_a_cold_page_takes_three_rounds_of_calls(world: World) -> None:
    """The reference; then properties and outer keys all at once; then the string's inner key."""
    full_names = KeyIds(world.kms.key(SETTINGS).arn, world.kms.key(INSTANCE).arn)
    vault = world.vault(key_ids=full_names)
    shelf = world.shelf(vault=vault)
    second_round = 2 * (len(PARTS) + 1)
    all_at_once = threading.Barrier(second_round, timeout=10)
    arrived = itertools.count(1)

    def pause() -> None:
        if next(arrived) <= second_round:
            all_at_once.wait()  # breaks if one of these waits for another of them

    world.kms.pause = world.site.pause = pause
    shelf.prepare(PARTS)
    assert next(arrived) == second_round + 2
    assert [text_of(shelf.open(name)) for name in PARTS] == PARTS


def test_those_who_wait_share_the_failure_of_the_one_who_asked() -> None:
    remembered, entered, go = Remembered(SetClock()), threading.Event(), threading.Event()
    loads: list[int] = []

    def load() -> str:
        loads.append(1)
        entered.set()
        go.wait(5)
        raise ServiceUnreachable

    def ask() -> str:
        try:
            return remembered.get(("k",), load)
        except ServiceUnreachable:
            return "failed"

    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(ask())) for _ in range(5)]
    threads[0].start()
    entered.wait(5)
    for thread in threads[1:]:
        thread.start()
    while any(thread.is_alive() for thread in threads[1:]) and len(loads) == 1:
        go.set()
    for thread in threads:
        thread.join()
    assert found == ["failed"] * 5
    assert not remembered.has(("k",))


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first() -> None:
    remembered = Remembered(SetClock(), at_most=3)
    for number in range(5):
        remembered.get((number,), lambda: "x")
    assert [remembered.has((number,)) for number in range(5)] == [False, False, True, True, True]


def test_stale_values_are_let_go_when_something_new_comes() -> None:
    clock = SetClock()
    remembered = Remembered(clock, keep=timedelta(seconds=1))
    remembered.get(("old",), lambda: "x")
    clock.forward(2)
    remembered.get(("new",), lambda: "y")
    assert list(remembered._kept) == [("new",)]


def test_of_many_who_save_at_once_one_wins_and_the_rest_clash(world: World) -> None:
    seen = world.shelf().versions()

    def save() -> str:
        try:
            world.shelf().save({"consent": Secret("mine")}, seen)
        except Exception as error:  # noqa: BLE001 - the kind is what is asked for
            return type(error).__name__
        return "won"

    assert sorted(map(str, together(8, save))) == ["Clash"] * 7 + ["won"]
    assert text_of(world.shelf().open("consent")) == "mine"
    assert len(world.site.properties) == len(PARTS) + 1


def test_readers_see_a_whole_version_while_others_save(world: World) -> None:
    done = threading.Event()
    wrong: list[object] = []

    def read() -> None:
        shelf = world.shelf()
        while not done.is_set():
            found = text_of(shelf.open("consent"))
            if found is None or not found.startswith(("consent", "version ")):
                wrong.append(found)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(20):
        world.shelf().save({"consent": Secret(f"version {number}")})
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
