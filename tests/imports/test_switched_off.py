"""Kinds that were imported once and are switched off: Assets must not miss their objects."""

from __future__ import annotations

import pytest

from app.site_settings.documents import ImportRules
from tests.stand_ins.entra_directory import Device, Group, Person
from tests.stand_ins.import_world import ImportWorld

EVERYTHING = {"managed_devices": True, "departments": True, "locations": True, "applications": True}


def whole_world(missing: str = "remove") -> ImportWorld:
    world = ImportWorld(
        ImportRules.model_validate(
            {"missing_objects": missing, "leavers": "delete", "objects": EVERYTHING}
        )
    )
    world.graph.people_by_id = {"p1": Person("p1", "Ada", department="Lab", office="Cork")}
    world.graph.groups_by_id = {"g1": Group("g1", "Builders")}
    world.graph.devices_by_id = {"d1": Device("d1", "Laptop", owner="p1", device_id="j1")}
    world.graph.applications_by_id = {"a1": "Payroll"}
    assert world.run()["state"] == "succeeded"
    return world


def everything(world: ImportWorld) -> dict[str, object]:
    names = ("Person", "Group", "Device", "Department", "Location", "Application")
    return {name: world.assets.state(name) for name in names}


@pytest.mark.parametrize("tells", [True, False])
@pytest.mark.parametrize("on", ["users", "groups", "devices", "departments", "applications"])
def test_what_is_switched_off_is_sent_again_and_stays(on: str, tells: bool) -> None:
    world = whole_world()
    world.assets.tells = tells
    off = dict.fromkeys(("users", "groups", "devices", *EVERYTHING), False)
    world.rule(objects={**off, on: True})
    if on == "departments":
        world.graph.people_by_id["p2"] = Person("p2", "Bo", department="Sales")
    world.graph.people_by_id["p1"].name = "Ada Byron"
    world.graph.groups_by_id["g1"].name = "Makers"
    world.graph.devices_by_id["d1"].name = "Notebook"
    world.graph.applications_by_id["a1"] = "Wages"
    before = everything(world)
    assert world.run()["state"] == "succeeded"
    after = everything(world)
    changed = {name for name, there in after.items() if there != before[name]}
    assert len(changed) == 1
    assert all(len(after[name]) >= len(there) for name, there in before.items())  # type: ignore[arg-type]


@pytest.mark.parametrize("tells", [True, False])
def test_the_mapping_document_names_what_is_sent(tells: bool) -> None:
    world = whole_world("unknown")
    world.assets.tells = tells
    world.rule(objects={"users": False, "groups": True, "devices": False})
    documents = []
    put = world.connected.imports.put_mapping

    def keep(*given: object, **more: object) -> str | None:
        documents.append(given[1])
        return put(*given, **more)  # type: ignore[arg-type]

    world.connected.imports.put_mapping = keep  # type: ignore[method-assign, assignment]
    world.graph.groups_by_id["g1"].name = "Makers"
    assert world.run()["state"] == "succeeded"
    (document,) = documents
    mapped = [each["selector"] for each in document["mapping"]["objectTypeMappings"]]
    execution = list(world.assets.executions.values())[-1]
    assert set(execution.entries) == set(mapped)
    assert len(mapped) == 6


def test_what_was_never_imported_is_neither_mapped_nor_sent() -> None:
    for missing in ("remove", "ignore"):
        world = ImportWorld(
            ImportRules.model_validate({"missing_objects": missing, "leavers": "delete"})
        )
        type_id = world.assets.add_type("Location")
        cork = world.assets.add_thing(type_id, Name="Cork")
        world.graph.people_by_id = {"p1": Person("p1", "Ada", office="Cork")}
        assert world.run()["state"] == "succeeded"
        world.graph.people_by_id["p1"].name = "Ada Byron"
        assert world.run()["state"] == "succeeded"
        assert world.assets.of("Location") == [cork]
        assert all("location" not in each.entries for each in world.assets.executions.values())


def test_where_absent_objects_stay_nothing_is_sent_for_what_is_off() -> None:
    world = whole_world()
    world.rule(missing_objects="ignore", objects={"users": True, "groups": False})
    world.graph.people_by_id["p1"].name = "Ada Byron"
    assert world.run()["state"] == "succeeded"
    execution = list(world.assets.executions.values())[-1]
    assert set(execution.entries) == {"people"}


def test_objects_with_the_name_of_another_brake_where_absent_ones_go() -> None:
    world = ImportWorld(
        ImportRules.model_validate(
            {"missing_objects": "remove", "leavers": "delete", "objects": {"locations": True}}
        )
    )
    type_id = world.assets.add_type("Location")
    for _ in range(8):
        world.assets.add_thing(type_id, Name="Floor 1")
    world.graph.people_by_id = {"p1": Person("p1", "Ada", office="Floor 1")}
    run = world.run()
    assert (run["state"], len(world.assets.of("Location"))) == ("braked", 8)
    assert "7 of kind location" in run["next_step"]
