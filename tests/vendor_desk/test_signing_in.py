"""Signing in at the desk: what the provider must say, and what happens when it says something else.

The provider is the sandbox's, over real sockets; it enforces what it should and lies when told to.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from sandbox import staff
from sandbox.http import Fault
from sandbox.staff.provider import ONE_FACTOR, TWO_FACTORS
from tests.stand_ins.atlassian import AT
from tests.stand_ins.clock import StoppedClock
from tests.stand_ins.desk import ANTON, BASE, CLIENT_SECRET, NELE, Browser, Desk
from tests.vendor_desk.conftest import Log


def asked(address: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}


def test_somebody_with_a_second_factor_and_a_group_comes_in(browser: Browser, log: Log) -> None:
    answer = browser.sign_in()
    assert answer.status_code == 200
    assert 'http-equiv="refresh" content="0; url=/"' in answer.text
    assert "What are you here for?" in browser.get("/").text
    assert [line["kind"] for line in log.lines("desk_signed_in")] == ["viewer"]


def test_the_provider_is_asked_for_code_pkce_nonce_and_a_fresh_sign_in(browser: Browser) -> None:
    first, second = asked(browser.go_to_provider()), asked(browser.go_to_provider())
    assert first["response_type"] == "code"
    assert first["scope"] == "openid"
    assert first["redirect_uri"] == f"{BASE}/signed-in"
    assert first["code_challenge_method"] == "S256"
    assert first["max_age"] == "300"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) == 43
        assert first[name] != second[name]
    assert len({first["state"], first["nonce"], first["code_challenge"]}) == 3


def test_the_second_factor_is_demanded_where_the_provider_names_its_strength(
    provider: staff.StaffProvider, clock: StoppedClock, log: Log
) -> None:
    desk = Desk(provider, clock, acr_values=(TWO_FACTORS,), amr_values=())
    browser = desk.browser()
    query = asked(browser.go_to_provider())
    assert query["acr_values"] == TWO_FACTORS
    wanted = {"essential": True, "values": [TWO_FACTORS]}
    assert json.loads(query["claims"]) == {"id_token": {"acr": wanted}}
    assert browser.sign_in(second_factor=False).status_code == 401
    provider.token_changes = {"acr": ONE_FACTOR}
    assert browser.sign_in().status_code == 401
    provider.token_changes = {}
    assert browser.sign_in().status_code == 200
    assert log.causes() == ["the provider said no", "no second factor"]


def test_without_a_second_factor_nobody_comes_in(browser: Browser, log: Log) -> None:
    assert browser.sign_in(second_factor=False).status_code == 401
    assert log.causes() == ["no second factor"]
    assert browser.get("/instances").status_code == 403


def test_the_groups_decide_the_role_and_an_unknown_one_gives_none(desk: Desk, log: Log) -> None:
    assert desk.browser().sign_in(ANTON).status_code == 200
    assert desk.browser().sign_in(NELE).status_code == 401
    assert [line["kind"] for line in log.lines("desk_signed_in")] == ["auditor"]
    assert log.causes() == ["no role", "no role"]
    assert log.lines("desk_turned_away")[0]["staff_id"].startswith("staff-")


@pytest.mark.parametrize(
    "groups",
    [None, [], "desk-viewers", ["DESK-VIEWERS"], ["desk-viewers "]],
)  # fmt: skip
def test_groups_of_another_name_or_shape_give_no_role(
    browser: Browser, provider: staff.StaffProvider, groups: object
) -> None:
    provider.token_changes = {"groups": groups}
    assert browser.sign_in().status_code == 401


LIES: dict[str, dict[str, Any]] = {  # each rule alone: tests/callers/test_staff.py
    "another issuer": {"iss": "https://login.evil.example"},
    "another audience": {"aud": "another client"},
    "another nonce": {"nonce": "x" * 43},
    "expired": {"iat": AT - 600, "exp": AT - 1},
    "another access token's hash": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    "signed in long ago": {"auth_time": AT - 306},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_says_the_wrong_thing_opens_nothing(
    browser: Browser, provider: staff.StaffProvider, log: Log, lie: str
) -> None:
    provider.token_changes = LIES[lie]
    assert browser.sign_in().status_code == 401
    assert len(log.causes()) == 1
    assert browser.get("/instances").status_code == 403


def unsigned(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, None, "none", headers={"kid": "sandbox"})


def signed_with_our_secret(claims: dict[str, Any]) -> str:
    key = CLIENT_SECRET.encode().ljust(32, b"-")
    return jwt.encode(claims, key, "HS256", headers={"kid": "sandbox"})


def cut_off(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "k" * 32, "HS256").rpartition(".")[0] + "."


FORGERS: dict[str, Callable[[dict[str, Any]], str]] = {
    "unsigned": unsigned,
    "signed with the client's secret": signed_with_our_secret,
    "cut off": cut_off,
    "no token": lambda _claims: "token",
    "empty": lambda _claims: "",
    "a huge one": lambda _claims: ".".join(["a" * 9000] * 3),
    "five pieces": lambda _claims: "a.b.c.d.e",
}


@pytest.mark.parametrize("forger", FORGERS)
def test_what_is_not_signed_by_the_provider_is_refused(
    browser: Browser, provider: staff.StaffProvider, forger: str
) -> None:
    provider.forge = FORGERS[forger]
    answer = browser.sign_in()
    assert answer.status_code in (401, 502)
    assert browser.get("/instances").status_code == 403


def test_a_token_signed_with_another_key_under_the_known_id_is_refused(
    browser: Browser, provider: staff.StaffProvider, log: Log
) -> None:
    other = staff.provider.Keys()
    other.kid = provider.keys.kid
    provider.forge = lambda claims: other.signed(claims, {})
    assert browser.sign_in().status_code == 401
    assert log.causes() == ["signature"]


def test_a_new_key_of_the_provider_is_found(
    browser: Browser, provider: staff.StaffProvider
) -> None:
    assert browser.sign_in().status_code == 200
    provider.keys.rotate()
    assert browser.sign_in().status_code == 200


def test_an_answer_to_another_browser_is_refused(desk: Desk, log: Log) -> None:
    """Login CSRF: somebody's own code and state, put under a member of staff."""
    attacker, victim = desk.browser(), desk.browser()
    back = attacker.way_back(attacker.go_to_provider())
    assert victim.come_back(back).status_code == 401
    victim.go_to_provider()
    assert victim.come_back(back).status_code == 401
    assert log.causes() == ["no sign-in under way", "state"]
    assert attacker.come_back(back).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [{"state": None}, {"state": ""}, {"state": "x"}, {"state": "\u00e9"}, {"code": None},
     {"code": "x" * 5000}, {"code": "another"}, {"error": "access_denied"},
     {"iss": "https://login.evil.example"}, {"iss": None}],
    ids=str,
)  # fmt: skip
def test_a_changed_answer_is_refused(browser: Browser, changed: dict[str, str | None]) -> None:
    back = browser.way_back(browser.go_to_provider())
    assert browser.come_back(back, **changed).status_code == 401
    assert browser.get("/instances").status_code == 403


