"""Lists: `$select` is exact, pages are bounded, links are opaque, filters follow Graph's rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.directory import CAST
from sandbox.graph.properties import USER_DEFAULT
from tests.stand_ins.microsoft import Side, running, values


@pytest.fixture
def side() -> Iterator[Side]:
    with running(240) as started:
        yield started


def test_a_list_shows_exactly_what_was_selected_and_the_id(side: Side) -> None:
    for one in side.json("users?$select=department,mail")["value"]:
        assert set(one) == {"id", "department", "mail"}


def test_without_select_people_show_the_default_properties(side: Side) -> None:
    assert set(side.json("users")["value"][0]) == set(USER_DEFAULT)


def test_an_unset_property_is_null_and_an_unset_collection_is_empty(side: Side) -> None:
    one = side.json("users?$select=mobilePhone,faxNumber,otherMails")["value"][0]
    assert (one["mobilePhone"], one["faxNumber"], one["otherMails"]) == (None, None, [])


def test_an_unknown_property_is_refused_by_its_name(side: Side) -> None:
    status, code, message = side.refused("users?$select=id,nickname")
    assert (status, code) == (400, "BadRequest")
    assert "'nickname' on type 'microsoft.graph.user'" in message


def test_a_property_of_single_people_is_501_in_a_list(side: Side) -> None:
    assert side.refused("users?$select=skills")[:2] == (501, "NotImplemented")


def test_a_device_has_no_serial_number(side: Side) -> None:
    assert side.refused("devices?$select=serialNumber")[0] == 400
    assert side.get("deviceManagement/managedDevices?$select=serialNumber").status_code == 200


def test_pages_hold_a_hundred_unless_asked_otherwise(side: Side) -> None:
    assert [len(page["value"]) for page in side.pages("users?$select=id")] == [100, 100, 40]
    assert [len(page["value"]) for page in side.pages("users?$top=999")] == [240]
    assert [len(page["value"]) for page in side.pages("users?$top=120&$select=id")] == [120, 120]


def test_following_the_links_gives_everybody_once(side: Side) -> None:
    ids = [one["id"] for one in values(side.pages("users?$select=id&$top=7"))]
    assert ids == side.directory.users.order[:240]


@pytest.mark.parametrize("top", ["1000", "0", "-1", "many"])
def test_a_page_size_out_of_range_is_refused_in_graphs_words(side: Side, top: str) -> None:
    status, code, message = side.refused(f"users?$top={top}")
    assert (status, code) == (400, "Request_BadRequest")
    assert message == f"Invalid page size specified: '{top}'. Must be between 1 and 999 inclusive."


def test_skip_is_not_supported(side: Side) -> None:
    assert side.refused("users?$skip=10")[0] == 400


@pytest.mark.parametrize("query", ["$sellect=id", "$select=id&$select=mail", "limit=3"])
def test_an_unknown_or_doubled_option_is_refused(side: Side, query: str) -> None:
    assert side.refused(f"users?{query}")[0] == 400


def test_a_page_token_of_another_query_or_edited_is_refused(side: Side) -> None:
    link = side.json("users?$select=id")["@odata.nextLink"]
    token = link.partition("$skiptoken=")[2]
    assert side.refused(f"users?$select=id,mail&$skiptoken={token}")[0] == 400
    assert side.refused(f"devices?$select=id&$skiptoken={token}")[0] == 400
    assert side.refused(link.replace("skiptoken=", "skiptoken=A"))[:2] == (
        400,
        "Directory_ExpiredPageToken",
    )


def test_expanding_the_manager_caps_the_page_at_a_hundred(side: Side) -> None:
    page = side.json("users?$select=id&$expand=manager&$top=999")
    assert len(page["value"]) == 100
    by_id = {one["id"]: one for one in page["value"]}
    assert "manager" not in by_id[CAST[0].entra_id]
    manager = by_id[CAST[1].entra_id]["manager"]
    assert manager["id"] == CAST[0].entra_id
    assert {*USER_DEFAULT, "@odata.type"} == set(manager)


def test_expanding_owners_caps_the_page_and_shows_whole_people(side: Side) -> None:
    page = side.json("devices?$select=id&$expand=registeredOwners&$top=999")
    assert len(page["value"]) == 100
    first = page["value"][0]["registeredOwners"]
    assert [(one["@odata.type"], one["id"]) for one in first] == [
        ("#microsoft.graph.user", CAST[0].entra_id)
    ]
    assert any(one["registeredOwners"] == [] for one in page["value"])


@pytest.mark.parametrize(
    "expand", ["memberOf", "manager($levels=1;$select=id)", "manager($select=id)"]
)
def test_no_other_expansion_works_in_a_list(side: Side, expand: str) -> None:
    assert side.refused(f"users?$expand={expand}")[0] == 400


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("displayName eq 'Maeve O''Shara'", [2]),
        ("startswith(displayName,'maeve')", [2]),
        ("department eq 'IT' and startswith(userPrincipalName,'ines.')", [0]),
        (f"id in ('{CAST[0].entra_id}','{CAST[1].entra_id}')", [0, 1]),
        (f"(id eq '{CAST[0].entra_id}' or id eq '{CAST[3].entra_id}')", [0, 3]),
    ],
)
def test_plain_filters_work_without_advanced_queries(
    side: Side, wanted: str, found: list[int]
) -> None:
    got = values(side.pages(f"users?$select=id&$filter={wanted}"))
    assert [one["id"] for one in got] == [CAST[number].entra_id for number in found]


def test_filtered_pages_together_hold_exactly_who_passes(side: Side) -> None:
    path = "users?$select=accountEnabled,userType&$top=5&$filter="
    found = values(side.pages(f"{path}accountEnabled eq true and userType eq 'Guest'"))
    users = side.directory.users
    assert {one["id"] for one in found} == {
        one
        for one in users
        if users.value(one, "accountEnabled") and users.value(one, "userType") == "Guest"
    }


@pytest.mark.parametrize(
    "wanted",
    ["companyName ne null", "not(userType eq 'Guest')", "endsWith(mail,'@contoso.example')"],
)
def test_an_advanced_filter_needs_both_the_header_and_count(side: Side, wanted: str) -> None:
    path = f"users?$select=id&$filter={wanted}"
    assert side.refused(path)[:2] == (400, "Request_UnsupportedQuery")
    assert side.refused(path, ConsistencyLevel="eventual")[0] == 400
    assert side.refused(f"{path}&$count=true")[0] == 400
    assert side.get(f"{path}&$count=true", ConsistencyLevel="eventual").status_code == 200


def test_the_header_is_needed_again_on_each_next_link(side: Side) -> None:
    page = side.json("users?$count=true&$select=id", ConsistencyLevel="eventual")
    assert page["@odata.count"] == 240
    assert side.refused(page["@odata.nextLink"])[0] == 400
    second = side.json(page["@odata.nextLink"], ConsistencyLevel="eventual")
    assert "@odata.count" not in second


@pytest.mark.parametrize(
    "wanted", ["displayName", "displayName eq 'x", "shoeSize eq 4", "a eq b c", ""]
)
def test_a_filter_that_cannot_be_read_is_400(side: Side, wanted: str) -> None:
    assert side.refused(f"users?$filter={wanted}")[0] == 400


def test_soft_deleted_people_are_listed_in_the_recycle_bin_only(side: Side) -> None:
    side.directory.remove_person(CAST[1].entra_id)
    path = "directory/deletedItems/microsoft.graph.user?$select=id,deletedDateTime"
    binned = {one["id"]: one for one in values(side.pages(path))}
    assert len(binned) == 4
    assert binned[CAST[1].entra_id]["deletedDateTime"] == "2026-11-20T09:00:00Z"
    assert CAST[1].entra_id not in {one["id"] for one in values(side.pages("users"))}


def test_a_page_names_its_context(side: Side) -> None:
    context = side.json("users?$select=mail")["@odata.context"]
    assert context == f"{side.graph_url}/v1.0/$metadata#users(id,mail)"


def test_names_travel_unharmed_in_any_script(side: Side) -> None:
    shown = {one["displayName"] for one in values(side.pages("users?$select=displayName"))}
    held = {side.directory.users.value(one, "displayName") for one in side.directory.users}
    assert shown == held
