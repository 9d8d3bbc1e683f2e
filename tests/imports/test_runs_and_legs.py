"""One run at a time, legs that die or wait, cancelling, uninstalling: who may go on, who not."""

from __future__ import annotations

import pytest

from app.errors import Clash, NotThere, Problem, SettingsUnreadable, SlowDown
from app.imports.run.messages import read_message
from app.instances.table import Change
from app.site_settings.documents import ImportRules
from tests.stand_ins.entra_directory import Person
from tests.stand_ins.import_world import ImportWorld


def people(world: ImportWorld, count: int = 12) -> None:
    world.graph.people_by_id = {f"p{n}": Person(f"p{n}", f"P {n}") for n in range(count)}


class Killed(BaseException):
    """The process is gone: nothing of it goes on."""


def kill_at(world: ImportWorld, call: str) -> None:
    def before(name: str) -> None:
        if name == call:
            raise Killed

    world.graph.before = world.assets.before = before


def revive(world: ImportWorld) -> None:
    world.graph.before = world.assets.before = lambda name: None
    world.worker = world.new_worker()


def test_two_starts_at_once_make_one_run() -> None:
    world = ImportWorld()
    world.start()
    with pytest.raises(Clash):
        world.start()
    assert len(world.queue.messages) == 1


def test_the_missing_parts_are_all_named() -> None:
    world = ImportWorld()
    world.connected.lacking = [Problem("entra", "Missing."), Problem("import", "Missing.")]
    with pytest.raises(Clash) as refused:
        world.start()
    assert [each.field for each in refused.value.problems] == ["entra", "import"]


def test_settings_that_do_not_open_are_said_at_once_to_whoever_starts() -> None:
    world = ImportWorld()
    world.connected.unreadable = True
    with pytest.raises(SettingsUnreadable):
        world.start()
    assert (world.queue.messages, world.desk.list(world.instance)) == ([], [])


@pytest.mark.parametrize(
    "call",
    ["graph.people.3", "imports.start", "imports.submit", "imports.submitted", "imports.status",
     "assets.object_types", "imports.put_mapping", "imports.config_status"],
)  # fmt: skip
def test_a_leg_that_dies_is_started_again_without_duplicates(call: str) -> None:
    world = ImportWorld()
    people(world)
    run_id = world.start()
    kill_at(world, call)
    with pytest.raises(Killed):
        world.work_off()
    revive(world)
    world.work_off()
    run = world.desk.get(world.instance, run_id)
    assert (run["state"], run["reason"]) == ("succeeded", None)
    assert len(world.assets.of("Person")) == 12
    assert sorted(world.assets.state("Person")) == sorted(world.graph.people_by_id)


def test_a_message_delivered_twice_makes_one_run() -> None:
    world = ImportWorld()
    people(world)
    world.start()
    message = world.queue.messages[0]
    world.work_off()
    world.assets.calls.clear()
    assert world.worker.work(message).again is None
    assert world.assets.calls == []


def test_a_second_worker_leaves_a_run_alone_that_another_one_holds() -> None:
    world = ImportWorld()
    people(world)

    def before(name: str) -> None:
        if name == "graph.people.3":
            other = world.new_worker()
            outcome = other.work(world.queue.messages[0])
            assert outcome.again
            assert outcome.again > 0

    world.graph.before = before
    assert world.run()["state"] == "succeeded"
    assert len(world.assets.executions) == 1


def test_messages_of_others_and_nonsense_are_dropped() -> None:
    world = ImportWorld()
    world.start()
    for message in (
        "",
        "{}",
        "[]",
        '{"instance":1}',
        b"\xff",
        '{"instance":"x","generation":"g1","run":"r","leg":1}',
    ):
        assert world.worker.work(message).again is None
    assert world.assets.calls == []
    ours = read_message(world.queue.messages[0])
    assert ours is not None
    assert ours.instance == "instance-1"


def test_a_cancelled_run_ends_at_once_and_writes_nothing_more() -> None:
    world = ImportWorld()
    people(world)
    cancelled: list[str] = []

    def before(name: str) -> None:
        if name == "graph.people.6" and not cancelled:
            run_id = world.desk.list(world.instance)[0]["id"]
            cancelled.append(world.desk.cancel(world.instance, run_id)["state"])
            world.clock.wait(2)

    world.graph.before = before
    run = world.run()
    assert cancelled == ["cancelled"]
    assert (run["state"], run["reason"], run["phase"]) == ("cancelled", "cancelled", "ended")
    assert world.assets.writes == []
    assert all(each.state == "CANCELLED" for each in world.assets.executions.values())


@pytest.mark.parametrize("last_call", ["imports.submitted", "graph.devices.0"])
def test_a_run_cancelled_a_moment_before_its_first_write_makes_none(last_call: str) -> None:
    """No time passes: what was seen a moment ago does not do for what cannot be taken back."""
    world = ImportWorld(ImportRules(missing_objects="ignore", leavers="mark"))
    people(world)
    if last_call == "graph.devices.0":  # then somebody is marked, and no execution begins
        world.run()
        del world.graph.people_by_id["p3"]
        world.assets.writes.clear()
    cancelled: list[str] = []

    def before(name: str) -> None:
        if name == last_call and not cancelled:
            run_id = world.desk.list(world.instance)[0]["id"]
            cancelled.append(world.desk.cancel(world.instance, run_id)["state"])

    world.graph.before = world.assets.before = before
    run = world.run()
    assert cancelled == ["cancelled"]
    assert (run["state"], run["reason"]) == ("cancelled", "cancelled")
    assert world.assets.writes == []
    assert all(each.state != "INGESTING" for each in world.assets.executions.values())


