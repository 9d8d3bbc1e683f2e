"""The cache in front of the table: 1.5 seconds at most, and never older than what we know."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.instances.directory import Directory
from app.instances.reference import InstanceReference
from app.instances.table import Change
from app.words import Generation, InstanceId
from tests.stand_ins.clock import StoppedClock
from tests.stand_ins.table import InMemoryTable

ONE = InstanceId("one")


class SlowTable(InMemoryTable):
    """Calls back between reading and answering."""

    meanwhile: Callable[[], None] | None = None

    def read(self, instance_id: InstanceId) -> InstanceReference | None:
        found = super().read(instance_id)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return found


def world() -> tuple[SlowTable, StoppedClock, Directory]:
    table, clock = SlowTable(), StoppedClock()
    table.create(InstanceReference(ONE, "connect", "installed", Generation("g1")))
    return table, clock, Directory(table, clock)


def silence(table: InMemoryTable) -> None:
    table.change(ONE, Change({("state",): "silent"}))


def state(directory: Directory) -> str:
    found = directory.find(ONE)
    assert found is not None
    return found.state


def test_within_its_time_the_table_is_asked_once() -> None:
    table, clock, directory = world()
    for _ in range(5):
        directory.find(ONE)
        clock.pass_(seconds=0.2)
    assert table.calls["read"] == 1


def test_after_its_time_a_change_is_seen() -> None:
    table, clock, directory = world()
    assert state(directory) == "installed"
    silence(table)
    assert state(directory) == "installed"
    clock.pass_(seconds=1.5)
    assert state(directory) == "silent"


def test_what_was_forgotten_is_asked_for_at_once() -> None:
    table, _, directory = world()
    assert state(directory) == "installed"
    silence(table)
    directory.forget(ONE)
    assert state(directory) == "silent"


def test_a_read_that_began_before_the_forgetting_is_not_kept() -> None:
    table, _, directory = world()

    def change_and_forget() -> None:
        silence(table)
        directory.forget(ONE)

    table.meanwhile = change_and_forget
    assert state(directory) == "installed"  # what was read is given, but not kept
    assert state(directory) == "silent"


def test_an_unknown_instance_is_remembered_as_unknown() -> None:
    table, _, directory = world()
    for _ in range(3):
        assert directory.find(InstanceId("nobody")) is None
    assert table.calls["read"] == 1


def test_many_threads_may_ask_at_once() -> None:
    _, _, directory = world()
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(state(directory))) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == ["installed"] * 8
