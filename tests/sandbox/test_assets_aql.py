"""AQL as the stand-in evaluates it: operators, case, paths, order, refusals."""

from __future__ import annotations

import pytest

from sandbox.assets.aql_nodes import Both, Compare, Either
from sandbox.assets.aql_tree import parse
from sandbox.assets.aql_words import AqlInvalid, quoted, read_words
from sandbox.assets.model import Kind
from tests.sandbox.assets_world import World


@pytest.fixture
def offices(world: World) -> World:
    """Offices and people who sit in them; two people share a display name."""
    space = world.space
    schema = space.add_schema("Places", "PL")
    office = space.add_type(schema.id, "Office")
    city = space.add_attribute(office.id, "City")
    floor = space.add_attribute(office.id, "Floor", default_type=1)
    desk = space.add_type(schema.id, "Desk")
    where = space.add_attribute(desk.id, "Office", kind=Kind.REFERENCE, target_type_id=office.id)
    owner = space.add_attribute(desk.id, "Owner", kind=Kind.USER)
    name_o, name_d = (space.attribute_named(t.id, "Name") for t in (office, desk))
    assert name_o is not None
    assert name_d is not None
    rows = (("North", "Oslo", "2"), ("South", "Rome", "10"), ('Hof "A\\B"', "Köln", "1"))
    made = []
    for name, place, level in rows:
        values = {name_o.id: (name,), city.id: (place,), floor.id: (level,)}
        made.append(space.add_thing(office.id, values))
    nowhere = {name_d.id: ("Spare desk",)}
    space.add_thing(desk.id, nowhere)
    mika, zoe = world.cast.employees[:2]
    for name, at, person in (("Desk 1", made[0], mika), ("desk 2", made[1], zoe)):
        values = {name_d.id: (name,), where.id: (str(at.id),), owner.id: (person,)}
        space.add_thing(desk.id, values)
    return world


def test_and_binds_stronger_than_or_and_brackets_bind_strongest() -> None:
    loose = parse("a = 1 OR b = 2 AND c = 3").condition
    tight = parse("(a = 1 OR b = 2) AND c = 3").condition
    assert isinstance(loose, Either)
    assert isinstance(loose.parts[1], Both)
    assert isinstance(tight, Both)


def test_a_path_is_read_with_and_without_quotes() -> None:
    for text in ('"A b"."C d" = x', 'A."C d" = x', '"A b".C = x', "A.C = x"):
        condition = parse(text).condition
        assert isinstance(condition, Compare)
        assert len(condition.path) == 2


def test_what_is_quoted_is_read_back_whatever_it_holds() -> None:
    for text in ('say "hi"', "back\\slash", '\\"', "a OR b = c", "日本 )(", ""):
        (word, _end) = read_words(quoted(text))
        assert (word.kind, word.text) == ("text", text)


@pytest.mark.parametrize(
    "query",
    ["", "   ", "Name", "Name =", "Name = a b", "(Name = a", "Name = a)", "Name IN a", "Name IN ()",
     'Name = "a', "= a", "Name = a AND", "Name IS", "Name ~ a", "Name > 3", "A..B = c", ". = a",
     "Name = a ORDER Name", "Name = a ORDER BY Name, City", "Name having user()",
     "Name IN (" + ",".join(["a"] * 101) + ")"],
)  # fmt: skip
def test_what_is_not_aql_is_refused(query: str) -> None:
    with pytest.raises(AqlInvalid):
        parse(query)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("objectType = Office", ['Hof "A\\B"', "North", "South"]),
        ("objectType = office AND Name = NORTH", ["North"]),
        ("Name == NORTH", []),
        ("Name == North", ["North"]),
        ("objectType = Office AND Name != north", ['Hof "A\\B"', "South"]),
        ("Name IN (North, South)", ["North", "South"]),
        ("objectType = Office AND Name NOT IN (north)", ['Hof "A\\B"', "South"]),
        ("City LIKE o", ["North", "South"]),
        ("City STARTSWITH ro", ["South"]),
        ("Name STARTSWITH desk OR City = Oslo", ["Desk 1", "desk 2", "North"]),
        (r'Name = "Hof \"A\\B\""', ['Hof "A\\B"']),
        ('"Office" IS EMPTY', ["Spare desk"]),
        ("Office IS NOT EMPTY", ["Desk 1", "desk 2"]),
        ("Office.City = oslo", ["Desk 1"]),
        ("Office = North", ["Desk 1"]),
        ('Owner = "mika berg"', ["Desk 1"]),
        ("label = south", ["South"]),
        ("(City = Oslo OR City = Rome) AND Name LIKE th AND Floor = 10", ["South"]),
        ("objectType = Office ORDER BY Floor", ['Hof "A\\B"', "North", "South"]),
        ("objectType = Office ORDER BY Floor DESC", ["South", "North", 'Hof "A\\B"']),
        ("objectType = Desk ORDER BY Office.City", ["Spare desk", "Desk 1", "desk 2"]),
        ("objectType = Desk order by label desc", ["Spare desk", "desk 2", "Desk 1"]),
        ('objectType = Office ORDER BY "Key" ASC', ["North", "South", 'Hof "A\\B"']),
    ],
)
def test_a_query_finds_what_it_says(offices: World, query: str, found: list[str]) -> None:
    assert offices.labels(query) == found


