"""Departments and locations: things without an Entra id, known by their names."""

from __future__ import annotations

import pytest

from app.site_settings.documents import ImportRules
from tests.stand_ins.entra_directory import Person
from tests.stand_ins.import_world import ImportWorld

BOTH = {"departments": True, "locations": True}


def company(missing: str = "ignore", **objects: bool) -> ImportWorld:
    rules = {"missing_objects": missing, "objects": objects or BOTH}
    if missing == "remove":
        rules["leavers"] = "delete"
    world = ImportWorld(ImportRules.model_validate(rules))
    world.graph.people_by_id = {
        "p1": Person("p1", "Ada", department="Lab", office="Cork"),
        "p2": Person("p2", "Bo", department=" Lab ", office="Berlin, Hof 3"),
        "p3": Person("p3", "Cy"),
    }
    return world


def person(world: ImportWorld, key: str) -> dict[str, object]:
    return world.assets.state("Person")[key]


def test_each_name_is_made_once_and_people_point_to_it() -> None:
    world = company()
    run = world.run()
    assert (run["state"], run["counts"]["create"]) == ("succeeded", 6)
    assert set(world.assets.state("Department")) == {"Lab"}
    assert set(world.assets.state("Location")) == {"Cork", "Berlin, Hof 3"}
    assert person(world, "p2") == {
        "Entra ID": "p2", "Name": "Bo", "Department": "Lab", "Office location": "Berlin, Hof 3",
        "Status": "Active", "Department object": ["Lab"], "Location object": ["Berlin, Hof 3"],
    }  # fmt: skip
    assert "Department object" not in person(world, "p3")
    world.assets.writes.clear()
    again = world.run()
    assert (again["counts"]["unchanged"], world.assets.writes) == (6, [])


def test_names_that_differ_in_case_only_are_one_thing_spelled_as_it_is_in_assets() -> None:
    world = company()
    world.run()
    for order in (("LAB", "lab"), ("lab", "LAB")):
        world.graph.people_by_id["p1"].department, world.graph.people_by_id["p2"].department = order
        run = world.run()
        assert (run["state"], run["counts"]["create"]) == ("succeeded", 0)
        assert set(world.assets.state("Department")) == {"Lab"}
        assert person(world, "p1")["Department"] == order[0]
        assert person(world, "p1")["Department object"] == ["Lab"]


@pytest.mark.parametrize("name", ["", "   ", None])
def test_nothing_is_made_of_an_empty_name(name: str | None) -> None:
    world = company()
    world.graph.people_by_id = {"p1": Person("p1", "Ada", department=name)}
    world.run()
    assert world.assets.of("Department") == []


def test_a_name_that_is_too_long_is_cut_and_found_again() -> None:
    world = company()
    world.graph.people_by_id = {
        "p1": Person("p1", "Ada", department="L" * 300),
        "p2": Person("p2", "Bo", department="L" * 260),
    }
    world.run()
    assert set(world.assets.state("Department")) == {"L" * 255}
    assert person(world, "p2")["Department object"] == ["L" * 255]
    world.assets.writes.clear()
    world.run()
    assert world.assets.writes == []


def test_who_moves_points_elsewhere_and_who_has_no_department_to_nothing() -> None:
    world = company()
    world.run()
    world.graph.people_by_id["p1"].department = "Sales"
    world.graph.people_by_id["p2"].department = None
    run = world.run()
    assert (run["state"], run["counts"]["create"], run["counts"]["update"]) == ("succeeded", 1, 2)
    assert person(world, "p1")["Department object"] == ["Sales"]
    assert "Department object" not in person(world, "p2")
    assert "Department" not in person(world, "p2")


@pytest.mark.parametrize("missing", ["ignore", "remove"])
def test_a_department_nobody_names_any_more_is_kept(missing: str) -> None:
    world = company(missing)
    world.run()
    world.graph.people_by_id["p1"].department = world.graph.people_by_id["p2"].department = "Sales"
    assert world.run()["state"] == "succeeded"
    assert set(world.assets.state("Department")) == {"Lab", "Sales"}