def test_a_parameter_that_stands_there_twice_is_refused(browser: Browser) -> None:
    back = urlsplit(browser.way_back(browser.go_to_provider()))
    assert browser.get(f"{back.path}?{back.query}&code=another").status_code == 401
    assert browser.get(f"{back.path}?{back.query}&state=another").status_code == 401


def test_a_code_is_good_once_and_for_the_browser_that_began(browser: Browser) -> None:
    back = browser.way_back(browser.go_to_provider())
    cookie = browser.cookie
    assert browser.come_back(back).status_code == 200
    assert browser.come_back(back).status_code == 401
    browser.client.set_cookie("__Host-desk", cookie or "", domain="desk.vendor.example")
    assert browser.come_back(back).status_code == 401


def test_a_sign_in_that_took_too_long_is_begun_again(
    browser: Browser, clock: StoppedClock, log: Log
) -> None:
    address = browser.go_to_provider()
    clock.pass_(minutes=5, seconds=1)
    assert browser.come_back(browser.way_back(address)).status_code == 401
    assert log.causes() == ["sign-in too old"]


def test_the_time_in_the_cookie_cannot_be_changed(browser: Browser, clock: StoppedClock) -> None:
    address = browser.go_to_provider()
    clock.pass_(minutes=6)
    back = browser.way_back(address)
    _, issued, random = (browser.cookie or "").split(".")
    later = f"attempt.{int(issued) + 360}.{random}"
    browser.client.set_cookie("__Host-desk", later, domain="desk.vendor.example")
    assert browser.come_back(back).status_code == 401


