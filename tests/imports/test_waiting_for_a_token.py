"""A run without a valid site token stands still, says so, and goes on when the site sends one."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from app.errors import SiteTokenMissing
from app.imports.run.patience import TOKEN_LOOK
from app.imports.run.reasons import NEXT_STEPS
from app.instances.table import Change
from app.words import Json
from tests.stand_ins.entra_directory import Person
from tests.stand_ins.import_world import START, ImportWorld

CALLS = [
    "imports.links", "assets.search", "assets.count", "imports.start", "imports.submit",
    "imports.status", "assets.update", "graph.people.3",
]  # fmt: skip


class Silence:
    """No site token: each call with it fails, and the history cannot be written either."""

    def __init__(self, world: ImportWorld, call: str) -> None:
        self.world, self.call, self.lasts = world, call, True
        self.begun = False
        self._write, self._read = world.connected.store.write, world.connected.store.read
        world.assets.before = world.graph.before = self._before
        world.connected.store.write = self._written  # type: ignore[method-assign]
        world.connected.store.read = self._was_read  # type: ignore[method-assign]

    def _before(self, name: str) -> None:
        self.begun |= name == self.call
        self._fail()

    def _written(self, content: bytes) -> None:
        self._fail()
        self._write(content)

    def _was_read(self) -> bytes | None:
        self._fail()
        return self._read()

    def _fail(self) -> None:
        if self.begun and self.lasts:
            raise SiteTokenMissing


def world_with_changes() -> ImportWorld:
    world = ImportWorld()
    world.graph.people_by_id = {f"p{n}": Person(f"p{n}", f"P {n}", mail="m") for n in range(8)}
    world.run()
    world.graph.people_by_id["p3"].name = "New name"
    world.graph.people_by_id["p4"].mail = None
    return world


def work_for(world: ImportWorld, seconds: float) -> None:
    until = world.clock() + timedelta(seconds=seconds)
    while world.queue.messages and world.clock() < until:
        again = world.worker.work(world.queue.messages[0]).again
        if again is None:
            world.queue.messages.pop(0)
        else:
            world.clock.wait(max(again, 0.01))


def shown(world: ImportWorld, run_id: str) -> Json:
    return world.desk.get(world.instance, run_id)


@pytest.mark.parametrize("call", CALLS)
def test_a_run_waits_says_so_and_goes_on(call: str) -> None:
    world = world_with_changes()
    silence = Silence(world, call)
    run_id = world.start()
    work_for(world, 1800)
    assert silence.begun
    run = shown(world, run_id)
    assert (run["state"], run["phase"], run["reason"]) == ("running", "waiting", "site_token")
    assert run["next_step"] == NEXT_STEPS["site_token"]
    assert run["ended_at"] is None
    silence.lasts = False
    world.work_off()
    run = shown(world, run_id)
    assert (run["state"], run["reason"], run["next_step"]) == ("succeeded", None, None)
    assert world.assets.state("Person")["p3"]["Name"] == "New name"


def test_nothing_is_slept_while_it_waits() -> None:
    world = world_with_changes()
    naps: list[float] = []
    world.worker._nap = naps.append
    Silence(world, "imports.links")
    world.start()
    assert world.worker.work(world.queue.messages[0]).again == pytest.approx(30)
    assert sum(naps) < 1


def test_the_message_of_a_waiting_run_looks_once_a_minute() -> None:
    world = world_with_changes()
    world.start()
    Silence(world, "imports.links")
    work_for(world, 600)
    world.assets.calls.clear()
    work_for(world, 600)
    assert len(world.assets.calls) <= 600 / TOKEN_LOOK


def test_no_token_until_the_deadline_ends_the_run_with_a_reason() -> None:
    world = world_with_changes()
    silence = Silence(world, "assets.search")
    run_id = world.start()
    world.work_off()
    assert world.clock() - START <= timedelta(hours=6, minutes=1)
    silence.lasts = False
    run = shown(world, run_id)
    assert (run["state"], run["reason"]) == ("failed", "no_site_token")
    assert run["next_step"] == NEXT_STEPS["no_site_token"]
    assert world.assets.writes == world_with_changes().assets.writes


def test_a_waiting_run_can_be_cancelled() -> None:
    world = world_with_changes()
    silence = Silence(world, "assets.search")
    run_id = world.start()
    work_for(world, 600)
    assert world.desk.cancel(world.instance, run_id)["state"] == "cancelled"
    silence.lasts = False
    world.work_off()
    run = shown(world, run_id)
    assert (run["state"], run["phase"], run["reason"]) == ("cancelled", "ended", "cancelled")


def test_a_waiting_run_is_taken_up_by_another_process() -> None:
    world = world_with_changes()
    silence = Silence(world, "assets.search")
    run_id = world.start()
    work_for(world, 600)
    world.worker = world.new_worker()
    work_for(world, 600)
    assert shown(world, run_id)["reason"] == "site_token"
    silence.lasts = False
    world.work_off()
    assert shown(world, run_id)["state"] == "succeeded"


def test_a_waiting_run_ends_with_an_uninstall() -> None:
    world = world_with_changes()
    Silence(world, "assets.search")
    world.start()
    work_for(world, 600)
    gone = Change(set={("state",): "uninstalled"}, remove=[("run",)])
    world.table.change(world.instance.instance_id, gone)
    world.assets.calls.clear()
    world.work_off()
    assert world.assets.calls == []


def test_what_the_run_waits_for_holds_nothing_of_a_person() -> None:
    world = world_with_changes()
    Silence(world, "assets.search")
    world.start()
    work_for(world, 600)
    found = world.table.read(world.instance.instance_id)
    assert found is not None
    assert found.run is not None
    assert found.run["stop"] == "site_token"
    assert "p3" not in json.dumps(dict(found.run))