def test_a_reference_that_somebody_moved_is_put_right() -> None:
    world = company()
    world.run()
    (bo,) = (each for each in world.assets.of("Person") if each.plain["Entra ID"] == "p2")
    bo.points["Department object"] = [world.assets.of("Location")[0].id]
    assert world.run()["counts"]["update"] == 1
    assert person(world, "p2")["Department object"] == ["Lab"]


def test_only_who_the_filter_lets_in_names_departments() -> None:
    world = company()
    world.graph.people_by_id["p4"] = Person("p4", "Guest", department="Elsewhere", guest=True)
    world.run()
    assert set(world.assets.state("Department")) == {"Lab"}


def test_departments_without_people_read_people_and_write_none() -> None:
    world = company(departments=True, users=False, groups=False, devices=False)
    run = world.run()
    assert (run["state"], run["counts"]["create"]) == ("succeeded", 1)
    assert world.assets.type_id("Person") is None
    assert world.graph.selected["people"] == ("id", "department", "userType")


def test_without_departments_a_type_of_that_name_is_left_alone() -> None:
    world = company(locations=True)
    type_id = world.assets.add_type("Department")
    lab = world.assets.add_thing(type_id, Name="Lab")
    world.run()
    assert world.assets.of("Department") == [lab]
    assert "Department object" not in world.assets.held[world.assets.type_id("Person") or ""]


def test_an_existing_department_is_adopted_whatever_its_case() -> None:
    world = company()
    type_id = world.assets.add_type("department")
    lab = world.assets.add_thing(type_id, Name="LAB")
    run = world.run()
    assert run["state"] == "succeeded"
    assert world.assets.of("department") == [lab]
    assert person(world, "p1")["Department object"] == ["LAB"]


def test_of_two_existing_objects_with_one_name_neither_is_changed() -> None:
    world = company()
    type_id = world.assets.add_type("Department")
    twins = [world.assets.add_thing(type_id, Name="Lab") for _ in range(2)]
    for _ in range(2):
        assert world.run()["state"] == "succeeded"
        assert world.assets.of("Department") == twins
    assert world.assets.writes.count("execution") == 1


def test_departments_that_nobody_names_any_more_at_all_end_the_read() -> None:
    world = company()
    world.graph.people_by_id = {
        f"p{n}": Person(f"p{n}", "P", department=f"D{n}", office="Cork") for n in range(6)
    }
    world.run()
    world.assets.writes.clear()
    for each in world.graph.people_by_id.values():
        each.department = None
    run = world.run()
    assert (run["state"], run["reason"]) == ("failed", "empty_source")
    assert "Department" in run["next_step"]
    assert world.assets.writes == []


def test_one_who_comes_twice_points_to_the_last_department() -> None:
    world = company()
    world.run()
    world.graph.doubled["p1"] = Person("p1", "Ada", department="Earlier")
    world.graph.people_by_id["p1"].department = "Later"
    assert world.run()["state"] == "succeeded"
    assert person(world, "p1")["Department object"] == ["Later"]
    world.graph.doubled.clear()
    world.assets.writes.clear()
    world.run()
    assert world.assets.writes == []


@pytest.mark.parametrize("name", ['Legal "Risk"', "Back\\slash", '"'])
def test_a_name_that_could_break_a_query_stands_in_none_and_is_pointed_to_all_the_same(
    name: str,
) -> None:
    world = company()
    world.graph.people_by_id["p1"].department = name
    assert world.run()["state"] == "succeeded"
    assert person(world, "p1")["Department object"] == [name]
    entries = [e for each in world.assets.executions.values() for e in each.entries["people"]]
    assert all(entry.get("departmentName") != name for entry in entries)
    world.assets.writes.clear()
    world.run()
    assert world.assets.writes == []
    world.graph.people_by_id["p1"].department = None
    world.run()
    assert "Department object" not in person(world, "p1")


def test_a_name_of_two_lines_identifies_on_one() -> None:
    world = company()
    world.graph.people_by_id["p1"].department = "two\nlines"
    world.run()
    assert person(world, "p1")["Department object"] == ["two lines"]
    assert person(world, "p1")["Department"] == "two\nlines"
