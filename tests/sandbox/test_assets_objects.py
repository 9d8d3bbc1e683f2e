"""Objects, attributes and schemas over REST: what is checked, who may, what is seen."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from sandbox.assets.model import Kind
from sandbox.assets.seed import seed_hardware
from tests.sandbox.assets_world import World


@pytest.fixture
def hardware(world: World) -> World:
    seed_hardware(world.cloud, world.cast.employees)
    return world


def _one(world: World, query: str) -> dict[str, Any]:
    found: dict[str, Any] = world.aql(query).json()["values"][0]
    return found


def _attribute(world: World, thing: dict[str, Any], name: str) -> str:
    type_id = int(thing["objectType"]["id"])
    found = world.space.attribute_named(type_id, name)
    assert found is not None
    return str(found.id)


def _put(
    world: World, thing: dict[str, Any], values: dict[str, list[Any]], **more: Any
) -> requests.Response:
    rows = [
        {"objectTypeAttributeId": number, "objectAttributeValues": [{"value": v} for v in sent]}
        for number, sent in values.items()
    ]
    body = {"objectTypeId": thing["objectType"]["id"], "attributes": rows, **more}
    return world.call("PUT", f"object/{thing['id']}", body)


def test_the_seed_gives_each_employee_a_laptop_a_phone_and_licences(hardware: World) -> None:
    for account_id in hardware.cast.employees:
        mine = hardware.aql(f'"Owner" = "{account_id}"').json()["values"]
        kinds = {row["objectType"]["name"] for row in mine}
        assert kinds == {"Laptop", "Phone", "Licence"}


def test_the_same_seed_makes_the_same_objects(hardware: World) -> None:
    other = World()
    seed_hardware(other.cloud, other.cast.employees)
    query = "objectSchema = Hardware"
    assert other.labels(query) == hardware.labels(query)
    other.close()


def test_children_inherit_attributes_and_name_their_parent(hardware: World) -> None:
    laptop = _one(hardware, "objectType = Laptop")["objectType"]
    rows = hardware.call("GET", f"objecttype/{laptop['id']}/attributes").json()
    assert {"Key", "Name", "Owner", "Serial number"} <= {row["name"] for row in rows}
    parent = hardware.call("GET", f"objecttype/{laptop['parentObjectTypeId']}").json()
    assert (parent["name"], parent["inherited"]) == ("Hardware asset", True)


def test_attributes_left_out_of_a_put_stay_and_an_empty_list_clears(hardware: World) -> None:
    thing = _one(hardware, 'objectType = Phone AND "Owner" IS NOT EMPTY')
    owner = _attribute(hardware, thing, "Owner")
    serial = _attribute(hardware, thing, "Serial number")
    assert _put(hardware, thing, {serial: ["SN-NEW"]}).status_code == 200
    assert hardware.labels('"Serial number" = sn-new AND "Owner" IS NOT EMPTY') == [thing["label"]]
    assert _put(hardware, thing, {owner: []}).status_code == 200
    assert hardware.labels('"Serial number" = sn-new AND "Owner" IS EMPTY') == [thing["label"]]


@pytest.mark.parametrize(
    ("name", "value"),
    [("Owner", "nobody"), ("Bought on", "yesterday"), ("Price", "much"), ("State", "In use"),
     ("Serial number", "x" * 256), ("Name", ""), ("Key", "HW-1")],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_400_and_named_by_its_attribute(
    hardware: World, name: str, value: str
) -> None:
    thing = _one(hardware, "objectType = Laptop")
    number = _attribute(hardware, thing, name)
    got = _put(hardware, thing, {number: [value]})
    assert got.status_code == 400
    assert list(got.json()["errors"]) == [f"rlabs-insight-attribute-{number}"]


def test_an_attribute_of_another_type_is_400(hardware: World) -> None:
    laptop, phone = (_one(hardware, f"objectType = {name}") for name in ("Laptop", "Phone"))
    got = _put(hardware, laptop, {_attribute(hardware, phone, "IMEI"): ["1"]})
    assert got.status_code == 400
    assert "Object Type Attribute not valid" in got.json()["errorMessages"][0]


def test_a_unique_attribute_refuses_a_second_holder_but_not_the_same_one(hardware: World) -> None:
    first, second = hardware.aql("objectType = Phone").json()["values"][:2]
    serial = _attribute(hardware, first, "Serial number")
    hardware.space.attributes[int(serial)].unique = True
    assert _put(hardware, first, {serial: ["SN-1"]}).status_code == 200
    assert _put(hardware, first, {serial: ["SN-1"]}).status_code == 200
    assert _put(hardware, second, {serial: ["sn-1"]}).status_code == 400


def test_a_new_attribute_is_checked_and_only_a_manager_may_make_it(hardware: World) -> None:
    type_id = _one(hardware, "objectType = Phone")["objectType"]["id"]
    at = f"objecttypeattribute/{type_id}"
    bad = [{"name": "Owner", "type": 2}, {"name": "A", "type": 0}, {"name": "B", "type": 1},
           {"name": "", "type": 2}, {"name": "C", "type": 99}, []]  # fmt: skip
    assert [hardware.call("POST", at, body).status_code for body in bad] == [400] * len(bad)
    made = hardware.call("POST", at, {"name": "Jira account", "type": 2})
    assert (made.status_code, made.json()["type"]) == (201, 2)
    mika = hardware.cast.employees[0]
    hardware.session.headers["Authorization"] = hardware.basic(mika)
    for role, status in (("developer", 403), ("manager", 201)):
        schema_id = next(iter(hardware.space.schemas))
        hardware.cloud.roles.grant(schema_id, mika, role)
        assert hardware.call("POST", at, {"name": "Mine", "type": 2}).status_code == status


def test_a_user_attribute_limited_to_groups_refuses_others(hardware: World) -> None:
    thing = _one(hardware, "objectType = Phone")
    owner = _attribute(hardware, thing, "Owner")
    hardware.space.attributes[int(owner)].groups = ("jira-administrators",)
    refused = _put(hardware, thing, {owner: [hardware.cast.employees[0]]})
    assert list(refused.json()["errors"].values()) == ["Invalid due to restrictions"]
    assert _put(hardware, thing, {owner: [hardware.cast.administrator]}).status_code == 200


def test_a_deleted_object_is_gone_and_so_are_references_to_it(world: World) -> None:
    space = world.space
    kind = space.add_type(space.add_schema("S", "S").id, "Thing")
    link = space.add_attribute(kind.id, "Next", kind=Kind.REFERENCE, target_type_id=kind.id)
    name = space.attribute_named(kind.id, "Name")
    assert name is not None
    first = space.add_thing(kind.id, {name.id: ("first",)})
    space.add_thing(kind.id, {name.id: ("second",), link.id: (str(first.id),)})
    assert world.labels("Next = first") == ["second"]
    assert world.call("DELETE", f"object/{first.id}").status_code == 200
    assert world.call("GET", f"object/{first.id}").status_code == 404
    assert world.labels("Next IS EMPTY") == ["second"]


def test_a_schema_without_a_role_is_absent_from_lists_and_searches_and_403_by_id(
    hardware: World,
) -> None:
    schema_id = next(iter(hardware.space.schemas))
    thing = _one(hardware, "objectType = Laptop")
    assert hardware.call("GET", "objectschema/list").json()["total"] == 1
    hardware.cloud.roles.deny(schema_id, hardware.cast.administrator)
    assert hardware.call("GET", "objectschema/list").json()["values"] == []
    asked = (f"objectschema/{schema_id}", f"objectschema/{schema_id}/objecttypes/flat",
             f"objecttype/{thing['objectType']['id']}/attributes", f"object/{thing['id']}",
             f"config/statustype?objectSchemaId={schema_id}")  # fmt: skip
    assert {hardware.call("GET", path).status_code for path in asked} == {403}
    assert hardware.aql('"Owner" IS NOT EMPTY').status_code == 400
    assert hardware.labels("label IS NOT EMPTY") == []


def test_a_viewer_reads_and_may_not_write(hardware: World) -> None:
    thing = _one(hardware, "objectType = Phone")
    mika = hardware.cast.employees[0]
    hardware.cloud.roles.grant(next(iter(hardware.space.schemas)), mika, "viewer")
    hardware.session.headers["Authorization"] = hardware.basic(mika)
    assert hardware.call("GET", f"object/{thing['id']}").status_code == 200
    assert _put(hardware, thing, {}).status_code == 403
    assert hardware.call("DELETE", f"object/{thing['id']}").status_code == 403


def test_an_employee_without_any_role_sees_nothing(hardware: World) -> None:
    hardware.session.headers["Authorization"] = hardware.basic(hardware.cast.employees[0])
    assert hardware.call("GET", "objectschema/list").json()["total"] == 0


def test_no_or_a_wrong_token_is_401_and_another_workspace_404(hardware: World) -> None:
    url = f"{hardware.base}/objectschema/list"
    wrong = hardware.session.headers["Authorization"] + "AA"
    assert requests.get(url, timeout=5).status_code == 401
    assert requests.get(url, headers={"Authorization": wrong}, timeout=5).status_code == 401
    other = url.replace(hardware.cloud.workspace_id, "00000000-0000-0000-0000-000000000000")
    assert hardware.session.get(other, timeout=5).status_code == 404


def test_the_second_base_address_leads_to_the_same_workspace(hardware: World) -> None:
    at = f"{hardware.cloud.base_url}/ex/jira/{hardware.cloud.cloud_id}/jsm/assets/workspace"
    url = f"{at}/{hardware.cloud.workspace_id}/v1/objectschema/list"
    assert hardware.session.get(url, timeout=5).json()["total"] == 1
    wrong = url.replace(hardware.cloud.cloud_id, "elsewhere")
    assert hardware.session.get(wrong, timeout=5).status_code == 404


def test_what_is_not_played_is_501(hardware: World) -> None:
    got = hardware.call("GET", "icon/global")
    assert got.status_code == 501
    assert "icon/global" in got.json()["error"]


def test_a_hidden_address_of_a_user_is_not_shown_in_an_object(hardware: World) -> None:
    mika = hardware.cast.employees[0]
    hardware.people.change(mika, email_shown_to="nobody")
    thing = _one(hardware, f'objectType = Laptop AND "Owner" = "{mika}"')
    users = [v["user"] for row in thing["attributes"] for v in row["objectAttributeValues"]
             if "user" in v]  # fmt: skip
    assert users[0]["key"] == mika
    assert users[0]["emailAddress"] == ""
