"""Graph at the wire: pages stay on their own host, and nothing odd ever becomes "nothing"."""

from __future__ import annotations

import pytest
import requests

from app.errors import (
    CredentialRefused,
    NotAllowed,
    NotThere,
    ServiceFailed,
    ServiceTimedOut,
    ServiceUnreachable,
    SlowDown,
)
from app.imports.kinds.records import Pointer
from app.outside.credentials import Bearer
from app.outside.microsoft.graph import GraphReader
from app.words import Secret
from tests.stand_ins.wire import Reply, Wire

GRAPH = "https://graph.a.example"
NEXT = f"{GRAPH}/v1.0/users/delta?$skiptoken=two"


def reader(wire: Wire) -> GraphReader:
    return GraphReader(wire.caller(), GRAPH, Bearer(Secret("canary-token")))


def test_people_are_read_by_delta_with_exactly_what_is_selected() -> None:
    wire = Wire(
        Reply(
            {
                "@odata.context": "x",
                "@odata.nextLink": NEXT,
                "value": [
                    {
                        "id": "a",
                        "displayName": "Ada",
                        "accountEnabled": True,
                        "manager@delta": [{"@odata.type": "#microsoft.graph.user", "id": "b"}],
                    }
                ],
            }
        )
    )
    page = reader(wire).people(None, ["id", "displayName", "manager"])
    assert wire.addresses() == [f"GET {GRAPH}/v1.0/users/delta?$select=id,displayName,manager"]
    assert (page.next_link, page.value[0].display_name, page.value[0].mail) == (NEXT, "Ada", None)
    assert [each.id for each in page.value[0].manager or []] == ["b"]


def test_an_empty_page_with_a_next_link_is_a_page() -> None:
    wire = Wire(Reply({"value": [], "@odata.nextLink": NEXT}), Reply({"value": [{"id": "a"}]}))
    graph = reader(wire)
    assert graph.people(None, ["id"]).value == []
    assert graph.people(NEXT, ["id"]).value[0].id == "a"
    assert wire.sent[1].url == NEXT


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v1.0/users/delta",
        "http://graph.a.example/v1.0/users/delta?$skiptoken=two",
        "https://graph.a.example.evil.example/",
        "https://graph.a.example@evil.example/",
        "https://graph.a.example:444/v1.0/users",
        f"{GRAPH}/v1.0/users/delta?$select=id",
        "not an address",
    ],
)
def test_a_next_link_to_another_host_or_in_a_circle_ends_the_read(link: str) -> None:
    wire = Wire(Reply({"value": [], "@odata.nextLink": link}))
    with pytest.raises(ServiceFailed):
        reader(wire).people(None, ["id"])
    assert len(wire.sent) == 1


