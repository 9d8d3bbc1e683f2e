"""Members, owners, batches: relations that have an address of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.directory import CAST
from sandbox.directory.groups import EMPTY, EVERY_DEPARTMENT, EVERYONE, WITH_DEVICES
from sandbox.faults import Fault
from sandbox.graph import throttled
from tests.stand_ins.microsoft import Side, running, values

PEOPLE = "transitiveMembers/microsoft.graph.user?$select=id&$count=true"
DEVICE = CAST[1].devices[0].entra_id
OWNERS = f"/devices/{DEVICE}/registeredOwners?$select=id"


@pytest.fixture
def side() -> Iterator[Side]:
    with running(150) as started:
        yield started


def test_nested_groups_give_their_people_once(side: Side) -> None:
    found = values(side.pages(f"groups/{EVERY_DEPARTMENT}/{PEOPLE}", ConsistencyLevel="eventual"))
    ids = [one["id"] for one in found]
    assert len(ids) == len(set(ids))
    in_departments = {
        one for one in side.directory.users if side.directory.users.value(one, "department")
    }
    assert set(ids) == in_departments


def test_a_cast_needs_the_header_and_count(side: Side) -> None:
    path = f"groups/{EVERYONE}/transitiveMembers/microsoft.graph.user?$select=id"
    assert side.refused(path)[:2] == (400, "Request_UnsupportedQuery")
    assert side.refused(path, ConsistencyLevel="eventual")[0] == 400
    page = side.json(f"{path}&$count=true&$top=50", ConsistencyLevel="eventual")
    living = [one for one in side.directory.members_of(EVERYONE) if one in side.directory.users]
    assert page["@odata.count"] == len(living)
    assert len(page["value"]) == 50


def test_members_of_any_kind_say_which_kind_they_are(side: Side) -> None:
    found = values(side.pages(f"groups/{WITH_DEVICES}/transitiveMembers?$select=id"))
    kinds = {one["@odata.type"].rpartition(".")[2] for one in found}
    assert kinds == {"user", "device", "group"}
    assert all(set(one) == {"@odata.type", "id"} for one in found)


def test_an_empty_group_has_no_members_and_an_unknown_one_is_404(side: Side) -> None:
    assert side.json(f"groups/{EMPTY}/transitiveMembers")["value"] == []
    assert side.refused("groups/nowhere/transitiveMembers")[:2] == (
        404,
        "Request_ResourceNotFound",
    )


def test_owners_of_a_device_are_people_and_follow_a_change(side: Side) -> None:
    assert [one["id"] for one in side.json(OWNERS[1:])["value"]] == [CAST[1].entra_id]
    side.directory.unassign_device(DEVICE)
    assert side.json(OWNERS[1:])["value"] == []
    assert side.refused("devices/nothing/registeredOwners")[0] == 404


def test_a_batch_answers_each_item_by_its_id_in_any_order(side: Side) -> None:
    urls = [f"/devices/{one}/registeredOwners?$select=id" for one in side.directory.devices.order]
    items = [{"id": str(n), "method": "GET", "url": url} for n, url in enumerate(urls[:20])]
    responses = side.post_batch({"requests": items}).json()["responses"]
    assert sorted(int(one["id"]) for one in responses) == list(range(20))
    assert [one["id"] for one in responses] != [item["id"] for item in items]
    for one in responses:
        device = side.directory.devices.order[int(one["id"])]
        got = [owner["id"] for owner in one["body"]["value"]]
        assert got == list(side.directory.owners_of(device))


def test_more_than_twenty_items_or_a_doubled_id_are_refused(side: Side) -> None:
    items = [{"id": str(n), "method": "GET", "url": OWNERS} for n in range(21)]
    assert side.post_batch({"requests": items}).status_code == 400
    assert side.post_batch({"requests": [items[0], items[0]]}).status_code == 400
    assert side.post_batch({"requests": "x"}).status_code == 400
    assert side.post_batch({"requests": items[:20]}).status_code == 200


def test_a_url_with_the_version_is_refused_in_its_item(side: Side) -> None:
    got = side.batch("/v1.0/users", OWNERS)
    assert (got["0"]["status"], got["1"]["status"]) == (400, 200)


def test_an_item_fails_by_itself_and_shows_its_own_wait(side: Side) -> None:
    side.graph.fail_next("GET", ".*/registeredOwners", throttled("2.128"), times=1, skip=1)
    got = side.batch(OWNERS, OWNERS, OWNERS)
    assert [got[n]["status"] for n in ("0", "1", "2")] == [200, 429, 200]
    assert got["1"]["headers"]["Retry-After"] == "2.128"
    assert got["1"]["body"]["error"]["code"] == "TooManyRequests"


def test_the_outer_status_may_be_424_when_items_were_throttled(side: Side) -> None:
    side.behaviour.throttled_batch_status = 424
    side.graph.fail_next("GET", ".*/registeredOwners", throttled(None))
    reply = side.post_batch({"requests": [{"id": "1", "method": "GET", "url": OWNERS}]})
    assert (reply.status_code, reply.json()["responses"][0]["status"]) == (424, 429)
    assert "Retry-After" not in reply.json()["responses"][0]["headers"]


def test_an_item_that_needs_a_failed_one_fails(side: Side) -> None:
    items = [
        {"id": "1", "method": "GET", "url": "/devices/none/registeredOwners"},
        {"id": "2", "method": "GET", "url": OWNERS, "dependsOn": ["1"]},
    ]
    responses = side.post_batch({"requests": items}).json()["responses"]
    assert {one["id"]: one["status"] for one in responses} == {"1": 404, "2": 424}


def test_items_need_the_permission_of_their_resource_and_the_batch_a_token(side: Side) -> None:
    side.register("User.Read.All")
    assert side.batch(OWNERS, "/users")["0"]["status"] == 403
    side.graph.fail_next("POST", ".*batch", Fault.html(502))
    assert side.post_batch({"requests": []}).status_code == 502


def test_items_stand_in_the_call_log_beside_their_batch(side: Side) -> None:
    side.batch(OWNERS, OWNERS)
    assert len(side.graph.calls_to("GET", ".*/registeredOwners")) == 2
    assert len(side.graph.calls_to("POST", r"/v1\.0/\$batch")) == 1
