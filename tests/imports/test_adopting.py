"""What is there already is used as it is: types, attributes and statuses, never changed."""

from __future__ import annotations

import pytest

from app.imports.assets.adopting import in_the_way, types_above
from app.imports.assets.mapping import mapping_document
from app.imports.kinds.table import DEVICE, GROUP, LOCATION, PERSON, Kind
from app.imports.run.ground import Ground, type_ground
from app.imports.run.ports import ImportLinks
from app.inventory import Attribute, AttributeType, ObjectType
from app.site_settings.documents import ImportRules
from app.words import Json
from tests.stand_ins.entra_directory import Group, Person
from tests.stand_ins.import_world import ImportWorld

LINKS = ImportLinks("w-1", "source-1", "s", "s", "m")
TEXT, INTEGER, BOOLEAN, DATE, DATE_TIME, EMAIL, TEXTAREA, SELECT = 0, 1, 2, 4, 6, 8, 9, 10


def plain(name: str, default_type: int | None, **more: object) -> Attribute:
    return Attribute("7", name, "12", 0, default_type=default_type, **more)  # type: ignore[arg-type]


def standing(kind: Kind, *attributes: Attribute, **type_of: object) -> Ground:
    found = ObjectType("12", kind.type_name, "6", **type_of)  # type: ignore[arg-type]
    return Ground(LINKS, "6", "Company", (kind,), {kind.name: type_ground(kind, found, attributes)})


@pytest.mark.parametrize(
    ("kind", "name", "fit", "unfit"),
    [
        (PERSON, "Department", {TEXT, TEXTAREA, SELECT, EMAIL, INTEGER, None}, {BOOLEAN, DATE}),
        (PERSON, "Email", {TEXT, EMAIL, TEXTAREA}, {INTEGER, DATE}),
        (PERSON, "Left on", {DATE, TEXT}, {DATE_TIME, BOOLEAN}),
        (DEVICE, "Last seen", {DATE_TIME, TEXT}, {DATE, INTEGER}),
        (GROUP, "Description", {TEXT, TEXTAREA}, {INTEGER, BOOLEAN}),
    ],
)
def test_an_attribute_that_can_hold_the_values_is_used_and_any_other_is_named(
    kind: Kind, name: str, fit: set[int | None], unfit: set[int]
) -> None:
    for number in fit:
        assert in_the_way(standing(kind, plain(name, number))) == []
    for number in unfit:
        assert in_the_way(standing(kind, plain(name, number))) == [f"{kind.type_name}: {name}"]


@pytest.mark.parametrize("kind_of", [AttributeType.REFERENCE, AttributeType.GROUP])
def test_a_jira_account_that_holds_no_account_is_named(kind_of: AttributeType) -> None:
    account = Attribute("7", "jira account", "12", int(kind_of))
    assert in_the_way(standing(PERSON, account)) == ["Person: jira account"]


def test_a_jira_account_that_is_a_text_is_used() -> None:
    assert in_the_way(standing(PERSON, plain("Jira account", TEXT))) == []


def test_a_reference_that_points_to_another_type_is_named() -> None:
    manager = Attribute("7", "Manager", "12", 1, reference_type_id="99")
    assert in_the_way(standing(PERSON, manager)) == ["Person: Manager"]


@pytest.mark.parametrize("target", ["12", "1", None])
def test_a_reference_to_the_type_itself_or_one_above_it_is_used(target: str | None) -> None:
    manager = Attribute("7", "Manager", "12", 1, reference_type_id=target)
    found = ObjectType("12", "Person", "6", parent_id="1")
    there = type_ground(PERSON, found, [manager], frozenset({"1"}))
    assert in_the_way(Ground(LINKS, "6", "Company", (PERSON,), {"person": there})) == []


def test_what_lies_above_a_type_is_found_even_in_a_circle() -> None:
    types = [ObjectType("1", "A", "6", "2"), ObjectType("2", "B", "6", "3"),
             ObjectType("3", "C", "6", "1")]  # fmt: skip
    assert types_above(types[0], types) == {"1", "2", "3"}
    assert types_above(ObjectType("9", "D", "6"), types) == frozenset()


def test_an_abstract_type_holds_no_objects() -> None:
    assert in_the_way(standing(LOCATION, abstract=True)) == ["Location: the type is abstract"]


def of_type(document: Json, name: str) -> Json:
    types = document["schema"]["objectSchema"]["objectTypes"]
    return next(each for each in types if each["name"] == name)


def test_an_existing_attribute_keeps_what_its_owner_wrote_and_demands() -> None:
    email = plain("Email", EMAIL, minimum_cardinality=1, unique=True, description="Ask IT")
    person = of_type(mapping_document(standing(PERSON, email, description="Our staff")), "Person")
    row = next(each for each in person["attributes"] if each["name"] == "Email")
    assert person["description"] == "Our staff"
    assert (row["description"], row["minimumCardinality"], row["unique"]) == ("Ask IT", 1, True)


def test_a_name_that_identifies_is_not_made_unique_where_it_may_not_be() -> None:
    for ground in (standing(LOCATION, plain("Name", TEXT, label=True)),
                   Ground(LINKS, "6", "Company", (LOCATION,), {})):  # fmt: skip
        (row,) = of_type(mapping_document(ground), "Location")["attributes"]
        assert "unique" not in row
        assert row["label"] is True


def a_group_with_a_long_description(default_type: int) -> ImportWorld:
    world = ImportWorld(ImportRules(missing_objects="ignore"))
    type_id = world.assets.add_type("Group")
    world.assets.add_attribute(
        type_id, "Description", AttributeType.DEFAULT, default_type=default_type
    )
    world.graph.groups_by_id = {"g1": Group("g1", "Builders", description="x" * 300)}
    return world


@pytest.mark.parametrize(("default_type", "length"), [(TEXT, 255), (TEXTAREA, 300)])
def test_a_long_text_is_cut_where_an_existing_attribute_is_a_short_one(
    default_type: int, length: int
) -> None:
    world = a_group_with_a_long_description(default_type)
    world.run()
    assert world.assets.state("Group")["g1"]["Description"] == "x" * length
    world.assets.writes.clear()
    world.run()
    assert world.assets.writes == []


def test_statuses_are_adopted_whatever_their_case() -> None:
    world = ImportWorld(ImportRules(missing_objects="ignore", leavers="mark"))
    world.assets.statuses = {"active": "901", "LEFT": "902"}
    world.graph.people_by_id = {"p1": Person("p1", "Ada"), "p2": Person("p2", "Bo")}
    assert world.run()["state"] == "succeeded"
    assert set(world.assets.statuses) == {"active", "LEFT", "Disabled"}
    del world.graph.people_by_id["p2"]
    assert world.run()["state"] == "succeeded"
    assert world.assets.state("Person")["p2"]["Status"] == "LEFT"
    world.assets.writes.clear()
    assert world.run()["counts"]["unchanged"] == 1
    assert world.assets.writes == []