def test_cancelling_works_while_a_service_makes_us_wait() -> None:
    world = ImportWorld()
    people(world)

    def before(name: str) -> None:
        if name == "graph.people.3":
            raise SlowDown("wait", retry_after=3600.0)

    world.graph.before = before
    run_id = world.start()
    outcome = world.worker.work(world.queue.messages[0])
    assert outcome.again
    assert outcome.again <= 30
    assert world.desk.cancel(world.instance, run_id)["state"] == "cancelled"
    world.graph.calls.clear()
    world.clock.wait(30)
    assert world.worker.work(world.queue.messages.pop(0)).again is None
    assert world.graph.calls == []
    with pytest.raises(Clash):
        world.desk.cancel(world.instance, run_id)
    world.graph.before = lambda name: None
    assert world.run()["state"] == "succeeded"


def test_an_unknown_run_cannot_be_cancelled_nor_an_unbraked_one_released() -> None:
    world = ImportWorld()
    with pytest.raises(NotThere):
        world.desk.cancel(world.instance, "x")
    run_id = world.start()
    with pytest.raises(Clash):
        world.desk.release(world.instance, run_id)


def test_an_uninstall_in_mid_run_stops_before_the_next_call() -> None:
    world = ImportWorld(ImportRules(missing_objects="ignore", leavers="delete"))
    people(world)
    calls: list[str] = []

    def before(name: str) -> None:
        if name == "graph.people.6":
            world.table.change(world.instance.instance_id, Change(set={("state",): "uninstalled"}))
            world.clock.wait(2)
            calls.clear()
        calls.append(name)

    world.graph.before = world.assets.before = before
    world.start()
    world.work_off()
    assert calls == ["graph.people.6"]
    assert world.assets.writes == []


def test_a_withdrawn_consent_stops_a_run() -> None:
    world = ImportWorld()
    people(world)

    def before(name: str) -> None:
        if name == "graph.people.3":
            world.connected.consent = False
            world.clock.wait(6)

    world.graph.before = before
    run = world.run()
    assert (run["state"], run["reason"]) == ("failed", "consent_withdrawn")


def test_a_run_that_nobody_works_on_ends_as_stalled() -> None:
    world = ImportWorld()
    run_id = world.start()
    kill_at(world, "graph.people.0")
    with pytest.raises(Killed):
        world.work_off()
    world.clock.wait(16 * 60)
    run = world.desk.get(world.instance, run_id)
    assert (run["state"], run["reason"]) == ("failed", "no_progress")
    assert world.start()


def test_a_run_ends_by_its_deadline() -> None:
    world = ImportWorld()
    people(world)

    def before(name: str) -> None:
        if name.startswith("graph.people"):
            world.clock.wait(3 * 3600)

    world.graph.before = before
    assert world.run()["reason"] == "deadline"


def test_a_worker_that_stops_hands_its_run_back() -> None:
    world = ImportWorld()
    people(world)

    def before(name: str) -> None:
        if name == "graph.people.6":
            world.worker.stop()

    world.graph.before = before
    run_id = world.start()
    assert world.worker.work(world.queue.messages[0]).again == 0.0
    revive(world)
    world.work_off()
    assert world.desk.get(world.instance, run_id)["state"] == "succeeded"
    assert len(world.assets.of("Person")) == 12


def test_an_execution_of_somebody_else_is_never_cancelled() -> None:
    world = ImportWorld()
    people(world, 2)
    world.run()
    world.connected.imports.start(world.connected.imports.links())
    people(world, 3)
    run = world.run()
    assert (run["state"], run["reason"]) == ("failed", "import_in_progress")
    assert list(world.assets.executions.values())[-1].state == "INGESTING"


def test_a_run_shows_itself_without_any_person() -> None:
    world = ImportWorld()
    world.graph.people_by_id = {"canary-id": Person("canary-id", "Canary", "c@one.example")}
    run = world.run()
    kept = f"{run} {world.queue.messages} {world.table.read(world.instance.instance_id)}"
    assert "anary" not in kept
    assert set(run) == {
        "id", "mode", "ran_as", "ran_because", "why_full", "filter", "state",
        "phase", "progress", "counts",
        "reason", "next_step", "more", "started_at", "updated_at", "ended_at",
    }  # fmt: skip


def test_runs_are_listed_newest_first_for_28_days() -> None:
    world = ImportWorld()
    people(world, 2)
    first = world.run()["id"]
    world.clock.wait(86_400)
    second = world.run()["id"]
    assert [each["id"] for each in world.desk.list(world.instance)] == [second, first]
    world.clock.wait(27.5 * 86_400)
    third = world.run()["id"]
    assert [each["id"] for each in world.desk.list(world.instance)] == [third, second]


def test_a_run_that_ended_behind_the_history_is_remembered_by_the_next_one() -> None:
    world = ImportWorld()
    first = world.start()
    world.queue.messages.clear()
    world.clock.wait(6 * 3600)
    second = world.run()["id"]
    runs = {each["id"]: each["state"] for each in world.desk.list(world.instance)}
    assert runs == {first: "failed", second: "succeeded"}
