"""What was accepted comes to its end, whatever the table, the queue or a silent site does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from app.errors import Problem, ServiceUnreachable, SlowDown
from app.imports.desk.schedule import ROUND, Scheduler, share_of
from app.instances.reference import InstanceReference
from app.instances.table import Change
from app.words import InstanceId
from tests.stand_ins.entra_directory import Person
from tests.stand_ins.import_world import START, ImportWorld

DUE = "2026-11-21T07:00:00Z"


def scheduled(world: ImportWorld) -> Scheduler:
    world.rule(schedule={"every": "day", "at": "02:00"})
    world.table.change(
        world.instance.instance_id,
        Change(set={("import_due_at",): DUE, ("region",): "eu-central-1"}),
    )
    return Scheduler(world.table, world.connected, world.desk, region="eu-central-1")


def now_of(world: ImportWorld) -> InstanceReference:
    found = world.table.read(world.instance.instance_id)
    assert found is not None
    return found


def state_of(world: ImportWorld) -> str | None:
    run = now_of(world).run
    return None if run is None else str(run["state"])


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_due_time_never_passes_without_its_run(when: str) -> None:
    """Whichever write of the tick fails: both moved, or none did and it is tried again."""
    for number in range(1, 4):
        world = ImportWorld()
        scheduler = scheduled(world)
        real, count = world.table.change, iter(range(1, 100))

        def change(instance_id: InstanceId, change: Change) -> InstanceReference | None:
            fails = next(count) == number  # noqa: B023 - used up within the turn
            if fails and when == "before":
                raise ServiceUnreachable
            done = real(instance_id, change)  # noqa: B023
            if fails:
                raise ServiceUnreachable
            return done

        world.table.change = change  # type: ignore[method-assign]
        scheduler.tick(START)
        for _ in range(3):
            world.clock.wait(15 * 60)
            scheduler.tick(world.clock())
        world.work_off()
        assert [each["state"] for each in world.desk.list(world.instance)] == ["succeeded"]
        assert now_of(world).import_due_at == "2026-11-22T02:00:00Z"


def test_a_claim_whose_answer_was_lost_is_known_by_its_run() -> None:
    world = ImportWorld()
    real = world.table.change

    def twice(instance_id: InstanceId, change: Change) -> InstanceReference | None:
        real(instance_id, change)  # the SDK asks again where no answer came
        return real(instance_id, change)

    world.table.change = twice  # type: ignore[method-assign]
    world.start()
    assert len(world.queue.messages) == 1


@dataclass
class Closed:
    """A queue that takes nothing for a while."""

    messages: list[str]
    closed: bool = True

    def put(self, message: str, group: str, delay: float = 0.0) -> None:
        if self.closed:
            raise ServiceUnreachable
        self.messages.append(message)


def test_a_scheduled_run_that_the_queue_did_not_take_is_sent_later() -> None:
    world = ImportWorld()
    scheduler, queue = scheduled(world), Closed(world.queue.messages)
    world.desk._dispatch._queue = queue
    assert scheduler.tick(START) == 1
    assert (state_of(world), queue.messages) == ("queued", [])
    queue.closed = False
    world.clock.wait(5 * 60)
    scheduler.tick(world.clock())
    world.work_off()
    assert state_of(world) == "succeeded"


def test_messages_of_a_run_that_waits_for_its_turn_come_ever_less_often() -> None:
    world = ImportWorld()
    scheduler = scheduled(world)
    scheduler.tick(START)
    for _ in range(6 * 60 - 1):
        world.clock.wait(60)
        scheduler.tick(world.clock())
    assert state_of(world) == "queued"
    assert len(world.queue.messages) == 8  # at 0, 5, 10, 20, 40, 80, 160 and 320 minutes
    world.clock.wait(60)
    scheduler.tick(world.clock())
    (run,) = world.desk.list(world.instance)
    assert (run["state"], run["reason"]) == ("failed", "no_progress")
    world.work_off()
    assert world.graph.calls == []


def test_a_run_whose_message_came_twice_runs_once() -> None:
    world = ImportWorld()
    world.start()
    world.queue.messages *= 3
    world.work_off()
    assert [each["state"] for each in world.desk.list(world.instance)] == ["succeeded"]
    assert world.graph.calls.count("people") == 1


def test_a_site_that_does_not_answer_is_asked_again_a_quarter_of_an_hour_later() -> None:
    world, asked = ImportWorld(), list[datetime]()
    scheduler = scheduled(world)

    def silent(instance: InstanceReference) -> None:
        asked.append(world.clock())
        raise ServiceUnreachable

    real, world.connected.rules = world.connected.rules, silent  # type: ignore[method-assign]
    for _ in range(31):
        scheduler.tick(world.clock())
        world.clock.wait(60)
    assert [(at - START).total_seconds() / 60 for at in asked] == [0, 15, 30]
    world.connected.rules = real  # type: ignore[method-assign]
    world.clock.wait(15 * 60)
    assert scheduler.tick(world.clock()) == 1


def test_an_import_that_the_index_does_not_know_is_found_when_all_are_looked_after() -> None:
    world = ImportWorld()
    scheduler = scheduled(world)
    world.table.change(world.instance.instance_id, Change(set={("region",): "elsewhere"}))
    shares = [share_of(START.replace(minute=minute)) for minute in range(ROUND)]
    assert sum(scheduler.tick(START, share) for share in shares) == 1


def test_what_is_due_is_started_whoever_is_looked_after() -> None:
    world = ImportWorld()
    for number in range(2, 12):
        found = replace(world.instance, instance_id=InstanceId(f"instance-{number}"))
        world.table.create(replace(found, region="eu-central-1", import_due_at=DUE))
    assert scheduled(world).tick(START, share_of(START)) == 11


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"instance":"","generation":"g","run":"r","leg":1}']
)
def test_a_message_that_nobody_can_read_is_dropped(body: str) -> None:
    world = ImportWorld()
    assert world.worker.work(body).again is None


def test_a_throttled_table_does_not_cost_a_leg_that_waits() -> None:
    world, asked = ImportWorld(), list[str]()
    world.start()
    (message,) = world.queue.messages

    def throttled(call: str) -> None:
        asked.append(call)
        if asked.count("graph.people.0") == 1 and call == "graph.people.0":
            raise SlowDown(retry_after=20)

    world.graph.before = throttled
    assert world.worker.work(message).again == 20
    world.clock.wait(20)
    world.table.fail("change", "before")
    assert world.worker.work(message).again == 5
    world.work_off()
    run = now_of(world).run
    assert run is not None
    assert (run["state"], run["fence"]) == ("succeeded", 1001)  # the first attempt of the first leg


def test_a_table_that_is_throttled_for_minutes_ends_no_run() -> None:
    world = ImportWorld()
    world.graph.people_by_id = {f"p{n}": Person(f"p{n}", f"P {n}") for n in range(12)}
    real, down = world.table.read, range(2, 20 * 60)

    def read(instance_id: InstanceId) -> InstanceReference | None:
        if int((world.clock() - START).total_seconds()) in down:
            raise ServiceUnreachable
        return real(instance_id)

    world.start()
    world.graph.before = lambda call: world.clock.wait(1.6)
    world.table.read = read  # type: ignore[method-assign]
    world.work_off()
    assert world.clock() > START + timedelta(minutes=20)
    assert state_of(world) == "succeeded"


def test_settings_that_cannot_be_read_for_long_are_told_as_the_apps_own_fault() -> None:
    world = ImportWorld()
    run_id = world.start()

    def down(instance: InstanceReference) -> list[Problem]:
        raise ServiceUnreachable

    world.connected.missing = down  # type: ignore[method-assign]
    world.work_off()
    run = world.desk.get(world.instance, run_id)
    assert (run["state"], run["reason"]) == ("failed", "app_failed")
    assert world.clock() > START + timedelta(minutes=25)
