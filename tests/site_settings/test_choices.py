"""What an administrator can choose from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.errors import CredentialRefused, InputRefused, NotAllowed, NotConfigured, ServiceFailed
from app.inventory import Attribute, ObjectType, Schema
from app.site import Group, RequestField
from app.words import Json
from tests.site_settings.administrator import Administrator
from tests.site_settings.bodies import BODIES
from tests.stand_ins.settings_outside import INSTANCE, World

WITH_ACCOUNT = ["schemas", "object_types", "attributes", "service_desks", "request_types"]


@pytest.fixture
def with_account(administrator: Administrator) -> Administrator:
    administrator.save("assets-access", BODIES["assets-access"])
    return administrator


def asked(administrator: Administrator, kind: str | None, **given: str | None) -> Json:
    return administrator.desk.choices(INSTANCE, kind, **given)


def names(answer: Json) -> list[str]:
    return [row["name"] for row in answer["choices"]]


def test_groups_are_jiras_and_need_no_account(administrator: Administrator) -> None:
    assert asked(administrator, "groups", query="Sta") == {
        "choices": [{"id": "g-1", "name": "Staff"}],
        "next_cursor": None,
    }


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("schemas", {"id": "s-2", "name": "Finance", "key": "FIN"}),
        (
            "object_types",
            {
                "id": "t-2",
                "name": "Contract",
                "schema": {"id": "s-2", "name": "Finance"},
                "parent_id": None,
            },
        ),
        (
            "attributes",
            {
                "id": "a-1",
                "name": "Owner",
                "object_type": {"id": "t-1", "name": "Laptop"},
                "hidden": False,
            },
        ),
        ("service_desks", {"id": "4", "name": "Help", "project_key": "HELP"}),
        (
            "request_types",
            {"id": "17", "name": "Broken device", "service_desk": {"id": "4", "name": "Help"}},
        ),
    ],
)
def test_each_kind_gives_id_and_name_and_where_it_belongs(
    with_account: Administrator, kind: str, row: Json
) -> None:
    assert asked(with_account, kind)["choices"][0] == row


@pytest.mark.parametrize("kind", WITH_ACCOUNT)
def test_without_an_account_nothing_but_groups_can_be_chosen(
    administrator: Administrator, kind: str
) -> None:
    with pytest.raises(NotConfigured, match="assets-access"):
        asked(administrator, kind)


@pytest.mark.parametrize("kind", WITH_ACCOUNT)
def test_a_dead_account_gives_no_empty_list(
    with_account: Administrator, world: World, kind: str
) -> None:
    world.site.account = CredentialRefused()
    with pytest.raises(NotConfigured, match="no longer accepts"):
        asked(with_account, kind)


def test_the_query_filters_by_name_ignoring_case(with_account: Administrator) -> None:
    assert names(asked(with_account, "schemas", query="HARD")) == ["Hardware"]
    assert names(asked(with_account, "object_types", query="contr")) == ["Contract"]
    assert names(asked(with_account, "attributes", query="own")) == ["Owner"]


def test_attributes_say_whether_assets_hides_them(
    with_account: Administrator, world: World
) -> None:
    owner, model = world.assets.attributes("t-1")
    world.assets.known = [owner, replace(model, hidden=True)]
    told = asked(with_account, "attributes", query="t-1")["choices"]
    assert [one["hidden"] for one in told] == [False, True]


def test_the_id_of_a_parent_gives_all_that_belongs_to_it(with_account: Administrator) -> None:
    assert names(asked(with_account, "object_types", query="s-1")) == ["Laptop"]
    assert names(asked(with_account, "attributes", query="t-1")) == ["Owner", "Model"]
    assert names(asked(with_account, "request_types", query="4")) == ["Broken device"]


def test_the_fields_of_a_request_type_are_those_that_may_carry_an_asset(
    with_account: Administrator, world: World
) -> None:
    world.site.fields = (
        RequestField("summary", "Summary", True, holds_assets=False),
        RequestField("customfield_2", "Device", False, holds_assets=True),
        RequestField("customfield_3", "A field of an unknown kind", False),
    )
    found = asked(with_account, "request_fields", query="4/17")
    assert names(found) == ["A field of an unknown kind", "Device"]
    assert found["choices"][1]["id"] == "customfield_2"


@pytest.mark.parametrize("query", [None, "", "4", "/17", "4/"])
def test_fields_are_asked_of_one_request_type(
    with_account: Administrator, query: str | None
) -> None:
    with pytest.raises(InputRefused) as refused:
        asked(with_account, "request_fields", query=query)
    assert [problem.field for problem in refused.value.problems] == ["query"]


def test_a_long_list_comes_in_pages(administrator: Administrator, world: World) -> None:
    world.site.groups = tuple(Group(f"g-{n:03}", f"Group {n:03}") for n in range(120))
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(3):
        page = asked(administrator, "groups", query="", cursor=cursor)
        seen += names(page)
        cursor = page["next_cursor"]
    assert cursor is None
    assert seen == [group.name for group in world.site.groups]


def test_attributes_come_a_few_types_at_a_time(with_account: Administrator, world: World) -> None:
    world.assets.listed = [Schema("s-1", "Hardware", "HW")]
    world.assets.types = [ObjectType(f"t-{n}", f"Type {n}", "s-1") for n in range(25)]
    world.assets.known = [Attribute(f"a-{n}", f"Name {n}", f"t-{n}", 0) for n in range(25)]
    sizes, cursor = [], None
    for _ in range(3):
        page = asked(with_account, "attributes", cursor=cursor)
        sizes.append(len(page["choices"]))
        cursor = page["next_cursor"]
    assert (sizes, cursor) == ([10, 10, 5], None)


def test_a_schema_that_may_not_be_read_hides_no_other(
    with_account: Administrator, world: World
) -> None:
    world.assets.closed = {"s-2": NotAllowed()}
    assert names(asked(with_account, "object_types")) == ["Laptop"]


def test_a_service_that_refuses_the_account_is_not_a_refusal_of_the_administrator(
    with_account: Administrator, world: World
) -> None:
    world.assets.listed = NotAllowed()
    with pytest.raises(ServiceFailed):
        asked(with_account, "schemas")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": None}, "kind"),
        ({"kind": "people"}, "kind"),
        ({"kind": "groups", "cursor": "x"}, "cursor"),
        ({"kind": "groups", "cursor": "-1"}, "cursor"),
        ({"kind": "groups", "cursor": "9" * 40}, "cursor"),
        ({"kind": "groups", "query": "q" * 256}, "query"),
    ],
)
def test_an_unknown_kind_or_cursor_is_refused(
    administrator: Administrator, given: Json, field: str
) -> None:
    with pytest.raises(InputRefused) as refused:
        administrator.desk.choices(INSTANCE, **given)
    assert [problem.field for problem in refused.value.problems] == [field]
