"""The brake as a table, and what it does to a run."""

from __future__ import annotations

import pytest

from app.errors import Clash
from app.imports.planning.brake import Harm, braked, verdict
from app.site_settings.documents import Brake, ImportRules
from tests.stand_ins.entra_directory import Device, Person
from tests.stand_ins.import_world import ImportWorld


@pytest.mark.parametrize(
    ("affected", "known", "stops"),
    [
        (0, 0, False),
        (4, 4, False),  # fewer than five, whatever the share
        (5, 5, True),
        (5, 50, False),  # exactly ten per cent
        (5, 49, True),
        (10, 100, False),
        (11, 100, True),
        (500, 100_000, False),
        (501, 100_000, True),
    ],
)
def test_it_brakes_by_count_or_by_share_of_at_least_five(
    affected: int, known: int, stops: bool
) -> None:
    assert braked(Harm(affected, known), Brake()) is stops


def test_a_brake_of_nothing_stops_at_every_harm_and_at_no_other_run() -> None:
    nothing = Brake(percent=0, count=0)
    assert braked(Harm(1, 100_000), nothing)
    assert not braked(Harm(0, 100_000), nothing)


def test_one_kind_that_brakes_is_enough_and_each_is_judged_alone() -> None:
    harms = {"person": Harm(4, 10), "device": Harm(9, 10)}
    assert verdict(harms, Brake(), {}) == {"device": 9}


def test_released_harm_brakes_no_more_until_it_grows() -> None:
    assert verdict({"person": Harm(9, 10)}, Brake(), {"person": 9}) == {}
    assert verdict({"person": Harm(10, 10)}, Brake(), {"person": 9}) == {"person": 10}


def crowd(world: ImportWorld) -> None:
    world.graph.people_by_id = {f"p{n}": Person(f"p{n}", f"P {n}") for n in range(20)}
    world.graph.devices_by_id = {
        f"d{n}": Device(f"d{n}", f"D {n}", owner=f"p{n}") for n in range(20)
    }


def six_leave(world: ImportWorld) -> None:
    for number in range(6):
        del world.graph.people_by_id[f"p{number}"]
        world.graph.devices_by_id[f"d{number}"].owner = f"p{number + 6}"


def test_a_run_that_would_mark_too_many_stands_braked_before_any_write() -> None:
    world = ImportWorld(ImportRules(missing_objects="ignore", leavers="mark"))
    crowd(world)
    world.run()
    six_leave(world)
    world.assets.writes.clear()
    run = world.run()
    assert (run["state"], run["reason"]) == ("braked", "braked")
    assert run["counts"]["leavers"] == 6
    assert run["ended_at"] is None
    assert world.assets.writes == []
    assert list(world.assets.executions.values())[-1].state == "CANCELLED"
    with pytest.raises(Clash):
        world.start()


def test_a_released_run_goes_on() -> None:
    world = ImportWorld(ImportRules(missing_objects="ignore", leavers="mark"))
    crowd(world)
    world.run()
    six_leave(world)
    run = world.run()
    world.clock.wait(2 * 86_400)
    assert world.desk.release(world.instance, run["id"])["state"] == "queued"
    world.work_off()
    assert world.desk.get(world.instance, run["id"])["state"] == "succeeded"
    assert world.assets.state("Person")["p0"]["Status"] == "Left"


def test_a_released_run_stays_braked_if_the_harm_grew() -> None:
    world = ImportWorld(ImportRules(missing_objects="ignore", leavers="mark"))
    crowd(world)
    world.run()
    six_leave(world)
    run = world.run()
    del world.graph.people_by_id["p10"]
    world.desk.release(world.instance, run["id"])
    world.assets.writes.clear()
    world.work_off()
    assert world.desk.get(world.instance, run["id"])["state"] == "braked"
    assert world.assets.writes == []


def test_devices_that_would_lose_their_owner_count() -> None:
    world = ImportWorld()
    crowd(world)
    world.run()
    for number in range(6):
        world.graph.devices_by_id[f"d{number}"].owner = None
    assert world.run()["state"] == "braked"


def test_kept_leavers_are_no_harm_where_missing_objects_are_ignored() -> None:
    world = ImportWorld()
    crowd(world)
    world.run()
    six_leave(world)
    assert world.run()["state"] == "succeeded"


def test_kept_leavers_are_harm_where_nobody_knows_what_becomes_of_missing_objects() -> None:
    world = ImportWorld(ImportRules(missing_objects="unknown"))
    crowd(world)
    world.run()
    six_leave(world)
    world.assets.writes.clear()
    assert world.run()["state"] == "braked"
    assert world.assets.writes == []


def test_those_already_left_do_not_count_again() -> None:
    world = ImportWorld(ImportRules(missing_objects="ignore", leavers="mark"))
    crowd(world)
    world.run()
    six_leave(world)
    run = world.run()
    world.desk.release(world.instance, run["id"])
    world.work_off()
    world.rule(leavers="delete")
    assert world.run()["state"] == "succeeded"
    assert len(world.assets.of("Person")) == 14


def test_a_braked_run_that_nobody_releases_ends_after_seven_days() -> None:
    world = ImportWorld(ImportRules(missing_objects="ignore", leavers="mark"))
    crowd(world)
    world.run()
    six_leave(world)
    run = world.run()
    world.clock.wait(7 * 86_400)
    found = world.desk.get(world.instance, run["id"])
    assert (found["state"], found["reason"]) == ("cancelled", "brake_not_released")
    assert found["ended_at"]
