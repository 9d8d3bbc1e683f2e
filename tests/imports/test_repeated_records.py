"""Records that come twice in one read: what is finally written is counted once, and it brakes."""

from __future__ import annotations

import pytest

from app.imports.kinds.records import DeviceRow, PersonRow, Pointer, Removed
from app.site_settings.documents import ImportRules
from app.words import Json
from tests.stand_ins.entra_directory import USER, Device, Group, Person
from tests.stand_ins.import_world import ImportWorld


def owned(**rules: object) -> ImportWorld:
    world = ImportWorld(ImportRules.model_validate({"missing_objects": "ignore", **rules}))
    world.graph.people_by_id = {
        f"p{n}": Person(f"p{n}", f"P {n}", f"p{n}@one.example") for n in range(20)
    }
    world.graph.devices_by_id = {
        f"d{n}": Device(f"d{n}", f"D {n}", "Model", f"p{n}") for n in range(20)
    }
    world.run()
    world.assets.writes.clear()
    return world


def device(world: ImportWorld, key: str, **changed: object) -> DeviceRow:
    held = world.graph.devices_by_id[key]
    row = DeviceRow(id=key, display_name=held.name, model=held.model, account_enabled=True)
    row.owners = [Pointer(id=held.owner, type=USER)] if held.owner else []
    for name, value in changed.items():
        setattr(row, name, value)
    return row


def without_owner_the_second_time(world: ImportWorld, count: int = 20) -> None:
    again = [device(world, f"d{n}", owners=[]) for n in range(count)]
    world.graph.more_devices = again


def counted(run: Json) -> tuple[int, int]:
    return run["counts"]["update"], run["counts"]["unchanged"]


def test_owners_that_go_the_second_time_brake() -> None:
    world = owned()
    without_owner_the_second_time(world)
    run = world.run()
    assert (run["state"], counted(run)) == ("braked", (20, 20))
    assert "20 of kind device" in run["next_step"]
    assert world.assets.writes == []
    assert len([1 for row in world.assets.state("Device").values() if "Assigned To" in row]) == 20


def test_a_preview_shows_them() -> None:
    world = owned()
    without_owner_the_second_time(world)
    assert counted(world.run("preview")) == (20, 20)


def test_what_a_preview_showed_is_what_is_done() -> None:
    world = owned()
    without_owner_the_second_time(world, 4)
    preview = world.run("preview")
    run = world.run(preview=preview["id"])
    assert (run["state"], run["counts"]) == ("succeeded", preview["counts"])
    assert counted(run) == (4, 36)
    assert world.assets.writes == ["update"] * 4
    assert "Assigned To" not in world.assets.state("Device")["d0"]
    assert world.assets.state("Device")["d9"]["Assigned To"] == ["p9"]


def test_an_owner_that_comes_the_second_time_is_no_harm() -> None:
    world = owned()
    world.graph.more_devices = [device(world, f"d{n}") for n in range(20)]
    for each in world.graph.devices_by_id.values():
        each.owner = None
    run = world.run()
    assert (run["state"], counted(run)) == ("succeeded", (20, 20))
    assert world.assets.state("Device")["d3"]["Assigned To"] == ["p3"]


def test_an_owner_nobody_knows_the_second_time_is_harm() -> None:
    world = owned()
    stranger = [Pointer(id="stranger", type=USER)]
    world.graph.more_devices = [device(world, f"d{n}", owners=stranger) for n in range(20)]
    assert world.run()["state"] == "braked"


def test_one_that_comes_three_times_and_ends_as_it_was_is_not_counted() -> None:
    world = owned()
    without_owner_the_second_time(world)
    world.graph.more_devices += [device(world, f"d{n}") for n in range(20)]
    run = world.run()
    assert (run["state"], counted(run)) == ("succeeded", (0, 40))
    assert world.assets.writes == []


def test_a_change_that_comes_twice_in_two_ways_counts_once() -> None:
    world = owned()
    world.graph.more_devices = [device(world, "d1", model="Third")]
    world.graph.devices_by_id["d1"].model = "Second"
    run = world.run()
    assert (run["state"], counted(run)) == ("succeeded", (1, 39))
    assert world.assets.state("Device")["d1"]["Model"] == "Third"


def test_one_taken_away_and_given_back_loses_its_owner_only_once() -> None:
    world = owned()
    keys = [f"d{n}" for n in range(20)]
    gone = [DeviceRow(id=key, removed=Removed("changed")) for key in keys]
    back = [device(world, key, owners=[]) for key in keys]
    world.graph.more_devices = [*gone, *back, *gone, *back]
    run = world.run()
    assert (run["state"], counted(run)) == ("braked", (20, 20))
    assert "20 of kind device" in run["next_step"]


def test_one_that_is_taken_away_at_last_is_a_leaver_and_nothing_else() -> None:
    world = owned(leavers="mark")
    without_owner_the_second_time(world, 2)
    gone = [DeviceRow(id=key, removed=Removed("changed")) for key in ("d0", "d1")]
    world.graph.more_devices += gone
    run = world.run()
    assert run["state"] == "succeeded"
    assert (counted(run), run["counts"]["leavers"]) == ((0, 38), 2)
    assert world.assets.state("Device")["d0"]["Status"] == "Left"
    assert world.assets.state("Device")["d0"]["Assigned To"] == ["p0"]


@pytest.mark.parametrize("missing", ["ignore", "unknown"])
def test_a_person_who_comes_twice_keeps_the_groups(missing: str) -> None:
    world = owned(memberships=("g1",), missing_objects=missing)
    world.graph.groups_by_id = {"g1": Group("g1", "G", tuple(f"p{n}" for n in range(20)))}
    world.run()
    world.graph.more_people = [PersonRow(id="p1", display_name="Again", mail="p1@one.example")]
    run = world.run()
    assert (run["state"], run["counts"]["update"]) == ("succeeded", 1)
    person = world.assets.state("Person")["p1"]
    assert (person["Name"], person["Groups"]) == ("Again", ["g1"])