def test_whatever_fails_the_browser_is_told_the_same(
    desk: Desk, provider: staff.StaffProvider
) -> None:
    told = set()
    for member, changes in ((NELE, {}), (ANTON, {"amr": ["pwd"]}), (ANTON, {"nonce": "other"})):
        provider.token_changes = changes
        text = desk.browser().sign_in(member).text
        told.add(text[: text.index("Reference")])
    assert len(told) == 1


def test_the_desk_speaks_for_itself_with_its_secret_in_basic(
    browser: Browser, provider: staff.StaffProvider
) -> None:
    browser.sign_in()
    (call,) = provider.calls_to("POST", "/token")
    assert call.auth == "basic"


DOCUMENTS: dict[str, dict[str, Any]] = {
    "another issuer": {"issuer": "https://login.evil.example"},
    "no issuer": {"issuer": None},
    "tokens elsewhere": {"token_endpoint": "https://login.evil.example/token"},
    "keys elsewhere": {"jwks_uri": "https://keys.evil.example/keys"},
    "sign-in elsewhere": {"authorization_endpoint": "http://127.0.0.1:1/authorize"},
    "a sign-in that is a script": {"authorization_endpoint": "javascript:alert(1)"},
    "an address with a user": {"token_endpoint": "http://a@127.0.0.1/token"},
    "no PKCE": {"code_challenge_methods_supported": ["plain"]},
    "no addresses": {"token_endpoint": None},
    "numbers": {"jwks_uri": 7},
}


@pytest.mark.parametrize("lie", DOCUMENTS)
def test_a_document_that_points_elsewhere_is_not_believed(
    browser: Browser, provider: staff.StaffProvider, lie: str
) -> None:
    provider.document_changes = DOCUMENTS[lie]
    answer = browser.post("/sign-in")
    assert answer.status_code == 502
    assert "Location" not in answer.headers
    assert [call.path for call in provider.calls] == ["/.well-known/openid-configuration"]


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/keys"])
@pytest.mark.parametrize(
    "fault",
    [Fault.redirect("https://login.evil.example/"), Fault.html(), Fault.html(500),
     Fault.broken_json(), Fault.refuse(200, []), Fault.refuse(200, {}), Fault.refuse(403),
     Fault.refuse(400, {"error": ["invalid_grant"]}), Fault.too_many("7"), Fault("drop"),
     Fault.cut()],
    ids=lambda fault: f"{fault.kind} {fault.status} {fault.body[:12].decode()}",
)  # fmt: skip
def test_a_provider_that_fails_lets_nobody_in_and_is_said_to_fail(
    browser: Browser, provider: staff.StaffProvider, path: str, fault: Fault
) -> None:
    provider.fail_next("*", path, fault)
    begun = browser.post("/sign-in")
    if begun.status_code == 303:
        begun = browser.come_back(browser.way_back(str(begun.headers["Location"])))
    assert begun.status_code in (403, 429, 502, 503)
    assert browser.get("/instances").status_code == 403
    assert browser.sign_in().status_code == 200


def test_strangers_can_cause_so_many_calls_and_no_more(
    browser: Browser, provider: staff.StaffProvider, clock: StoppedClock
) -> None:
    back = browser.way_back(browser.go_to_provider())
    answers = [browser.come_back(back, code=f"guess-{n}").status_code for n in range(40)]
    assert answers.count(429) > 5
    assert len(provider.calls_to("POST", "/token")) < 31
    clock.pass_(minutes=1)
    assert browser.come_back(browser.way_back(browser.go_to_provider())).status_code == 200


def test_nothing_of_the_sign_in_stands_in_a_page(browser: Browser) -> None:
    answer = browser.sign_in()
    page = answer.text + browser.get("/").text
    assert base64.b64encode(CLIENT_SECRET.encode()).decode() not in page
    for name in ("Vera", "vera.winter", "staff-", "eyJ"):
        assert name not in page