def test_marks_every_object_has_can_be_asked(offices: World) -> None:
    (north,) = offices.aql("Name = North").json()["values"]
    type_id, schema_id = north["objectType"]["id"], north["objectType"]["objectSchemaId"]
    assert offices.labels(f"objectId = {north['id']}") == ["North"]
    assert offices.labels(f'Key = "{north["objectKey"].lower()}"') == ["North"]
    assert offices.labels(f'Office = "{north["objectKey"]}"') == ["Desk 1"]
    assert offices.labels(f'"Office".Key = "{north["objectKey"]}"') == ["Desk 1"]
    assert offices.labels(f"objectTypeId IN ({type_id}) AND Name = north") == ["North"]
    assert len(offices.labels(f"objectSchemaId = {schema_id}")) == 6


def test_a_user_is_found_by_account_id_and_by_a_name_that_two_people_share(offices: World) -> None:
    mika, zoe = offices.cast.employees[:2]
    offices.people.change(zoe, display_name="Mika Berg")
    assert offices.labels(f'Owner = "{zoe}"') == ["desk 2"]
    assert offices.labels(f'Owner IN ("{zoe}", "{mika}")') == ["Desk 1", "desk 2"]
    assert offices.labels('Owner = "Mika Berg"') == ["Desk 1", "desk 2"]
    assert offices.labels("Owner = currentUser()") == []


@pytest.mark.parametrize(
    "query",
    ["Colour = red", "objectType = Desk AND City = Oslo", "Office.Colour = red",
     "City.Name = x", "Name = a OR Nope = b", "objectType = Office ORDER BY Nope"],
)  # fmt: skip
def test_an_attribute_no_addressed_type_has_makes_the_whole_query_a_400(
    offices: World, query: str
) -> None:
    got = offices.aql(query)
    assert got.status_code == 400
    assert got.json()["errorMessages"]


def test_paging_is_read_from_the_address_and_a_large_page_is_lowered(offices: World) -> None:
    offices.cloud.shape.page_cap = 2
    body = {"qlQuery": "objectType = Office", "startAt": 2}
    got = offices.call("POST", "object/aql", body, params={"maxResults": 900}).json()
    assert (got["startAt"], got["maxResults"], len(got["values"])) == (0, 2, 2)
    assert got["isLast"] is False
    last = offices.aql("objectType = Office", startAt=2).json()
    assert (len(last["values"]), last["isLast"], last["total"]) == (1, True, 3)


def test_an_answer_can_have_the_shapes_other_tenants_have(offices: World) -> None:
    shape = offices.cloud.shape
    shape.is_last_as_text = shape.without_total = True
    got = offices.aql("objectType = Office").json()
    assert got["isLast"] == "true"
    assert "total" not in got


def test_the_total_is_asked_for_separately(offices: World) -> None:
    got = offices.call("POST", "object/aql/totalcount", {"qlQuery": "objectType = Office"})
    assert got.json() == {"totalCount": 3}


def test_whether_unequal_finds_empty_values_is_a_switch(offices: World) -> None:
    query = "objectType = Desk AND Office != North"
    assert offices.labels(query) == ["desk 2"]
    offices.cloud.shape.rules = type(offices.cloud.shape.rules)(not_equal_finds_empty=True)
    assert offices.labels(query) == ["desk 2", "Spare desk"]


def test_attributes_are_joined_by_their_id(offices: World) -> None:
    got = offices.aql("Name = North").json()
    names = {row["id"]: row["name"] for row in got["objectTypeAttributes"]}
    held = {
        names[row["objectTypeAttributeId"]]: row["objectAttributeValues"][0]["displayValue"]
        for row in got["values"][0]["attributes"]
    }
    assert held["City"] == "Oslo"
    assert held["Key"] == got["values"][0]["objectKey"]
    bare = offices.aql("Name = North", includeAttributes="false").json()
    assert "attributes" not in bare["values"][0]


def test_equal_labels_may_come_in_another_order_on_each_page(world: World) -> None:
    kind = world.space.add_type(world.space.add_schema("S", "S").id, "Twin")
    name = world.space.attribute_named(kind.id, "Name")
    assert name is not None
    for _ in range(30):
        world.space.add_thing(kind.id, {name.id: ("Twin",)})
    world.cloud.shape.unstable_ties = True
    orders = {tuple(r["id"] for r in world.aql("label = Twin").json()["values"]) for _ in range(3)}
    by_key = {
        tuple(r["id"] for r in world.aql("label = Twin ORDER BY Key").json()["values"])
        for _ in range(3)
    }
    assert len(orders) > 1
    assert len(by_key) == 1
