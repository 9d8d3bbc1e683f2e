"""How far a run says it has come: at its end, all of it, whatever the estimate was."""

from __future__ import annotations

import pytest

from app.site_settings.documents import ImportRules
from app.words import Json
from tests.stand_ins.entra_directory import Device, Group, Person
from tests.stand_ins.import_world import ImportWorld


def furnished(**rules: object) -> ImportWorld:
    world = ImportWorld(
        ImportRules.model_validate({"missing_objects": "ignore", "memberships": ("g1",), **rules})
    )
    world.graph.people_by_id = {f"p{n}": Person(f"p{n}", f"P {n}") for n in range(12)}
    world.graph.groups_by_id = {"g1": Group("g1", "G", ("p1", "p2"))}
    world.graph.devices_by_id = {f"d{n}": Device(f"d{n}", "D", owner="p1") for n in range(5)}
    return world


def all_done(run: Json) -> bool:
    assert run["state"] == "succeeded", run
    assert run["phase"] == "ended"
    return bool(run["progress"]["done"] == run["progress"]["total"] > 0)


@pytest.mark.parametrize("missing", ["ignore", "unknown"])
@pytest.mark.parametrize("mode", ["full", "delta"])
def test_a_run_that_succeeded_is_all_done(mode: str, missing: str) -> None:
    world = furnished(missing_objects=missing)
    assert all_done(world.run(mode))
    assert all_done(world.run(mode))  # nothing has changed
    del world.graph.people_by_id["p11"]
    assert all_done(world.run(mode))  # fewer came than were known
    world.graph.people_by_id["p1"].name = "New"
    world.graph.devices_by_id["d1"].owner = None
    assert all_done(world.run(mode))


def test_a_preview_is_all_done() -> None:
    world = furnished()
    assert all_done(world.run("preview"))
    world.run()
    del world.graph.people_by_id["p11"]
    assert all_done(world.run("preview"))


def test_a_run_that_failed_does_not_say_that_all_is_done() -> None:
    world = furnished()
    world.run()

    def before(name: str) -> None:
        if name == "graph.people.6":
            raise ZeroDivisionError

    world.graph.before = before
    progress = world.run()["progress"]
    assert progress["done"] < progress["total"]


def test_whoever_sees_the_end_first_sees_the_last_numbers_too() -> None:
    world = furnished()
    seen: list[Json] = []
    change = world.table.change

    def changed(*asked: object) -> object:
        found = change(*asked)  # type: ignore[arg-type]
        seen.extend(each for each in world.desk.list(world.instance) if each["phase"] == "ended")
        return found

    world.table.change = changed  # type: ignore[method-assign, assignment]
    run = world.run()
    assert all_done(seen[0])
    assert seen[0]["counts"] == run["counts"]
    del world.graph.people_by_id["p11"]
    seen.clear()
    preview = world.run("preview")
    first = next(each for each in seen if each["id"] == preview["id"])
    assert (all_done(first), first["counts"]) == (True, preview["counts"])


def test_the_first_sight_of_a_braked_run_names_its_harm() -> None:
    world = furnished(leavers="mark")
    world.run()
    for number in range(6):
        del world.graph.people_by_id[f"p{number}"]
    seen: list[Json] = []
    change = world.table.change

    def changed(*asked: object) -> object:
        found = change(*asked)  # type: ignore[arg-type]
        seen.extend(each for each in world.desk.list(world.instance) if each["state"] == "braked")
        return found

    world.table.change = changed  # type: ignore[method-assign, assignment]
    run = world.run()
    assert (seen[0]["counts"], seen[0]["next_step"]) == (run["counts"], run["next_step"])
    assert "Affected" in run["next_step"]
