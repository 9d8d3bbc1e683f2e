"""Abuse of pages and APIs (cases B): against the whole app, over HTTP."""

from __future__ import annotations

import csv
import gc
import hashlib
import io
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, urlencode

import jwt
import pytest
import requests

from app.callers import query_hash as hashing
from app.callers.query_hash import query_hash
from app.doors import page_file
from app.doors.route_table import PUBLIC_ENDPOINTS, check_every_route, taken_by
from tests.abuse.assets import ADA, BOB, AssetsHost, shape
from tests.abuse.forge_cloud import INSTALLED, opaque_token
from tests.abuse.house import SECRET, SECRET_B, SITE_A, SITE_B, House, build, two_sites
from tests.abuse.internet import JiraHost
from tests.abuse.refusal import (
    REFUSAL_HEADERS,
    Attack,
    assert_nothing_told,
    assert_refusal,
    refused,
    refused_alike,
)
from tests.abuse.routes import Route, good_authorization, good_token, guarded, routes
from tests.stand_ins.atlassian import AT, context_token, install_body, lifecycle_token, page_token
from tests.stand_ins.wire import Reply

PAGES = ("/my-assets", "/portal/my-assets", "/admin")
OWN_ASSETS = "/api/my-assets"


def jwt_header(token: str) -> dict[str, str]:
    return {"Authorization": f"JWT {token}"}


def by_query(path: str, token: str, query: str = "") -> Attack:
    return Attack("GET", f"{path}?{query}{'&' if query else ''}jwt={token}")


def test_B1_a_page_token_of_one_page_opens_no_other(house: House) -> None:
    for own in PAGES:
        for other in PAGES:
            if own != other:
                refused(house, by_query(other, page_token(own, sub="admin-1")))
                refused(house, Attack("GET", other, f"JWT {page_token(own, sub='admin-1')}"))
        refused(house, by_query(own, page_token(own, "loc=de"), "loc=en"))
        refused(house, by_query(own, page_token(own), "loc=en"))
        refused(house, by_query(own, page_token(own, "loc=en")))
        post = page_token(own, qsh=query_hash("POST", own, ""))
        refused(house, by_query(own, post))
        assert house.page(own, sub="admin-1").status_code == 200


def test_B2_each_route_takes_its_own_kind_of_token_and_no_other(house: House) -> None:
    for route in guarded(house):
        for kind in ("lifecycle", "page", "context"):
            if kind != route.kind:
                attack = Attack(route.method, route.path, f"JWT {good_token(route, kind)}", b"{}")
                refused(house, attack)
    for route in guarded(house, "lifecycle", "page", "context"):
        assert house.send(route.method, route.path, good_token(route)).status_code != 401, route


def test_B3_two_tokens_are_refused_though_both_are_good(house: House) -> None:
    token = page_token("/my-assets")
    in_header = {"Authorization": f"JWT {token}"}
    for query in (f"jwt={token}&jwt={token}", f"jwt={token}&jwt=", f"jwt={token}&j%77t={token}"):
        refused(house, Attack("GET", f"/my-assets?{query}"))
    refused(house, Attack("GET", f"/my-assets?jwt={token}", headers=in_header))
    refused(house, Attack("GET", "/my-assets?jwt=", headers=in_header))
    refused(house, Attack("GET", f"/my-assets?j%77t={token}", headers=in_header))
    for path in ("/api/settings", OWN_ASSETS):
        good = context_token(sub="admin-1")
        for query in (f"jwt={good}", "jwt=", f"%6awt={good}"):
            refused(house, Attack("GET", f"{path}?{query}", f"JWT {good}"))
            refused(house, Attack("GET", f"{path}?{query}"))
    assert house.page().status_code == 200


