"""Whatever one instance does, the tick, the worker and a start go on with the next one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.imports.desk.schedule import Scheduler
from app.imports.legs.local_runner import LocalRunner
from app.imports.legs.queue_runner import QueueRunner, Received
from app.imports.legs.worker import MOST_FAILURES, Outcome
from app.instances.reference import InstanceReference
from app.instances.table import Change
from app.words import InstanceId
from tests.stand_ins.entra_directory import Person
from tests.stand_ins.import_world import START, ImportWorld

BAD = InstanceId("instance-0")


def breaks_for_one(method: Callable[..., object]) -> Callable[..., object]:
    def called(instance: InstanceReference, *more: object) -> object:
        if instance.instance_id == BAD:
            raise ZeroDivisionError
        return method(instance, *more)

    return called


def two_instances() -> ImportWorld:
    world = ImportWorld()
    world.graph.people_by_id = {"p1": Person("p1", "P 1")}
    world.table.create(replace(world.instance, instance_id=BAD))
    return world


@pytest.mark.parametrize("broken", ["rules", "missing", "consented", "history"])
def test_a_tick_starts_the_others(broken: str) -> None:
    world = two_instances()
    world.rule(schedule={"every": "hour", "at": "00:15"})
    for instance_id in (BAD, world.instance.instance_id):
        due = Change(set={("import_due_at",): "2026-11-18T00:00:00Z"})
        world.table.change(instance_id, due)
    world.run()  # an ended run, so that its history is looked at
    method = getattr(world.connected, broken)
    setattr(world.connected, broken, breaks_for_one(method))
    scheduler = Scheduler(world.table, world.connected, world.desk)
    assert scheduler.tick(START) >= 1
    found = world.table.read(world.instance.instance_id)
    assert found is not None
    assert found.run is not None
    assert found.run["state"] == "queued"


def test_a_sweep_that_breaks_does_not_stop_the_tick() -> None:
    world = two_instances()
    world.rule(schedule={"every": "hour", "at": "00:15"})
    world.table.change(BAD, Change(set={("run",): {"state": "running", "lease": "no time"}}))
    due = Change(set={("import_due_at",): "2026-11-18T00:00:00Z"})
    world.table.change(world.instance.instance_id, due)
    assert Scheduler(world.table, world.connected, world.desk).tick(START) == 1


def test_a_start_of_the_process_resumes_the_others() -> None:
    world = two_instances()
    world.start()
    world.table.change(BAD, Change(set={("run",): {"state": "queued", "id": "r", "fence": "?"}}))
    world.queue.messages.clear()
    world.desk.resume_all()
    assert len(world.queue.messages) == 1


@pytest.mark.parametrize("broken", ["tidy", "history"])
def test_a_bug_before_the_leg_ends_the_run_in_the_end(broken: str) -> None:
    world = two_instances()
    world.start()
    asked = []

    def bug(instance: InstanceReference) -> None:
        asked.append(instance)
        raise ZeroDivisionError

    setattr(world.connected, broken, bug)
    world.work_off()
    assert len(asked) == MOST_FAILURES
    found = world.table.read(world.instance.instance_id)
    assert found is not None
    assert found.run is not None
    assert (found.run["state"], found.run["stop"]) == ("failed", "unexpected")


def test_a_message_whose_run_cannot_even_be_read_is_dropped_and_the_run_swept() -> None:
    world = two_instances()
    world.start()
    world.table.change(world.instance.instance_id, Change(set={("run", "fence"): "?"}))
    world.work_off()
    world.clock.wait(6 * 3600)
    found = world.table.read(world.instance.instance_id)
    assert found is not None
    swept = world.desk.sweep(found)
    assert swept.run is not None
    assert (swept.run["state"], swept.run["stop"]) == ("failed", "no_progress")


class Breaks:
    """A worker with a bug that nothing in it catches."""

    def __init__(self) -> None:
        self.worked: list[str] = []

    def work(self, message: str | bytes) -> Outcome:
        self.worked.append(str(message))
        raise ZeroDivisionError

    def stop(self) -> None:
        return


class Box:
    """Gives one message, then has a bug itself, then ends the runner."""

    def __init__(self) -> None:
        self.extended: list[float] = []
        self.asked = 0
        self.runner: QueueRunner | None = None

    def receive(self, visible_again: int) -> Received | None:
        self.asked += 1
        if self.asked == 1:
            return Received("one", "handle")
        assert self.runner is not None
        self.runner.stop()
        raise ZeroDivisionError

    def extend(self, received: Received, seconds: float) -> None:
        self.extended.append(seconds)

    def delete(self, received: Received) -> None:
        raise AssertionError("a message that failed comes back")


def test_a_bug_in_the_worker_or_the_queue_does_not_end_the_process() -> None:
    box, worker = Box(), Breaks()
    box.runner = QueueRunner(box, worker)  # type: ignore[arg-type]
    box.runner.run()
    assert worker.worked == ["one"]
    assert box.asked == 2
    assert box.extended[0] > 0  # not at once: it must not be knocked at without a rest


def test_a_bug_inside_the_process_leaves_the_next_group_its_turn() -> None:
    world = two_instances()
    runner = LocalRunner(1)
    runner.attach(world.worker)
    run_id = world.start()
    runner.put("no message at all", BAD)
    runner.put(world.queue.messages[0], world.instance.instance_id)
    assert runner.drain(30)
    runner.close()
    assert world.desk.get(world.instance, run_id)["state"] == "succeeded"
