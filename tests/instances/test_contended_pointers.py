"""Administrators who save at the same moment, on the real engine: parts, strings, an uninstall."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.errors import Clash, ServiceUnreachable
from app.instances.pointers import InstancePointers
from app.instances.reference import InstanceReference
from app.instances.table import Change, Equals, InstanceTable
from app.vault.keys import KeyIds
from app.vault.shelf import Shelf
from app.vault.vault import Vault
from app.words import Generation, InstanceId, Secret
from tests.stand_ins.kms import INSTANCE, SETTINGS, StrictKms
from tests.stand_ins.site_storage import InMemorySiteStorage

ONE, G1 = InstanceId("one"), Generation("g1")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
PARTS = ("assets-access", "consent", "entra", "import", "requests", "visibility")


class Site:
    """One instance, whose administrators each talk to a process of their own."""

    def __init__(self, table: InstanceTable) -> None:
        self.table = table
        self.kms = StrictKms()
        self.storage = InMemorySiteStorage()
        table.create(InstanceReference(ONE, "connect", "installed", G1))

    def shelf(self) -> Shelf:
        ids = KeyIds(SETTINGS, INSTANCE)
        vault = Vault("worker", self.kms, ids, "com.example.app", lambda: NOW, os.urandom)
        return vault.shelf(ONE, G1, self.storage, InstancePointers(self.table, ONE))

    def reads(self) -> dict[str, str]:
        found = {name: self.shelf().open(name) for name in PARTS}
        return {name: value.reveal_text() for name, value in found.items() if value is not None}

    def check_nothing_lies_about(self) -> None:
        self.shelf().reseal()
        self.shelf().sweep()
        reference = self.table.read(ONE)
        assert reference is not None
        named = {f"{G1}.{name}.{entry['version']}" for name, entry in reference.part_keys.items()}
        assert set(self.storage.properties) == named


@pytest.fixture
def site(table: InstanceTable) -> Site:
    return Site(table)


def at_once(*calls: Callable[[], object]) -> list[str]:
    """The outcome of each: `done`, or the name of its error."""
    start = threading.Barrier(len(calls))
    outcomes = [""] * len(calls)

    def run(number: int, call: Callable[[], object]) -> None:
        start.wait()
        try:
            call()
        except (Clash, ServiceUnreachable) as error:
            outcomes[number] = type(error).__name__
        else:
            outcomes[number] = "done"

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def saving(site: Site, name: str, value: str) -> Callable[[], object]:
    shelf = site.shelf()
    return lambda: shelf.save({name: Secret(value)})


def test_different_parts_never_stand_in_each_others_way(site: Site) -> None:
    site.shelf().save({"consent": Secret("before")})
    outcomes = at_once(*(saving(site, name, f"{name} now") for name in PARTS))
    assert outcomes == ["done"] * len(PARTS)
    assert site.reads() == {name: f"{name} now" for name in PARTS}
    site.check_nothing_lies_about()


def test_of_those_who_save_one_part_at_once_each_is_told_the_truth(site: Site) -> None:
    for number in range(5):
        seen = site.shelf().versions()
        values = [f"{number} by {who}" for who in range(6)]
        shelves = [site.shelf() for _ in values]
        calls = [
            lambda shelf=shelf, value=value, seen=seen: shelf.save({"consent": Secret(value)}, seen)
            for shelf, value in zip(shelves, values, strict=True)
        ]
        outcomes = at_once(*calls)
        assert sorted(outcomes) == ["Clash"] * 5 + ["done"]
        assert site.reads() == {"consent": values[outcomes.index("done")]}
    site.check_nothing_lies_about()


def test_a_string_that_changes_among_saves_leaves_everything_readable(site: Site) -> None:
    site.shelf().save({name: Secret("before") for name in PARTS})
    for number in range(4):
        before, changing = site.reads(), site.shelf()
        outcomes = at_once(
            *(saving(site, name, f"{name} {number}") for name in PARTS[:4]),
            lambda changing=changing: changing.forget(["encryption-string"]),
        )
        assert set(outcomes) <= {"done", "Clash"}
        told = dict(zip(PARTS[:4], outcomes, strict=False))
        wanted = {name: f"{name} {number}" for name, outcome in told.items() if outcome == "done"}
        assert site.reads() == {**before, **wanted}
    site.check_nothing_lies_about()


def test_an_uninstall_among_saves_leaves_no_key_behind(site: Site) -> None:
    site.shelf().save({name: Secret("before") for name in PARTS})
    over = Change(
        {("state",): "uninstalled", ("part_keys",): {}}, (), [Equals(("generation",), G1)]
    )
    outcomes = at_once(
        *(saving(site, name, "now") for name in PARTS), lambda: site.table.change(ONE, over)
    )
    assert outcomes[-1] == "done"
    assert set(outcomes) <= {"done", "Clash"}
    reference = site.table.read(ONE)
    assert reference is not None
    assert reference.part_keys == {}