def test_B4_a_token_in_a_cookie_or_a_body_is_never_read(house: House) -> None:
    for route in guarded(house):
        token = good_token(route)
        for headers in (
            {"Cookie": f"jwt={token}"},
            {"Cookie": f"Authorization=JWT%20{token}; session={token}"},
            {"X-Authorization": f"JWT {token}", "Proxy-Authorization": f"JWT {token}"},
        ):
            refused(house, Attack(route.method, route.path, headers=headers))
        form = urlencode({"jwt": token, "Authorization": f"JWT {token}"}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        refused(house, Attack(route.method, route.path, body=form, headers=kind))
        as_json = json.dumps({"jwt": token, "token": token}).encode()
        kind = {"Content-Type": "application/json"}
        refused(house, Attack(route.method, route.path, body=as_json, headers=kind))


# An address as it stands on the wire; what Jira hashes of it; what a careless reader would.
VECTORS = [
    ("/my-assets?a=%2F", "/my-assets&a=%2F", "/my-assets&a=/"),
    ("/my-assets?a=%252F", "/my-assets&a=%252F", "/my-assets&a=%2F"),
    ("/my-assets?a=1+2&b=%20", "/my-assets&a=1%202&b=%20", "/my-assets&a=1%2B2&b=%20"),
    ("/my-assets?a=2&a=1", "/my-assets&a=1,2", "/my-assets&a=2&a=1"),
    ("/my-assets?a=1%2C2", "/my-assets&a=1%2C2", "/my-assets&a=1,2"),
    ("/my-assets?a=&b", "/my-assets&a=&b=", "/my-assets&"),
    ("/my-assets?b=1&a=2", "/my-assets&a=2&b=1", "/my-assets&b=1&a=2"),
    # By the encoded name: "%C3%BC" comes before "a", though "ü" comes after it.
    ("/my-assets?a%20b=2&%C3%BC=1", "/my-assets&%C3%BC=1&a%20b=2", "/my-assets&a%20b=2&%C3%BC=1"),
    ("/my-assets?a=%c3%bc", "/my-assets&a=%C3%BC", "/my-assets&a=%c3%bc"),
    ("/my-assets?a=~&b=*", "/my-assets&a=~&b=%2A", "/my-assets&a=%7E&b=*"),
    ("/my-assets?a=%26b=1", "/my-assets&a=%26b%3D1", "/my-assets&a=&b=1"),
    ("/my%2Dassets?a=1", "/my%2Dassets&a=1", "/my-assets&a=1"),
    ("/my%2dassets", "/my%2dassets&", "/my%2Dassets&"),
    ("/portal/my-assets?user=%F0%9F%98%80", "/portal/my-assets&user=%F0%9F%98%80", "/my-assets&"),
]


@pytest.mark.parametrize("base_path", ["", "/deep/base"])
@pytest.mark.parametrize(("address", "canonical", "careless"), VECTORS)
def test_B5_the_query_hash_is_of_the_address_on_the_wire(
    monkeypatch: pytest.MonkeyPatch, address: str, canonical: str, careless: str, base_path: str
) -> None:
    house = build(monkeypatch, APP_BASE_URL=f"https://app.example.com{base_path}")
    installed = lifecycle_token(aud=f"https://app.example.com{base_path}")
    path = f"{base_path}/connect/installed"
    assert house.send("POST", path, installed, data=install_body()).status_code == 204
    page, _, query = address.partition("?")
    between = "&" if query else ""

    def opens(text: str) -> Attack:
        token = page_token(page, qsh=hashlib.sha256(f"GET&{text}".encode()).hexdigest())
        return Attack("GET", f"{base_path}{page}?{query}{between}jwt={token}")

    assert opens(canonical).send(house).status_code == 200
    refused(house, opens(careless))
    # Of the base URL's path nothing goes into the hash.
    if base_path:
        refused(house, opens(base_path + canonical))


@pytest.mark.parametrize(
    "qsh", ["ü" * 64, "x" * 7000, "\ud800", "0" * 64, "", "context-qsh", None, 7, ["x"], {"a": 1}]
)
def test_B6_an_odd_query_hash_is_refused_and_compared_in_constant_time(
    house: House, monkeypatch: pytest.MonkeyPatch, qsh: object
) -> None:
    compared: list[int] = []
    real = hashing.hmac.compare_digest

    def compare(one: str, other: str) -> bool:
        compared.append(len(one))
        return real(one, other)

    monkeypatch.setattr(hashing.hmac, "compare_digest", compare)
    refused_alike(house, lambda issuer: by_query("/my-assets", odd_page_token(qsh, issuer)))
    compared.clear()
    refused(house, by_query("/my-assets", page_token("/my-assets", qsh="0" * 64)))
    assert 64 in compared


def odd_page_token(qsh: object, issuer: str) -> str:
    made = {"iss": issuer, "sub": "account-1", "iat": AT, "exp": AT + 180, "qsh": qsh}
    return jwt.api_jws.encode(json.dumps(made).encode(), SECRET.encode(), "HS256")


def test_B7_only_an_installed_instances_own_secret_signs_for_it(house: House) -> None:
    for issuer in ("client-x", "CLIENT-A", "client-a ", "", "my-assets-for-jira", SITE_A, "\ud800"):
        for secret in (SECRET, SECRET_B, "\0" * 64):
            made = {"iss": issuer, "sub": "admin-1"}
            refused(house, Attack("GET", "/api/settings", f"JWT {context_token(secret, **made)}"))
            refused(house, by_query("/admin", page_token("/admin", "", secret, **made)))
    refused(house, Attack("GET", "/api/settings", f"JWT {context_token(SECRET, iss='client-b')}"))
    refused(house, by_query("/admin", page_token("/admin", "", SECRET, iss="client-b")))
    assert house.api("GET", "/api/settings").status_code == 200
    assert house.uninstall(iat=AT + 1).status_code == 204
    refused(house, Attack("GET", "/api/settings", f"JWT {context_token(sub='admin-1')}"))
    refused(house, by_query("/my-assets", page_token("/my-assets")))


PUBLIC = {
    "/atlassian-connect.json", "/health/live", "/health/ready", "/trust.json", "/static/x",
}  # fmt: skip
# What each guard says that it takes, for the routes of each kind.
KINDS = {
    "lifecycle": {"lifecycle"},
    "page": {"page"},
    "context": {"api"},
    "forge": {"forge event", "forge import"},
}
SWITCHES = {
    "AC_OPTS": "no-auth", "AUTH_DISABLED": "1", "NO_AUTH": "1", "DEBUG": "1", "FLASK_DEBUG": "1",
    "FLASK_ENV": "development", "TESTING": "1", "SKIP_AUTH": "true", "DISABLE_JWT": "true",
    "APP_DEBUG": "1", "PYTHONDEBUG": "1", "WERKZEUG_DEBUG_PIN": "off", "NODE_ENV": "development",
}  # fmt: skip
HEADERS = (
    "X-Debug", "X-Forwarded-User", "X-Remote-User", "Remote-User", "X-Original-Url",
    "X-Rewrite-Url", "X-Forwarded-For", "X-Forwarded-Prefix", "X-Http-Method-Override",
    "X-Forge-Oauth-System", "X-Forge-Oauth-User", "X-Atlassian-Token", "X-Amzn-Oidc-Data",
    "X-Original-Method", "X-Requested-With",
)  # fmt: skip


@pytest.mark.parametrize("environment", ["production", "sandbox"])
def test_B8_no_variable_header_or_flag_opens_a_door(
    monkeypatch: pytest.MonkeyPatch, environment: str
) -> None:
    for name, value in SWITCHES.items():
        monkeypatch.setenv(name, value)
    house = build(monkeypatch, APP_ENVIRONMENT=environment, **SWITCHES)
    two_sites(house)
    house.app.debug = house.app.testing = True
    extra = {"/openapi.json"} if environment == "sandbox" else set()
    public = {each.path for each in routes(house) if each.kind == "public"}
    assert public - extra == PUBLIC
    for route in guarded(house):
        refused(house, Attack(route.method, route.path), network=0)
        answered = house.send(route.method, f"{route.path}?debug=1&user=admin-1&no_auth=1")
        assert_refusal(answered, has_body=route.method != "HEAD")
        for header in HEADERS:
            answered = house.send(route.method, route.path, headers={header: "admin-1"})
            assert_refusal(answered, has_body=route.method != "HEAD")
    check_every_route(house.app)
    for route in guarded(house):
        assert taken_by(house.app, route.endpoint) in KINDS[route.kind], route
    house.app.view_functions["settings.overview"] = lambda: "open"
    with pytest.raises(RuntimeError):
        check_every_route(house.app)


@pytest.mark.parametrize("subject", [None, "", 7, ["admin-1"], "x" * 256])
def test_B9_a_token_that_names_nobody_is_for_nobody(
    house: House, assets: AssetsHost, subject: object
) -> None:
    assets.add(ADA, "Ada's phone")
    sent = len(house.internet.sent)

    def token(qsh: str) -> str:
        made = {"iss": "client-a", "iat": AT, "exp": AT + 180, "qsh": qsh}
        named = made if subject is None else made | {"sub": subject}
        return jwt.api_jws.encode(json.dumps(named).encode(), SECRET.encode(), "HS256")

    for route in guarded(house, "context"):
        refused(house, Attack(route.method, route.path, f"JWT {token('context-qsh')}", b"{}"))
    for page in PAGES:
        refused(house, by_query(page, token(query_hash("GET", page, ""))))
    assert len(house.internet.sent) == sent
    assert assets.asked == []


def test_B10_ids_that_a_caller_sends_choose_nobody_elses_things(
    house: House, assets: AssetsHost
) -> None:
    assets.add(ADA, "Ada's phone")
    bobs = assets.add(BOB, "Bob's phone")

    def own(query: str = "") -> Any:
        return house.api("GET", f"{OWN_ASSETS}{query}", sub=ADA)

    assert [one["label"] for one in own().get_json()["assets"]] == ["Ada's phone"]
    for name in ("accountId", "account_id", "sub", "clientKey", "objectId", "instance_id", "owner"):
        for path in (OWN_ASSETS, f"{OWN_ASSETS}/export"):
            answer = house.api("GET", f"{path}?{name}={BOB}", sub=ADA)
            assert answer.status_code == 422
            assert "Bob" not in answer.get_data(as_text=True)
        body = json.dumps({name: BOB}).encode()
        sent = house.api("GET", OWN_ASSETS, sub=ADA, data=body)
        assert [one["label"] for one in sent.get_json()["assets"]] == ["Ada's phone"]
    # Somebody else's, and one that is not there: the same answer but for the request's id.
    answers = []
    for key in (bobs, "STOCK-99999", "STOCK-1; DROP", f"{bobs}\x00", "../1"):
        answer = house.api("GET", f"{OWN_ASSETS}/explanation?object_key={quote(key)}", sub=ADA)
        body = answer.get_json()
        body.pop("request_id")
        answers.append((answer.status_code, body))
    assert [each for each in answers if each != answers[0]] == []
    assert answers[0][0] == 404
    assert_a_write_stays_where_it_belongs(house)


def assert_a_write_stays_where_it_belongs(house: House) -> None:
    """An administrator of A who names B changes nothing of B, and sees nothing of B's."""

    def of_b() -> list[str]:
        return [repr(each) for each in house.table.all() if each.client_key == "client-b"]

    before, b_site = of_b(), dict(house.site_b.properties)
    for name in ("clientKey", "instance_id", "client_key", "baseUrl", "iss"):
        body = {"entra_import": True, "metrics": True, name: "client-b"}
        assert house.api("PUT", "/api/settings/consent", json=body).status_code == 422
        query = f"/api/settings/consent?{name}=client-b"
        good = {"entra_import": True, "metrics": True}
        assert house.api("PUT", query, json=good).status_code == 422
    assert house.api("PUT", "/api/settings/consent", json=good).status_code == 200
    assert (of_b(), house.site_b.properties) == (before, b_site)
    shown = house.api("GET", "/api/settings", sub="admin-b", **house.of_b()).get_json()
    assert shown["consent"]["set"] is False


def test_B11_only_an_administrator_of_this_site_now_administers(house: House) -> None:
    administering = [
        each for each in guarded(house, "context", "page")
        if each.endpoint.startswith(
            ("settings.", "visibility.", "imports.", "pages.administration", "site.")
        )
    ]  # fmt: skip
    assert len(administering) > 9

    def ask(route: Route, sub: str, **claims: str) -> int:
        kind = {"Authorization": f"JWT {good_token(route, sub=sub, **claims)}"}
        return house.send(route.method, route.path, headers=kind, data=b"{}").status_code

    before = house.rests()
    for route in administering:
        assert ask(route, "employee") == 403, route
        # An administrator of A is nobody in B, with a token of B's own.
        assert ask(route, "admin-1", **house.of_b()) == 403, route
        for fault, statuses in FAULTS:
            house.site_a.fault = lambda _, fault=fault: fault  # type: ignore[misc]
            assert ask(route, "admin-1") in statuses, (route, fault)
        house.site_a.fault = lambda _: None
    assert house.rests() == before
    reading = Route("GET", "/api/settings", "settings.overview")
    assert ask(reading, "admin-1") == 200
    house.site_a.administrators.clear()
    assert ask(reading, "admin-1") == 403
    house.site_a.administrators.add("admin-1")
    asked = house.site_a.questions.count("/rest/api/3/permissions/check")
    assert [ask(reading, "admin-1") for _ in range(3)] == [200, 200, 200]
    assert house.site_a.questions.count("/rest/api/3/permissions/check") == asked + 3
    assert "Set-Cookie" not in house.api("GET", "/api/settings").headers


GRANTED = {"globalPermissions": ["ADMINISTER"]}
FAULTS: list[tuple[Reply | Exception, set[int]]] = [
    (Reply(b"oops", 500), {503}),
    (Reply(GRANTED, 500), {503}),
    (Reply(GRANTED, 401), {502, 503}),
    (Reply(GRANTED, 403), {403}),
    (Reply(GRANTED, 404), {403, 404, 502, 503}),
    (Reply(GRANTED, 429), {429, 503}),
    (Reply(b"", 302, {"Location": "https://evil.net"}), {502}),
    (Reply(b"<html>", 200), {502}),
    (Reply({}, 200), {403}),
    (Reply({"globalPermissions": "ADMINISTER"}, 200), {403}),
    (Reply({"globalPermissions": ["BROWSE"]}, 200), {403}),
    (Reply([GRANTED], 200), {502}),
    (requests.ConnectionError("no"), {503}),
    (requests.Timeout("no"), {503}),
]


def test_B12_a_page_may_be_framed_by_its_own_site_and_nobody_else(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def framed_by(query: str = "", **claims: str) -> str:
        policy = house.page("/my-assets", query, **claims).headers["Content-Security-Policy"]
        return policy.partition("frame-ancestors ")[2]

    for said in (
        "https://evil.net", "https://evil.net; script-src *", "*", SITE_B, "'self'",
        "https://evil.net\r\nX-Injected: 1", f"{SITE_A} https://evil.net", "data:",
    ):  # fmt: skip
        for name in ("xdm_e", "xdm_c", "cp", "baseUrl", "loc", "host"):
            query = urlencode({name: said})
            assert framed_by(query) == SITE_A
    assert framed_by(**house.of_b()) == SITE_B
    forged = {"Host": "evil.net", "Origin": "https://evil.net", "Referer": "https://evil.net/"}
    attack = by_query("/my-assets", page_token("/my-assets"))
    answer = house.send(attack.method, attack.path, headers=forged)
    assert answer.headers["Content-Security-Policy"].endswith(f"frame-ancestors {SITE_A}")
    # A refused page too: framed by the site whose secret signed, by nobody else.
    for_people = {"Accept": "text/html"}
    for token, framed in (
        (page_token("/admin"), SITE_A),
        (page_token("/my-assets", exp=AT), SITE_A),
        (page_token("/admin", "", SECRET_B, iss="client-b"), SITE_B),
        (page_token("/my-assets", "", SECRET_B), "'none'"),
        (page_token("/my-assets", iss="client-x"), "'none'"),
        (context_token(SECRET_B, iss="client-b"), SITE_B),
        ("a.b.c", "'none'"),
    ):
        answer = house.send("GET", f"/my-assets?jwt={token}", headers=for_people)
        assert (answer.status_code, answer.mimetype) == (401, "text/html")
        policy = answer.headers["Content-Security-Policy"]
        assert policy.partition("frame-ancestors ")[2].partition(";")[0] == framed
    # Two at once, both held in the middle of their page.
    both = threading.Barrier(2, timeout=10)
    real = page_file.page_text

    def held(name: str) -> str:
        both.wait()
        return real(name)

    monkeypatch.setattr(page_file, "page_text", held)
    with ThreadPoolExecutor(2) as pool:
        for _ in range(10):
            claims = ({}, house.of_b())
            assert list(pool.map(lambda one: framed_by(**one), claims)) == [SITE_A, SITE_B]


MARKUP = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><svg/onload=alert(1)>",
    "{{7*7}} ${7*7} #{7*7}",
    "\u202egnp.exe\u2066\u200f",
    '=HYPERLINK("https://evil.net")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\uff1d1+1",
    "line\u2028break",
    "a" * 1_000_000,
]  # fmt: skip


@pytest.mark.parametrize("text", MARKUP, ids=range(len(MARKUP)))
def test_B13_what_stands_in_assets_stays_data(house: House, assets: AssetsHost, text: str) -> None:
    assets.add(ADA, text, serial=f"1;{text}"[:200], link="javascript:alert(1)")
    listed = house.api("GET", OWN_ASSETS, sub=ADA)
    assert listed.content_type == "application/json"
    assert listed.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in listed.headers["Content-Security-Policy"]
    (one,) = listed.get_json()["assets"]
    values = {each["name"]: each["values"] for each in one["attributes"]}
    assert one["label"] == values["Name"][0]
    assert one["label"].strip() == text.strip()
    # A link is a text among texts: no field says that it may be followed.
    assert values["Link"] == ["javascript:alert(1)"]
    assert set(one) == {
        "object_id", "object_key", "label", "object_type", "schema", "attributes", "updated_at",
    }  # fmt: skip
    exported = house.api("GET", f"{OWN_ASSETS}/export", sub=ADA)
    assert exported.headers["Content-Disposition"].startswith("attachment; filename=my-assets-")
    assert exported.content_type == "text/csv; charset=utf-8"
    assert_no_formula(exported.get_data(as_text=True))
    for page in PAGES:
        assert text not in house.page(page, sub="admin-1").get_data(as_text=True)
    searched = house.api("GET", f"{OWN_ASSETS}?{urlencode({'search': text[:200]})}", sub=ADA)
    assert (searched.status_code, searched.content_type) == (200, "application/json")
    key = house.api("GET", f"{OWN_ASSETS}/explanation?object_key={quote(text[:200])}", sub=ADA)
    assert (key.status_code, key.content_type) == (404, "application/problem+json")
    assert text[:200] not in key.get_data(as_text=True)


def assert_no_formula(text: str) -> None:
    csv.field_size_limit(10_000_000)
    for separator in (",", ";", "\t"):
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            for cell in row:
                start = cell.lstrip(' "\ufeff\t\r\n')
                assert not start.startswith(("=", "+", "-", "@", "\uff1d")), cell


HOSTILE = [
    '557058:x" OR "Owner" != "',
    '" OR objectTypeId > 0 OR "a"="',
    'x") OR (Key IS NOT EMPTY',
    "x' OR 'a'='a",
    "x\\",
    'x\\" OR Key IS NOT EMPTY OR "a" = "\\',
    "currentUser()",
    "${Owner}",
    "%",
    "*",
    "x\nOR Key IS NOT EMPTY",
    "x\0",
    "x ORDER BY Key",
    "\u201c OR Key IS NOT EMPTY \u201d",
    "\ud800",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_B14_no_text_of_a_caller_becomes_part_of_a_question(
    house: House, assets: AssetsHost, text: str
) -> None:
    for owner in (ADA, BOB, "557058:eve"):
        assets.employ(owner)
        assets.add(owner, f"Phone of {owner}")
    assets.employ(text, email="eve@e.com")

    def questions(sub: str, query: str = "") -> list[str]:
        assets.asked.clear()
        answer = house.api("GET", f"{OWN_ASSETS}{query}", sub=sub)
        refused = {401} if not sub.isprintable() else set()
        assert answer.status_code in {200, 403, 422} | refused, answer.get_json()
        labels = [one["label"] for one in (answer.get_json().get("assets") or [])]
        assert [label for label in labels if label != f"Phone of {sub}"] == []
        return [shape(each) for each in assets.asked]  # a broken one does not parse

    harmless = questions(ADA)
    assert len(harmless) == 1
    # As account id: the same question, or none at all.
    house.site_a.users[text] = JiraHost.account(text, "eve@e.com")
    assert questions(text) in (harmless, [])
    # As the address that Jira shows of the viewer.
    save = {"owner_rules": [{"object_type": "*", "attribute": "Serial", "match": "email"}]}
    assert house.api("PUT", "/api/settings/visibility", json=save).status_code == 200
    by_address = questions(ADA)
    assert len(by_address) == 1
    house.site_a.users[ADA] = JiraHost.account(ADA, text)
    assert questions(ADA) in (by_address, [])
    house.site_a.users[ADA] = JiraHost.account(ADA, "ada@e.com")
    # As what the viewer types.
    typed = quote(text, errors="surrogatepass")
    for name in ("search", "object_type", "schema", "sort", "cursor"):
        assert questions(ADA, f"?{name}={typed}") in (by_address, [])
    assets.asked.clear()
    path = f"{OWN_ASSETS}/explanation?object_key={typed}"
    assert house.api("GET", path, sub=ADA).status_code == 404
    assert assets.asked == []


def test_B15_every_answer_of_every_route_carries_the_headers(
    house: House, assets: AssetsHost
) -> None:
    seen: set[int] = set()

    def look(answer: Any, route: Route) -> None:
        seen.add(answer.status_code)
        assert not 300 <= answer.status_code < 400, route
        kept = route.endpoint in PUBLIC_ENDPOINTS and answer.status_code < 400
        assert_headers(answer, may_be_kept=kept)

    for route in routes(house):
        token = good_authorization(house, route)
        look(house.send(route.method, route.path), route)
        look(house.send(route.method, route.path, headers={"Authorization": token}), route)
        strange = {"Authorization": f"JWT {good_token(route, sub='employee')}"}
        if route.kind in ("context", "page"):
            look(house.send(route.method, route.path, headers=strange, data=b"[]"), route)
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "POST", "DELETE", "PATCH", "TRACE", "X"):
            look(house.send(method, route.path, data=b""), route)
        for path in (
            f"{route.path}/",
            f"/{route.path}",
            f"{route.path}/nothing",
            f"{route.path}%00",
        ):
            look(house.send(route.method, path), Route(route.method, path, ""))
        big = b"x" * 600_000
        signed = {"Authorization": token}
        look(house.send(route.method, route.path, headers=signed, data=big), route)
        endless = {"wsgi.input": io.BytesIO(b"x"), "wsgi.input_terminated": True}
        look(house.send(route.method, route.path, environ_overrides=endless), route)
        real = house.app.view_functions[route.endpoint]
        house.app.view_functions[route.endpoint] = broken
        look(house.send(route.method, route.path), Route(route.method, route.path, ""))
        house.app.view_functions[route.endpoint] = real
    house.table.fail("read", "before")
    house.clock.pass_(seconds=2)
    look(house.api("GET", "/api/settings"), Route("GET", "/api/settings", ""))
    assert {200, 204, 401, 403, 404, 405, 413, 422, 500, 503} <= seen


def broken(**_: str) -> Any:
    raise ValueError("canary-of-a-bug")


def assert_headers(answer: Any, *, may_be_kept: bool) -> None:
    for name, value in REFUSAL_HEADERS.items():
        if name not in ("Content-Type", "Content-Security-Policy", "Cache-Control"):
            assert answer.headers.getlist(name) == [value]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    framed = policy.partition("frame-ancestors ")[2].partition(";")[0]
    assert framed == (SITE_A if answer.mimetype == "text/html" and "script-src" in policy
                      else "'none'")  # fmt: skip
    if not may_be_kept:
        assert answer.headers.getlist("Cache-Control") == ["no-cache, no-store"]
    for unwanted in ("Set-Cookie", "Server", "X-Powered-By", "Access-Control-Allow-Origin"):
        assert unwanted not in answer.headers
    assert "canary" not in answer.get_data(as_text=True)


def test_B16_no_link_changes_anything_and_no_cookie_writes(
    house: House, assets: AssetsHost
) -> None:
    assets.add(ADA, "Ada's phone")
    before = house.rests()
    for route in guarded(house):
        if route.method == "GET":
            token = good_token(route)
            in_query = house.send("GET", f"{route.path}?jwt={token}")
            in_header = house.send("GET", route.path, token)
            assert in_query.status_code < 500 > in_header.status_code
            assert (in_query.status_code < 400) == (route.kind == "page"), route
    assert house.rests() == before
    # A page's link is for one instance and one address, and no page takes anything but GET.
    for page in PAGES:
        for_b = page_token(page, "", SECRET_B, iss="client-b", sub="admin-1")
        refused(house, by_query(page, for_b.replace(for_b[-5:], "AAAAA")))
        mixed = page_token(page, "", SECRET, iss="client-b", sub="admin-1")
        refused(house, by_query(page, mixed))
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            assert house.send(method, f"{page}?jwt={page_token(page)}").status_code == 405
    # What a foreign page can make a browser send: cookies, forms, no Authorization.
    for route in guarded(house, "context"):
        if route.method != "GET":
            cookie = {"Cookie": f"jwt={good_token(route)}", "Origin": "https://evil.net"}
            refused(house, Attack(route.method, route.path, body=b"a=1", headers=cookie))
    # What the page says of the site, and where it may be framed, come from the token.
    shown = [
        house.api("GET", "/api/site"),
        house.api("GET", "/api/site", sub="admin-b", **house.of_b()),
    ]
    assert [each.get_json()["site"] for each in shown] == [SITE_A, SITE_B]
    policy = house.page("/admin", sub="admin-1").headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors {SITE_A}")


CANARIES = {
    "client_secret": "canary-client-secret-0123456789",
    "container_token": "canary-container-token-0123456789",
    "encryption_string": "canary encryption string of the site",
    "api_token": "canary-api-token-0123456789",
}


def test_B17_no_flow_tells_a_token_or_a_secret(
    house: House, assets: AssetsHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told(house)
    # Through Forge a site is there already, and its store holds what it saved.
    signer, system = house.forge.signer, house.forge.system()
    for body in (INSTALLED, {}):
        path = "/forge/lifecycle" if body else "/forge/tick"
        assert house.fit("POST", path, signer.event(), system=system, json=body).status_code == 204
    house.internet.hosts["login.microsoftonline.com"] = echoing
    house.site_a.fault = house.forge.fault = told.look_around
    for flow in FLOWS:
        flow(house, told)
    for fault in (Reply(b"oops", 500), requests.ConnectionError(SECRET), ValueError(SECRET)):
        told.then = fault
        for flow in FLOWS:
            flow(house, told)
    told.then = None
    house.kms.down = True
    house.clock.pass_(minutes=6)
    settings(house, told)
    house.kms.down = False
    for endpoint in list(house.app.view_functions):
        house.app.view_functions[endpoint] = broken_with_secrets
    for route in routes(house):
        told.answer(house.send(route.method, route.path, good_token(route)))
    assert told.mid_flow > 5
    assert told.shown == set()
    assert '"event": "bug"' in house.log.getvalue()
    assert_nothing_told(
        house.log.getvalue(), None, *CANARIES.values(), "-canary", assets.token, "admin-1"
    )


class Told:
    """Collects what was answered, and looks at every object of the app in the middle of flows."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.mid_flow = 0
        self.shown: set[str] = set()  # the kinds of objects whose repr tells
        self.then: Reply | Exception | None = None
        self._turn = 0

    def answer(self, response: Any) -> Any:
        text = response.get_data(as_text=True) + repr(dict(response.headers)) + repr(response)
        assert_nothing_told(text, None, *CANARIES.values(), "-canary")
        return response

    def look_around(self, _path: str) -> Reply | Exception | None:
        self._turn += 1
        if self._turn % 29 == 1:
            self.mid_flow += 1
            for each in gc.get_objects():
                if type(each).__module__.partition(".")[0] == "app":
                    self._note(each)
        return self.then

    def _note(self, each: object) -> None:
        """Kept for the end: raised here, the app itself would turn it into an answer."""
        try:
            assert_nothing_told(repr(each), None, *CANARIES.values(), "-canary")
        except AssertionError:
            self.shown.add(type(each).__qualname__)


def echoing(request: requests.PreparedRequest) -> Reply:
    """Entra refuses, and says what it was given."""
    said = {"error": "invalid_client", "error_description": f"no: {request.body!r}"}
    return Reply(said, 401)


def lifecycle(house: House, told: Told) -> None:
    at = int(house.clock().timestamp())
    told.answer(house.install(iat=at, displayUrl=f"https://d{at}.example.com"))
    told.answer(house.event("installed", b'{"sharedSecret": "' + SECRET.encode() + b'"'))
    told.answer(house.event("installed", json.dumps({"clientKey": "x", "x": SECRET}).encode()))
    told.answer(house.uninstall("client-x", iat=at))


def pages(house: House, told: Told) -> None:
    for page in PAGES:
        for sub in ("admin-1", "employee"):
            told.answer(house.page(page, sub=sub))
        told.answer(house.page(page, secret=SECRET_B))


def settings(house: House, told: Told) -> None:
    tenant = {"tenant_id": "11111111-2222-3333-4444-555555555555", "client_id": "c-1"}
    bodies: dict[str, dict[str, Any]] = {
        "entra": tenant | {"client_secret": CANARIES["client_secret"]},
        "assets-access": {"email": "other@e.com", "api_token": CANARIES["api_token"]},
        "import": {"container_token": CANARIES["container_token"]},
        "encryption-string": {"encryption_string": CANARIES["encryption_string"]},
    }
    for part, body in bodies.items():
        for path in (f"/api/settings/{part}", f"/api/settings/{part}/check"):
            method = "POST" if path.endswith("check") else "PUT"
            for sent in (body, body | {"unknown": list(body.values())[-1]}, {"x": body}):
                told.answer(house.api(method, path, json=sent, headers={"Idempotency-Key": part}))
        told.answer(house.api("PUT", f"/api/settings/{part}", data=json.dumps(body)[:-1]))
    told.answer(house.api("GET", "/api/settings"))
    told.answer(house.api("DELETE", "/api/settings/encryption-string"))


def imports(house: House, told: Told) -> None:
    told.answer(house.api("POST", "/api/imports", json={"mode": "full"}))
    told.answer(house.api("GET", "/api/imports"))
    told.answer(house.api("DELETE", "/api/imports/x"))


def own_assets(house: House, told: Told) -> None:
    for path in ("", "/export", "/explanation?object_key=STOCK-1", "?search=x"):
        told.answer(house.api("GET", f"{OWN_ASSETS}{path}", sub=ADA))


def through_forge(house: House, told: Told) -> None:
    signer, at = house.forge.signer, int(house.clock().timestamp())
    good, stolen = house.forge.system(later=600), opaque_token("stolen", at + 9000)
    users = (house.forge.user("admin-1"), opaque_token("nobody"), "a b")
    for user, system in zip(users, (good, stolen, "canary" * 2000), strict=True):
        for made in (
            signer.token(at=at),
            signer.event(at=at),
            signer.function(at=at),
            signer.token(at=at, changes={"aud": "x"}),
        ):
            for route in guarded(house, "context", "forge"):
                answer = house.fit(
                    route.method, route.path, made, user=user, system=system, json=FORGE_BODY
                )
                told.answer(answer)


FORGE_BODY = INSTALLED | {"importId": "import-1", "workspaceId": "workspace-1"}
FLOWS: list[Callable[[House, Told], None]] = [
    lifecycle, pages, settings, imports, own_assets, through_forge,
]  # fmt: skip


def broken_with_secrets(**_: str) -> Any:
    raise ValueError(f"{SECRET} eyJ.canary {CANARIES}")
