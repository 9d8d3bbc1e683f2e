"""Delta links at the wire: followed on their own host only, and never mistaken for an answer."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from app.errors import CredentialRefused, NotAllowed, ServiceFailed, ServiceUnreachable, SlowDown
from app.imports.run.feed import LinkExpired, NoFeed
from app.outside.credentials import Bearer
from app.outside.microsoft.graph import GraphReader
from app.outside.microsoft.graph_feed import GraphFeed
from app.words import Secret
from tests.stand_ins.wire import Reply, Wire

GRAPH = "https://graph.a.example"
LINK = f"{GRAPH}/v1.0/users/delta?$deltatoken=one"
NEXT = f"{GRAPH}/v1.0/users/delta?$skiptoken=two"
LOST = {"error": {"code": "syncStateNotFound", "message": "canary"}}


def feed(wire: Wire) -> GraphFeed:
    return GraphReader(wire.caller(), GRAPH, Bearer(Secret("canary-token"))).feed


def test_a_link_is_followed_as_it_is_and_asks_for_what_changed_only() -> None:
    wire = Wire(Reply({"value": [{"id": "a", "mail": None}], "@odata.deltaLink": LINK + "2"}))
    page = feed(wire).changes("person", LINK)
    assert wire.addresses() == [f"GET {LINK}"]
    assert wire.sent[0].headers["Prefer"] == "return=minimal"
    assert (list(page.value), page.delta_link) == ([{"id": "a", "mail": None}], LINK + "2")


def test_a_link_to_another_host_gets_no_token() -> None:
    wire = Wire(Reply({"value": []}))
    with pytest.raises(ServiceFailed):
        feed(wire).changes("person", "https://elsewhere.example/v1.0/users/delta?$deltatoken=one")
    assert wire.sent == []


@pytest.mark.parametrize("name", ["@odata.nextLink", "@odata.deltaLink"])
def test_no_link_to_another_host_is_taken(name: str) -> None:
    wire = Wire(Reply({"value": [], name: "https://elsewhere.example/v1.0/users/delta"}))
    with pytest.raises(ServiceFailed):
        feed(wire).changes("person", LINK)


@pytest.mark.parametrize(
    "reply",
    [Reply({}, 410, {"Location": LINK}), Reply(LOST, 400), Reply({}, 404), Reply(LOST, 403)],
)
def test_a_lost_place_is_told_apart(reply: Reply) -> None:
    with pytest.raises(LinkExpired) as raised:
        feed(Wire(reply)).changes("person", LINK)
    assert "canary" not in str(raised.value)
    assert "token" not in str(raised.value)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply({}, 401), CredentialRefused),
        (Reply({}, 403), NotAllowed),
        (Reply({}, 429, {"Retry-After": "2.5"}), SlowDown),
        (Reply({}, 503), ServiceUnreachable),
        (Reply({"nothing": 1}), ServiceFailed),
        (Reply({"value": [{"displayName": "canary"}]}), ServiceFailed),
        (Reply({"value": [{"id": "a", "displayName": {"canary": 1}}]}), ServiceFailed),
        (Reply({"value": [{"id": "a", "manager@delta": [{"canary": 1}]}]}), ServiceFailed),
    ],
)
def test_other_failures_are_what_they_are(reply: Reply, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        feed(Wire(reply)).changes("person", LINK)
    assert not isinstance(raised.value, LinkExpired)
    assert "canary" not in str(raised.value)


def test_single_objects_are_asked_for_by_their_ids() -> None:
    wire = Wire(Reply({"value": [], "@odata.nextLink": NEXT}), Reply({"value": [{"id": "a"}]}))
    told = feed(wire)
    told.records("person", ["a", "o'b"], ["id", "mail", "manager"], None)
    assert unquote(wire.sent[0].url) == (
        f"{GRAPH}/v1.0/users/delta?$select=id,mail,manager&$filter=id eq 'a' or id eq 'o''b'"
    )
    assert list(told.records("person", ["a"], ["id"], NEXT).value) == [{"id": "a"}]
    assert wire.sent[1].url == NEXT


@pytest.mark.parametrize("status", [400, 404, 501])
def test_a_tenant_without_a_feed_is_told_apart(status: int) -> None:
    with pytest.raises(NoFeed):
        feed(Wire(Reply({}, status))).latest("device", ["id"], None)
    with pytest.raises(NoFeed):
        feed(Wire(Reply({}, status))).records("device", ["a"], ["id"], None)


def test_from_now_on_is_asked_with_what_will_be_selected() -> None:
    wire = Wire(Reply({"value": [], "@odata.deltaLink": LINK}))
    assert feed(wire).latest("device", ["id", "model"], None).delta_link == LINK
    assert wire.addresses() == [
        f"GET {GRAPH}/v1.0/devices/delta?$select=id,model&$deltaToken=latest"
    ]
