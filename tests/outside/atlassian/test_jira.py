"""The Jira site's client: the calls of the contract, and answers not believed too early."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress

import pytest
import requests

from app.errors import (
    AppError,
    CredentialRefused,
    NotAllowed,
    NotThere,
    RequestRefused,
    ServiceFailed,
    ServiceTimedOut,
    ServiceUnreachable,
    SlowDown,
)
from app.outside.atlassian.jira import MAX_PAGES, JiraSite
from app.outside.credentials import Basic
from app.outside.http import WHOLE
from app.site import Account, Group, Licence, RequestField, RequestType, ServiceDesk
from app.words import AccountId, Secret
from tests.stand_ins.wire import Reply, Wire

SITE = "https://a.example"
ADA_ID = AccountId("5b10:ada")
ADA = {
    "accountId": "5b10:ada", "accountType": "atlassian", "active": True,
    "displayName": "Ada", "emailAddress": "ada@a.example",
}  # fmt: skip


def site(wire: Wire) -> JiraSite:
    return JiraSite(wire.caller(), SITE + "/", Basic("ada@a.example", Secret("canary-token")))


def test_whether_an_account_administers_is_asked_with_its_id() -> None:
    wire = Wire(Reply({"globalPermissions": ["ADMINISTER"], "projectPermissions": []}))
    assert site(wire).is_administrator(AccountId("5b10:ada")) is True
    assert wire.addresses() == [f"POST {SITE}/rest/api/3/permissions/check"]
    assert wire.sent[0].body == b'{"accountId":"5b10:ada","globalPermissions":["ADMINISTER"]}'


@pytest.mark.parametrize(
    "answer",
    [
        {"globalPermissions": []}, {}, {"globalPermissions": None},
        {"globalPermissions": "ADMINISTER"}, {"globalPermissions": ["ADMINISTER_PROJECTS"]},
    ],
)  # fmt: skip
def test_anything_but_the_permission_itself_is_no_administrator(answer: object) -> None:
    assert site(Wire(Reply(answer))).is_administrator(AccountId("a")) is False


@pytest.mark.parametrize(
    ("value", "expected"), [(True, True), ("true", True), (False, False), (None, False), (1, False)]
)
def test_the_accounts_own_right_is_read(value: object, expected: bool) -> None:
    wire = Wire(Reply({"permissions": {"ADMINISTER": {"havePermission": value}}}))
    assert site(wire).administers() is expected
    assert wire.addresses() == [f"GET {SITE}/rest/api/3/mypermissions?permissions=ADMINISTER"]


@pytest.mark.parametrize(
    "question",
    [
        lambda site: site.is_administrator(ADA_ID), lambda site: site.administers(),
        lambda site: site.user(ADA_ID), lambda site: site.groups_of(ADA_ID),
        lambda site: site.licence("app"), lambda site: site.myself(),
    ],
)  # fmt: skip
def test_what_a_page_asks_of_a_site_is_told_before_forge_hangs_up(
    question: Callable[[JiraSite], object],
) -> None:
    wire = Wire(Reply({}, 500))
    with pytest.raises(AppError):
        question(site(wire))
    assert wire.patience[0] * WHOLE < 25


def test_myself_is_read_with_the_credential() -> None:
    wire = Wire(Reply(ADA))
    assert site(wire).myself() == Account(
        AccountId("5b10:ada"), "Ada", "ada@a.example", True, "atlassian"
    )
    assert wire.sent[0].headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize("body", [b"", b" ", {}, [], None])
def test_a_dead_token_that_is_answered_with_nothing_is_refused(body: object) -> None:
    with pytest.raises(CredentialRefused):
        site(Wire(Reply(body))).myself()


CALLS: list[Callable[[JiraSite], object]] = [
    lambda s: s.myself(),
    lambda s: s.administers(),
    lambda s: s.is_administrator(AccountId("a")),
    lambda s: s.user(AccountId("a")),
    lambda s: s.find_users("a"),
    lambda s: s.groups_of(AccountId("a")),
    lambda s: s.find_groups("a"),
    lambda s: s.groups_by_id(["g"]),
    lambda s: s.workspace_id(),
    lambda s: s.service_desks(),
    lambda s: s.request_types("4"),
    lambda s: s.request_fields("4", "17"),
    lambda s: s.cloud_id(),
    lambda s: s.licence("app"),
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "reason", ["AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED", "OK, AUTHENTICATED_FAILED"]
)
def test_a_login_that_failed_behind_a_200_is_never_an_empty_list(
    call: Callable[[JiraSite], object], reason: str
) -> None:
    empty = Reply({"values": [], "isLast": True}, headers={"X-Seraph-LoginReason": reason})
    with pytest.raises(CredentialRefused):
        call(site(Wire(empty)))


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(status=401), CredentialRefused),
        (Reply(status=403), NotAllowed),
        (Reply(status=404), NotThere),
        (Reply(status=429), SlowDown),
        (Reply(status=400), ServiceFailed),
        (Reply(status=500), ServiceUnreachable),
        (Reply(status=503), ServiceUnreachable),
        (Reply(status=302, headers={"Location": "https://evil.example"}), ServiceFailed),
        (Reply(b"<html>log in</html>"), ServiceFailed),
        (Reply(b'"text"'), ServiceFailed),
        (Reply(b"[5]"), ServiceFailed),
        (requests.ConnectionError(), ServiceUnreachable),
        (requests.ReadTimeout(), ServiceTimedOut),
    ],
)
def test_each_bad_answer_is_told_as_what_it_is(
    call: Callable[[JiraSite], object], reply: Reply | Exception, error: type[AppError]
) -> None:
    with pytest.raises(error) as raised:
        call(site(Wire(reply)))
    assert "canary" not in f"{raised.value!r} {raised.value.detail}"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "2.128"}, 2.128),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"},
         30.0),
        ({"X-RateLimit-Reset": "2026-10-21T07:29:00Z", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"},
         60.0),
        ({"X-RateLimit-Reset": "1792567740", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 60.0),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:30 GMT"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "soon"}, None),
        ({"X-RateLimit-Reset": "9" * 30, "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_a_429_passes_on_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    with pytest.raises(SlowDown) as slow:
        site(Wire(Reply(status=429, headers=headers))).myself()
    assert slow.value.retry_after == seconds


@pytest.mark.parametrize(
    ("call", "address"),
    [
        (lambda s: s.user(AccountId("a&b=c/../d")), "/rest/api/3/user?accountId=a%26b%3Dc/../d"),
        (lambda s: s.groups_of(AccountId("a#b")), "/rest/api/3/user/groups?accountId=a%23b"),
        (
            lambda s: s.find_users("a b&c"),
            "/rest/api/3/user/search?query=a%20b%26c&maxResults=50",
        ),
    ],
)
def test_an_id_cannot_become_another_address(
    call: Callable[[JiraSite], object], address: str
) -> None:
    wire = Wire(Reply(ADA))
    with suppress(ServiceFailed):  # a list is awaited where one person is the answer
        call(site(wire))
    (sent,) = wire.addresses()
    assert sent.replace("%2F", "/") == f"GET {SITE}{address}"


@pytest.mark.parametrize("desk", ["", ".", ".."])
def test_a_desk_id_of_dots_makes_no_call(desk: str) -> None:
    wire = Wire()
    with pytest.raises(NotThere):
        site(wire).request_types(desk)
    assert wire.sent == []


def test_a_desk_id_stays_one_segment() -> None:
    wire = Wire(Reply({"values": [], "isLastPage": True}))
    site(wire).request_types("4/../../x?y")
    assert "/servicedesk/4%2F..%2F..%2Fx%3Fy/requesttype?" in wire.addresses()[0]


def test_a_hidden_address_is_none_and_a_person_does_not_show() -> None:
    account = site(Wire(Reply({"accountId": "a", "emailAddress": ""}))).user(AccountId("a"))
    assert account.email is None
    assert "Ada" not in repr(site(Wire(Reply(ADA))).myself())


def test_groups_of_the_picker_have_ids() -> None:
    wire = Wire(Reply({"groups": [{"groupId": "g", "name": "Staff", "html": "<b>"}], "total": 1}))
    assert site(wire).find_groups("St") == (Group("g", "Staff"),)


def test_known_groups_are_read_over_all_pages_however_the_end_is_said() -> None:
    wire = Wire(
        Reply({"values": [{"groupId": "g1", "name": "1"}], "isLast": "false"}),
        Reply({"values": [{"groupId": "g2", "name": "2"}], "isLast": False}),
        Reply({"values": [{"groupId": "g3", "name": "3"}], "isLast": "true"}),
    )
    assert [g.id for g in site(wire).groups_by_id(["g3", "g1", "g2", "g1"])] == ["g1", "g2", "g3"]
    assert wire.addresses()[1].endswith("groupId=g1&groupId=g2&groupId=g3&startAt=1&maxResults=50")


def test_many_groups_are_asked_fifty_at_a_time() -> None:
    wire = Wire(*[Reply({"values": [], "isLast": True})] * 3)
    site(wire).groups_by_id([f"g{n}" for n in range(120)])
    assert [address.count("groupId=") for address in wire.addresses()] == [50, 50, 20]


def test_no_group_asks_nothing() -> None:
    wire = Wire()
    assert site(wire).groups_by_id([]) == ()
    assert wire.sent == []


def test_without_a_word_about_the_end_an_empty_page_ends_the_list() -> None:
    desk = {"id": "4", "projectName": "Help", "projectKey": "HELP"}
    wire = Wire(Reply({"values": [desk]}), Reply({"values": []}))
    assert site(wire).service_desks() == (ServiceDesk("4", "Help", "HELP"),)


def test_pages_without_an_end_are_given_up() -> None:
    page = Reply({"values": [{"id": 4, "projectName": "H", "projectKey": "H"}], "isLastPage": 0})
    with pytest.raises(ServiceFailed):
        site(Wire(*[page] * MAX_PAGES)).service_desks()


def test_a_site_without_assets_has_no_workspace() -> None:
    wire = Wire(Reply({"size": 0, "isLastPage": True, "values": []}))
    assert site(wire).workspace_id() is None


def test_the_workspace_is_read() -> None:
    wire = Wire(Reply({"values": [{"workspaceId": "w-1"}]}))
    assert site(wire).workspace_id() == "w-1"
    assert wire.addresses() == [f"GET {SITE}/rest/servicedeskapi/assets/workspace?limit=50"]


def test_request_types_and_fields_are_read() -> None:
    cmdb = {"custom": "com.atlassian.jira.plugins.cmdb:cmdb-object-cftype"}
    fields = [
        {"fieldId": "customfield_1", "name": "A", "required": True},
        {"fieldId": "customfield_2", "name": "B", "jiraSchema": cmdb},
        {"fieldId": "summary", "name": "C", "jiraSchema": {"system": "summary"}},
    ]
    wire = Wire(
        Reply({"values": [{"id": "17", "name": "Broken"}], "isLastPage": True}),
        Reply({"requestTypeFields": fields}),
    )
    jira = site(wire)
    assert jira.request_types("4") == (RequestType("17", "Broken", "4"),)
    assert jira.request_fields("4", "17") == (
        RequestField("customfield_1", "A", True),
        RequestField("customfield_2", "B", False, holds_assets=True),
        RequestField("summary", "C", False, holds_assets=False),
    )
    assert wire.addresses()[1].endswith("/servicedesk/4/requesttype/17/field")


def test_the_cloud_id_is_asked_without_a_credential() -> None:
    wire = Wire(Reply({"cloudId": "c-1"}))
    assert JiraSite(wire.caller(), SITE, None).cloud_id() == "c-1"
    assert "Authorization" not in wire.sent[0].headers


@pytest.mark.parametrize(
    ("answer", "licence"),
    [
        ({"license": {"active": True, "evaluation": True}}, Licence(True, True)),
        ({"license": {"active": False}}, Licence(False, False)),
        ({"license": None}, Licence(False, False)),
        ({"state": "ENABLED"}, Licence(False, False)),
    ],
)
def test_the_licence_is_what_the_resource_says(answer: object, licence: Licence) -> None:
    wire = Wire(Reply(answer))
    assert site(wire).licence("my.app/x") == licence
    assert wire.addresses()[0].endswith("/rest/atlassian-connect/1/addons/my.app%2Fx")


def test_a_request_is_raised_on_behalf_of_somebody() -> None:
    wire = Wire(Reply({"issueKey": "HELP-12", "issueId": "9"}, 201))
    key = site(wire).raise_request("1", "25", AccountId("5b10:ada"), {"summary": "Broken"})
    assert key == "HELP-12"
    assert wire.addresses() == [f"POST {SITE}/rest/servicedeskapi/request"]
    assert json.loads(wire.sent[0].body or b"") == {
        "serviceDeskId": "1",
        "requestTypeId": "25",
        "raiseOnBehalfOf": "5b10:ada",
        "requestFieldValues": {"summary": "Broken"},
    }


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, RequestRefused), (409, RequestRefused), (403, NotAllowed), (404, NotThere),
     (401, CredentialRefused), (429, SlowDown), (502, ServiceUnreachable)],
)  # fmt: skip
def test_a_request_that_is_not_taken_is_told_as_what_it_is(
    status: int, error: type[AppError]
) -> None:
    with pytest.raises(error):
        site(Wire(Reply({"errorMessage": "no"}, status))).raise_request("1", "2", ADA_ID, {})


@pytest.mark.parametrize(
    "answer", [{}, {"issueKey": ""}, {"issueKey": "../x"}, {"issueKey": "A-1?x"}, []]
)
def test_a_request_without_a_readable_key_is_not_believed(answer: object) -> None:
    with pytest.raises(ServiceFailed):
        site(Wire(Reply(answer, 201))).raise_request("1", "2", ADA_ID, {})
