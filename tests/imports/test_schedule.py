"""When an import is due, over clock changes too, and the tick that starts it once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.errors import Problem
from app.imports.desk.schedule import Scheduler
from app.imports.run.due import due_after, due_beside
from app.instances.reference import InstanceReference
from app.instances.table import Change
from app.site_settings.documents import Schedule
from tests.stand_ins.import_world import START, ImportWorld


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "now", "due"),
    [
        (Schedule(every="day"), "2026-11-21T01:59:59", "2026-11-21T02:00"),
        (Schedule(every="day"), "2026-11-21T02:00:00", "2026-11-22T02:00"),
        (Schedule(every="hour", at="00:30"), "2026-11-21T08:30", "2026-11-21T09:30"),
        (Schedule(every="hour", at="00:30"), "2026-11-21T08:29", "2026-11-21T08:30"),
        # Half an hour, and three quarters, beside the other zones.
        (Schedule(every="hour", at="00:15", time_zone="Asia/Kolkata"),
         "2026-11-21T08:46", "2026-11-21T09:45"),
        (Schedule(every="hour", at="00:00", time_zone="Asia/Kathmandu"),
         "2026-11-21T08:14", "2026-11-21T08:15"),
        (Schedule(every="week", day="mon"), "2026-11-21T08:00", "2026-11-23T02:00"),
        (Schedule(every="week", day="sat"), "2026-11-21T02:00", "2026-11-28T02:00"),
        # Berlin: winter, summer, the hour that is skipped, the hour that comes twice.
        (Schedule(every="day", time_zone="Europe/Berlin"), "2026-11-21T00:00", "2026-11-21T01:00"),
        (Schedule(every="day", time_zone="Europe/Berlin"), "2026-07-01T00:30", "2026-07-02T00:00"),
        (
            Schedule(every="day", at="02:30", time_zone="Europe/Berlin"),
            "2026-03-29T00:00", "2026-03-29T01:30",
        ),
        (
            Schedule(every="day", at="02:30", time_zone="Europe/Berlin"),
            "2026-10-25T00:00", "2026-10-25T00:30",
        ),
        (
            Schedule(every="day", at="02:30", time_zone="Europe/Berlin"),
            "2026-10-25T00:45", "2026-10-26T01:30",
        ),
        (Schedule(every="day", at="23:00", time_zone="Pacific/Auckland"),
         "2026-11-21T08:00", "2026-11-21T10:00"),
    ],
)  # fmt: skip
def test_the_next_due_time(schedule: Schedule, now: str, due: str) -> None:
    assert due_after(schedule, at(now)) == at(due)


def test_the_next_due_time_is_always_later_and_never_skips_a_day() -> None:
    schedule, now = Schedule(every="day", time_zone="America/New_York"), at("2026-01-01T00:00")
    for _ in range(400):
        due = due_after(schedule, now)
        assert timedelta(0) < due - now <= timedelta(hours=25)
        now = due


def scheduled(world: ImportWorld, due: str | None) -> Scheduler:
    world.rule(schedule={"every": "hour", "at": "00:15"})
    if due:
        world.table.change(world.instance.instance_id, Change(set={("import_due_at",): due}))
    return Scheduler(world.table, world.connected, world.desk)


def test_a_due_import_starts_once_however_often_it_was_missed() -> None:
    world = ImportWorld()
    scheduler = scheduled(world, "2026-11-18T00:00:00Z")
    assert scheduler.tick(START) == 1
    assert scheduler.tick(START) == 0
    assert len(world.queue.messages) == 1
    assert world.desk.list(world.instance)[0]["mode"] == "delta"
    found = world.table.read(world.instance.instance_id)
    assert found is not None
    assert found.import_due_at == "2026-11-21T08:15:00Z"


def test_nothing_starts_before_it_is_due_or_without_a_time() -> None:
    world = ImportWorld()
    assert scheduled(world, "2026-11-21T08:00:01Z").tick(START) == 0
    world = ImportWorld()
    assert scheduled(world, None).tick(START) == 0


def test_a_schedule_that_was_removed_is_not_due_any_more() -> None:
    world = ImportWorld()
    scheduler = scheduled(world, "2026-11-18T00:00:00Z")
    world.rule(schedule=None)
    assert scheduler.tick(START) == 0
    found = world.table.read(world.instance.instance_id)
    assert found is not None
    assert found.import_due_at is None


def test_an_import_that_cannot_start_does_not_stop_the_tick() -> None:
    world = ImportWorld()
    scheduler = scheduled(world, "2026-11-18T00:00:00Z")
    world.connected.consent = False
    assert scheduler.tick(START) == 0
    world.connected.consent = True
    world.clock.wait(15 * 60)
    assert scheduler.tick(world.clock()) == 1


def test_why_no_scheduled_import_began_stands_in_the_history() -> None:
    world = ImportWorld()
    scheduler = scheduled(world, "2026-11-18T00:00:00Z")
    world.connected.consent = False
    scheduler.tick(START)
    (run,) = world.desk.list(world.instance)
    assert (run["state"], run["reason"]) == ("cancelled", "consent_withdrawn")
    world.connected.consent = True
    world.connected.lacking = [Problem("entra", "Connect Entra ID first.")]
    world.clock.wait(3600)
    scheduler.tick(world.clock())
    assert world.desk.list(world.instance)[0]["reason"] == "not_set_up"


def test_a_scheduled_import_begins_although_settings_do_not_open_and_says_so_itself() -> None:
    world = ImportWorld()
    world.connected.unreadable = True
    assert scheduled(world, "2026-11-18T00:00:00Z").tick(START) == 1


def test_a_time_that_comes_while_a_run_is_open_is_caught_up_after_it() -> None:
    world = ImportWorld()
    world.start("full")
    scheduler = scheduled(world, "2026-11-21T07:00:00Z")
    for _ in range(3):
        world.clock.wait(60)
        assert scheduler.tick(world.clock()) == 0
    world.work_off()
    assert scheduler.tick(world.clock()) == 1
    assert scheduler.tick(world.clock()) == 0
    assert [each["mode"] for each in world.desk.list(world.instance)] == ["delta", "full"]


def test_chores_are_done_for_every_installed_instance_and_one_that_fails_stops_nothing() -> None:
    world, seen = ImportWorld(), list[str]()

    def fails(instance: InstanceReference, now: datetime) -> None:
        raise RuntimeError

    def works(instance: InstanceReference, now: datetime) -> None:
        seen.append(instance.instance_id)

    scheduler = Scheduler(world.table, world.connected, world.desk, chores=(fails, works))
    assert scheduler.tick(START) == 0
    assert seen == ["instance-1"]
    world.table.change(world.instance.instance_id, Change(set={("state",): "uninstalled"}))
    scheduler.tick(START)
    assert seen == ["instance-1"]


def test_a_saved_schedule_brings_its_next_time_and_none_takes_it_away() -> None:
    assert due_beside(Schedule(every="day"), START) == {"import_due_at": "2026-11-22T02:00:00Z"}
    assert due_beside(None, START) == {"import_due_at": None}


def unlicensed(world: ImportWorld) -> Scheduler:
    scheduler = scheduled(world, "2026-11-18T00:00:00Z")
    scheduler._licensed = lambda instance: False
    return scheduler


def test_a_scheduled_import_without_a_licence_is_skipped_and_says_so() -> None:
    world = ImportWorld()
    assert unlicensed(world).tick(START) == 0
    assert world.queue.messages == []
    (run,) = world.desk.list(world.instance)
    assert (run["mode"], run["state"], run["reason"]) == ("delta", "cancelled", "licence")
    assert "licence" in run["next_step"]
    assert run["ended_at"]
    assert world.desk.get(world.instance, run["id"]) == run


def test_many_skipped_imports_are_one_record_and_real_runs_stay() -> None:
    world = ImportWorld()
    real = world.run()["id"]
    scheduler = unlicensed(world)
    for _ in range(30):
        world.clock.wait(3600)
        assert scheduler.tick(world.clock()) == 0
    skipped, kept = world.desk.list(world.instance)
    assert (skipped["reason"], kept["id"]) == ("licence", real)
    assert skipped["started_at"] < skipped["updated_at"] == skipped["ended_at"]


def test_the_licence_is_asked_only_for_an_import_that_is_due() -> None:
    world, asked = ImportWorld(), list[object]()
    scheduler = scheduled(world, "2026-11-21T08:00:01Z")
    scheduler._licensed = lambda instance: not asked.append(instance)
    assert scheduler.tick(START) == 0
    assert asked == []
    assert scheduler.tick(at("2026-11-21T08:00:01")) == 1
    assert len(asked) == 1


def test_a_history_that_cannot_be_read_does_not_hide_that_one_was_skipped() -> None:
    world = ImportWorld()
    world.connected.store.content = b"somebody wrote here"
    assert unlicensed(world).tick(START) == 0
    assert world.desk.list(world.instance)[0]["reason"] == "licence"