def test_a_link_given_by_hand_to_another_host_gets_no_token() -> None:
    wire = Wire(Reply({"value": []}))
    with pytest.raises(ServiceFailed):
        reader(wire).people("https://evil.example/v1.0/users", ["id"])
    assert wire.sent == []


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>proxy</html>", b'{"value":[{"id":"a"', b"[]", b"{}", b'{"value":null}',
     b'{"value":[{"displayName":"no id"}]}', b'{"value":[{"id":7}]}'],
)  # fmt: skip
def test_an_answer_that_is_no_page_is_a_failure_never_nothing(body: bytes) -> None:
    with pytest.raises(ServiceFailed) as failed:
        reader(Wire(Reply(body))).people(None, ["id"])
    assert "no id" not in str(failed.value)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "2.128"}, 2.128),
        ({"Retry-After": "999999999"}, 999_999_999.0),
        (
            {
                "Retry-After": "Sat, 21 Nov 2026 08:01:00 GMT",
                "Date": "Sat, 21 Nov 2026 08:00:00 GMT",
            },
            60.0,
        ),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_a_wait_is_told_as_graph_asks_for_it(
    headers: dict[str, str], seconds: float | None
) -> None:
    with pytest.raises(SlowDown) as slow:
        reader(Wire(Reply({}, 429, headers))).people(None, ["id"])
    assert slow.value.retry_after == seconds


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, CredentialRefused),
        (500, ServiceUnreachable),
        (502, ServiceUnreachable),
        (503, ServiceUnreachable),
        (504, ServiceTimedOut),
        (400, ServiceFailed),
        (204, ServiceFailed),
        (302, ServiceFailed),
    ],
)
def test_each_status_is_its_own_error(status: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        reader(Wire(Reply(b"{}", status, {"Location": NEXT}))).people(None, ["id"])


def test_an_unavailable_service_may_say_how_long() -> None:
    with pytest.raises(ServiceUnreachable) as away:
        reader(Wire(Reply(b"", 503, {"Retry-After": "9"}))).groups(None, ["id"])
    assert away.value.retry_after == 9.0


def test_a_missing_permission_is_named() -> None:
    graph = reader(Wire(*[Reply({"error": {}}, 403)] * 3))
    for call, permission in (
        (graph.people, "User.Read.All"),
        (graph.groups, "GroupMember.Read.All"),
        (graph.devices, "Device.Read.All"),
    ):
        with pytest.raises(NotAllowed) as refused:
            call(None, ["id"])
        assert [each.field for each in refused.value.problems] == [permission]


def test_a_connection_that_breaks_is_a_failure() -> None:
    wire = Wire(requests.ConnectionError(), requests.ReadTimeout())
    with pytest.raises(ServiceUnreachable):
        reader(wire).people(None, ["id"])
    with pytest.raises(ServiceTimedOut):
        reader(wire).people(None, ["id"])


def test_owners_that_an_expand_cut_off_are_not_believed() -> None:
    owners = [{"@odata.type": "#microsoft.graph.user", "id": "p"}]
    wire = Wire(
        Reply(
            {
                "value": [
                    {"id": "a", "registeredOwners": owners},
                    {"id": "b", "registeredOwners": owners, "registeredOwners@odata.nextLink": "x"},
                    {"id": "c"},
                    {"id": "d", "registeredOwners": []},
                ]
            }
        )
    )
    page = reader(wire).devices(None, ["id"])
    assert [each.owners is None for each in page.value] == [False, True, True, False]


def batch(*items: dict[str, object], status: int = 200) -> Reply:
    return Reply({"responses": list(items)}, status)


def owner_item(place: int, *ids: str, status: int = 200, **headers: str) -> dict[str, object]:
    value = [{"@odata.type": "#microsoft.graph.user", "id": each} for each in ids]
    return {"id": str(place), "status": status, "headers": headers, "body": {"value": value}}


def test_owners_come_from_one_batch_in_any_order() -> None:
    wire = Wire(batch(owner_item(1), owner_item(0, "p"), owner_item(2, status=404)))
    owners: dict[str, list[Pointer]] = {}
    reader(wire).owners(["a", "b", "c"], owners)
    assert {key: [each.id for each in some] for key, some in owners.items()} == {
        "a": ["p"], "b": [], "c": [],
    }  # fmt: skip
    assert wire.addresses() == [f"POST {GRAPH}/v1.0/$batch"]
    assert b'"/devices/a/registeredOwners?$select=id"' in (wire.sent[0].body or b"")  # type: ignore[operator]


def test_an_item_that_is_throttled_makes_the_batch_wait_for_the_longest() -> None:
    throttled = [
        owner_item(0, status=429, **{"Retry-After": "3"}),
        owner_item(1, status=429, **{"Retry-After": "11"}),
    ]
    for status in (200, 424):
        with pytest.raises(SlowDown) as slow:
            reader(Wire(batch(*throttled, status=status))).owners(["a", "b"], {})
        assert slow.value.retry_after == 11.0


@pytest.mark.parametrize("status", [429, 500, None])
def test_only_the_items_that_failed_are_asked_for_again(status: int | None) -> None:
    failed = [] if status is None else [owner_item(1, status=status)]
    wire = Wire(batch(owner_item(2, "r"), *failed, owner_item(0, "p")), batch(owner_item(0, "q")))
    owners: dict[str, list[Pointer]] = {}
    graph = reader(wire)
    with pytest.raises((SlowDown, ServiceFailed)):
        graph.owners(["a", "b", "c"], owners)
    graph.owners(["a", "b", "c"], owners)
    assert {key: [each.id for each in some] for key, some in owners.items()} == {
        "a": ["p"], "b": ["q"], "c": ["r"],
    }  # fmt: skip
    again = wire.sent[1].body or b""
    assert b"/devices/b/" in again  # type: ignore[operator]
    assert b"/devices/a/" not in again  # type: ignore[operator]


@pytest.mark.parametrize(
    "reply",
    [
        batch(owner_item(0)),
        batch(owner_item(0), {"id": "1", "status": 200, "body": {}}),
        batch(owner_item(0), owner_item(1, status=500)),
        Reply(b"<html>", 200),
    ],
)
def test_a_batch_that_lacks_an_answer_fails(reply: Reply) -> None:
    with pytest.raises(ServiceFailed):
        reader(Wire(reply)).owners(["a", "b"], {})


def test_members_of_a_group_are_an_advanced_query_on_every_page() -> None:
    more = f"{GRAPH}/v1.0/groups/g/transitiveMembers/microsoft.graph.user?$skiptoken=two"
    wire = Wire(
        Reply({"value": [{"id": "a"}], "@odata.count": 2, "@odata.nextLink": more}),
        Reply({"value": [{"id": "b"}]}),
    )
    graph = reader(wire)
    page = graph.members("g/../users", None)
    assert [each.id for each in page.value] == ["a"]
    assert [each.id for each in graph.members("g/../users", page.next_link).value] == ["b"]
    path = "groups/g%2F..%2Fusers/transitiveMembers/microsoft.graph.user"
    assert wire.addresses() == [
        f"GET {GRAPH}/v1.0/{path}?$select=id&$top=999&$count=true",
        f"GET {more}",
    ]
    assert [sent.headers["ConsistencyLevel"] for sent in wire.sent] == ["eventual"] * 2


def test_a_group_that_graph_does_not_know_is_not_an_empty_one() -> None:
    with pytest.raises(NotThere):
        reader(Wire(Reply({"error": {"code": "Request_ResourceNotFound"}}, 404))).members("g", None)


def test_where_expanding_is_a_bad_request_the_owners_are_asked_later() -> None:
    refused = Reply({"error": {"code": "Request_BadRequest"}}, 400)
    wire = Wire(refused, Reply({"value": [{"id": "d"}], "@odata.nextLink": NEXT}))
    page = reader(wire).devices(None, ["id"])
    assert page.value[0].owners is None
    assert "expand" in str(wire.sent[0].url)
    assert "expand" not in str(wire.sent[1].url)


def test_a_bad_request_without_expanding_is_a_failure() -> None:
    refused = Reply({"error": {"code": "Request_BadRequest"}}, 400)
    with pytest.raises(ServiceFailed):
        reader(Wire(refused, refused)).devices(None, ["id"])
