"""Site storage: any user of the site may have written there, so nothing odd is believed."""

from __future__ import annotations

import json

import pytest

from app.errors import Clash, ServiceFailed, ServiceTimedOut, ServiceUnreachable
from app.outside.atlassian.connect_properties import ConnectProperties
from app.outside.credentials import Bearer
from app.outside.http import Answer, HttpCaller
from app.words import Secret

SITE = "https://acme.atlassian.net"


class Jira(HttpCaller):
    def __init__(self, status: int, body: bytes = b"") -> None:
        self.answer = Answer(status, {}, body)
        self.sent: list[tuple[str, str, object]] = []

    def send(self, method: str, url: str, **how: object) -> Answer:
        self.sent.append((method, url, how.get("json_body")))
        return self.answer


def storage(status: int, body: bytes = b"") -> tuple[ConnectProperties, Jira]:
    jira = Jira(status, body)
    return ConnectProperties(jira, SITE, "my-app", Bearer(Secret("t"))), jira


def test_a_text_is_read_from_under_its_name() -> None:
    properties, jira = storage(200, b'{"key":"g1.entra.1-a","value":"sealed"}')
    assert properties.read("g1.entra.1-a") == "sealed"
    where = f"{SITE}/rest/atlassian-connect/1/addons/my-app/properties/g1.entra.1-a"
    assert jira.sent == [("GET", where, None)]


def test_a_missing_one_is_none() -> None:
    assert storage(404)[0].read("a") is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"key":"a","value":7}',
        b'{"key":"a","value":{"a":1}}',
        b'{"key":"a"}',
        b'{"value":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"value":' + b"9" * 6000 + b"}",
    ],
)
def test_what_is_no_text_of_ours_counts_as_none(body: bytes) -> None:
    assert storage(200, body)[0].read("a") is None


@pytest.mark.parametrize("body", [b"[]", b"<html>", b"", b" "])
def test_an_answer_that_is_not_jiras_is_no_property_and_no_lack_of_one(body: bytes) -> None:
    with pytest.raises(ServiceUnreachable):
        storage(200, body)[0].read("a")


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_when_jira_does_not_answer_nobody_can_say(status: int) -> None:
    for ask in (lambda p: p.read("a"), lambda p: p.write("a", "x"), lambda p: p.delete("a"),
                lambda p: p.names()):  # fmt: skip
        with pytest.raises(ServiceUnreachable):
            ask(storage(status)[0])


@pytest.mark.parametrize("status", [200, 201])
def test_a_page_in_front_of_jira_has_stored_nothing(status: int) -> None:
    with pytest.raises(ServiceUnreachable):
        storage(status, b" <!doctype html><title>Maintenance</title>")[0].write("a", "x")
    storage(status, b'{"message":"Property updated."}')[0].write("a", "x")
    storage(status)[0].write("a", "x")


def test_a_full_store_is_told_to_the_administrator() -> None:
    with pytest.raises(Clash, match="full"):
        storage(400)[0].write("a", "x")


def test_a_name_is_one_path_segment() -> None:
    properties, jira = storage(204)
    properties.delete("../a/b?c")
    assert jira.sent[0][1].endswith("/properties/..%2Fa%2Fb%3Fc")


def test_names_are_those_of_everybody() -> None:
    body = json.dumps({"keys": [{"key": "a"}, {"key": 7}, "x", {"key": "b"}]}).encode()
    assert storage(200, body)[0].names() == ["a", "b"]


@pytest.mark.parametrize("fault", [ServiceTimedOut("late"), ServiceFailed("a redirect")])
def test_late_or_odd_jira_cannot_be_reached(fault: ServiceFailed) -> None:
    properties, jira = storage(200)

    def fail(*_: object, **__: object) -> Answer:
        raise fault

    jira.send = fail  # type: ignore[method-assign]
    for ask in (lambda: properties.read("a"), lambda: properties.write("a", "x"), properties.names):
        with pytest.raises(ServiceUnreachable):
            ask()


@pytest.mark.parametrize("status", [429, 503])
def test_how_long_jira_asks_to_wait_is_told(status: int) -> None:
    properties, jira = storage(status)
    jira.answer = Answer(status, {"retry-after": "7"}, b"")
    with pytest.raises(ServiceUnreachable) as told:
        properties.read("a")
    assert told.value.retry_after == 7
