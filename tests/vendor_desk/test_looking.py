"""Looks: who may, what for, the line that tells of it; each route, role and header."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import structlog

from app.goodbye.references import COLUMNS
from app.instances.reference import InstanceReference
from app.vendor_desk.cases import CAUSES
from app.vendor_desk.guards import check_every_route, is_for
from app.vendor_desk.roles import LOOKS, STAFF_ROLES, TABLE
from app.vendor_desk.services import staff_id
from app.words import Generation, InstanceId, Secret
from tests.stand_ins.clock import StoppedClock
from tests.stand_ins.desk import ANTON, BASE, STAFF_KEY, VERA, Browser, Desk
from tests.vendor_desk.conftest import Log

ONE = InstanceId("a" * 32)
SECRETS = ("canary-wrapped", "canary-sealed", "canary-token", "canary-client-key", "canary-run")


def reference(number: int = 10, **more: Any) -> InstanceReference:
    """One with everything in it that nobody at the desk may see."""
    return InstanceReference(
        **{
            "instance_id": InstanceId(f"{number:x}" * 32),
            "door": "connect",
            "state": "installed",
            "generation": Generation("20261101T080000Z"),
            "base_url": "https://acme.atlassian.net",
            "client_key": "canary-client-key",
            "part_keys": {"entra": {"wrapped": b"canary-wrapped"}},
            "connect_secret": {"wrapped": b"canary-sealed"},
            "site_token": {"wrapped": b"canary-token"},
            "run": {"id": "canary-run"},
            "seen_at": "2026-11-20T10:00:00Z",
        }
        | more
    )


@pytest.fixture
def inside(desk: Desk, browser: Browser) -> Browser:
    desk.table.create(reference())
    browser.enter()
    browser.open_case()
    return browser


def addresses(desk: Desk) -> list[tuple[str, str, str]]:
    """Method, address and endpoint of every route."""
    filled = {"<instance_id>": ONE, "<generation>": "20261101T080000Z", "<name>": "tokens.css"}
    found = []
    for rule in desk.app.url_map.iter_rules():
        address = rule.rule
        for name, value in filled.items():
            address = address.replace(name, value)
        found += [
            (method, address, rule.endpoint) for method in (rule.methods or set()) - {"OPTIONS"}
        ]
    return found


def ask(browser: Browser, method: str, address: str) -> Any:
    headers = {"Origin": BASE} if method == "POST" else {}
    return browser.client.open(address, method=method, base_url=BASE, headers=headers)


def test_nobody_sees_anything_without_signing_in(desk: Desk, browser: Browser) -> None:
    for method, address, endpoint in addresses(desk):
        status = ask(browser, method, address).status_code
        match is_for(desk.app, endpoint):
            case "staff" | "a look":
                assert status == 403, address
            case "the provider":
                assert status == 400, address
            case _:
                assert status in (200, 303, 401), address


def test_a_desk_with_a_route_that_says_not_whom_it_is_for_does_not_start(desk: Desk) -> None:
    check_every_route(desk.app)
    desk.app.view_functions["looking.instances"] = lambda: "everything"
    with pytest.raises(RuntimeError, match="must say whom"):
        check_every_route(desk.app)


def test_every_look_of_the_role_table_has_its_route_and_only_its_roles(desk: Desk) -> None:
    looks = [
        (method, address)
        for method, address, endpoint in addresses(desk)
        if is_for(desk.app, endpoint) == "a look" and method == "GET"
    ]
    assert len(looks) == len(LOOKS)
    seen: dict[str, int] = {}
    for member, role in ((VERA, "viewer"), (ANTON, "auditor")):
        browser = desk.browser()
        browser.enter(member)
        browser.open_case()
        statuses = [ask(browser, *each).status_code for each in looks]
        seen[role] = sum(status != 403 for status in statuses)
    assert seen == {role: len(TABLE[role]) for role in STAFF_ROLES}


def test_a_role_that_has_no_such_look_is_refused_and_the_line_says_so(
    inside: Browser, log: Log
) -> None:
    assert inside.get("/receipts").status_code == 403
    (line,) = log.lines("desk_refused")
    assert (line["kind"], line["cause"]) == ("receipts", "role")
    assert "Receipts</a>" not in inside.get("/instances").text


def test_a_look_without_a_case_is_refused_and_asks_for_one(
    desk: Desk, browser: Browser, log: Log
) -> None:
    browser.enter()
    for path in ("/instances", f"/instances/{ONE}"):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert "What are you here for?" in answer.text
    assert desk.table.calls["read"] == 0
    assert [line["cause"] for line in log.lines("desk_refused")] == ["no case", "no case"]
    assert log.lines("desk_look") == []


def test_a_case_lasts_for_half_an_hour(inside: Browser, clock: StoppedClock) -> None:
    for _ in range(2):
        clock.pass_(minutes=14, seconds=59)
        assert inside.get("/instances").status_code == 200
    clock.pass_(seconds=2)
    assert inside.get("/instances").status_code == 403
    assert inside.open_case("SUP-2").headers["Location"] == "/instances"
    assert inside.get("/instances").status_code == 200


def test_every_look_is_a_line_with_who_what_and_why(inside: Browser, log: Log) -> None:
    inside.get("/instances?find=acme")
    inside.get(f"/instances/{ONE}")
    first, second = log.lines("desk_look")
    assert (first["kind"], first["instance_id"]) == ("instances", None)
    assert (second["kind"], second["instance_id"]) == ("instance", ONE)
    for line in (first, second):
        assert line["reason"] == "support SUP-1042"
        assert line["staff_id"].startswith("staff-")
        assert line["level"] == "info"
        assert line["request_id"]


def test_the_line_is_written_before_anything_is_read(desk: Desk, inside: Browser, log: Log) -> None:
    desk.table.fail("read", "before")
    assert inside.get(f"/instances/{ONE}").status_code == 503
    assert [line["kind"] for line in log.lines("desk_look")] == ["instance"]


def test_nothing_is_shown_that_no_line_can_tell_of(
    desk: Desk, inside: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    before = desk.table.calls["read"]
    monkeypatch.setattr("app.vendor_desk.audit._log.info", full, raising=False)
    answer = inside.get(f"/instances/{ONE}")
    assert answer.status_code == 500
    assert "acme" not in answer.text
    assert desk.table.calls["read"] == before


def test_a_staff_id_is_the_same_for_the_same_person_and_tells_nothing() -> None:
    key, other = Secret(STAFF_KEY), Secret("another key of at least thirty-two bytes")
    known = staff_id(key, "https://login.example", "vera")
    assert known == staff_id(key, "https://login.example", "vera")
    assert known != staff_id(other, "https://login.example", "vera")
    assert known != staff_id(key, "https://login.example/", "vera")
    assert staff_id(key, "https://a", "bc") != staff_id(key, "https://ab", "c")
    assert len(known) == len("staff-") + 20


def test_what_the_list_shows(desk: Desk, inside: Browser) -> None:
    page = inside.get("/instances").text
    assert "acme.atlassian.net" in page
    assert ONE in page
    assert "2026-11-20 10:00" in page


def test_no_key_secret_token_run_or_site_id_reaches_the_desk(desk: Desk, inside: Browser) -> None:
    desk.table.create(reference(11, door="forge", installation_id="canary-client-key"))
    told = "".join(
        inside.get(path).text
        for path in ("/instances", f"/instances/{ONE}", f"/instances/{'b' * 32}")
    )
    for secret in SECRETS:
        assert secret not in told
    for found in desk.services.listing.all():
        assert {name for name, value in vars(found).items() if value} <= set(COLUMNS)


def erased(number: int = 13) -> InstanceReference:
    return InstanceReference(
        instance_id=InstanceId(f"{number:x}" * 32),
        door="forge",
        state="erased",
        generation=Generation("g1"),
        erased_at="2026-11-20T00:00:00Z",
        receipt='{"payload": "of the tombstone"}',
    )


def test_an_auditor_hands_out_receipts_as_they_were_signed(desk: Desk, log: Log) -> None:
    desk.table.create(erased())
    desk.receipts[f"{ONE}-g7.json"] = '{"payload": "of the folder"}\n'
    browser = desk.browser()
    browser.enter(ANTON)
    browser.open_case("AUD-1", "audit")
    page = browser.get("/receipts").text
    assert "2 receipts" in page
    assert "1 receipt." in browser.get("/receipts?find=AAAA").text
    for instance_id, generation, said in ((ONE, "g7", "folder"), ("d" * 32, "g1", "tombstone")):
        answer = browser.get(f"/receipts/{instance_id}/{generation}")
        assert answer.text.startswith(f'{{"payload": "of the {said}"}}')
        named = f'attachment; filename="{instance_id}-{generation}.json"'
        assert answer.headers["Content-Disposition"] == named
        assert answer.mimetype == "application/json"
    downloads = [line for line in log.lines("desk_look") if line["kind"] == "receipt"]
    assert [line["instance_id"] for line in downloads] == [ONE, "d" * 32]


@pytest.mark.parametrize(
    "path", [f"{'d' * 32}/g2", f"{'e' * 32}/g1", f"{'d' * 32}/..%2fg1", "x/g1", f"{ONE}/g8.json"]
)
def test_a_receipt_that_is_not_there(desk: Desk, path: str) -> None:
    desk.table.create(erased())
    desk.table.create(reference())
    browser = desk.browser()
    browser.enter(ANTON)
    browser.open_case()
    assert browser.get(f"/receipts/{path}").status_code == 404


def test_a_tombstone_over_its_time_is_shown_no_more(desk: Desk, clock: StoppedClock) -> None:
    desk.table.create(erased())
    clock.pass_(days=61)
    browser = desk.browser()
    browser.enter(ANTON)
    browser.open_case()
    for path in ("/instances", "/receipts"):
        assert "d" * 32 not in browser.get(path).text
    assert browser.get(f"/instances/{'d' * 32}").status_code == 404
    assert browser.get(f"/receipts/{'d' * 32}/g1").status_code == 404


def test_a_wish_to_purge_is_shown_while_it_counts_and_not_who_had_it(
    desk: Desk, inside: Browser, clock: StoppedClock
) -> None:
    wish = {"asked_at": "2026-11-20T12:00:00Z", "staff_id": "canary-of-an-identity"}
    desk.table.create(reference(14, state="silent", purge=wish))
    page = inside.get(f"/instances/{'e' * 32}").text
    assert "2026-11-27 12:00" in page
    assert f"my-assets vendor purge {'e' * 32}" in page
    assert "canary" not in page
    clock.pass_(days=7)
    inside.enter()
    inside.open_case()
    assert "wishes" not in inside.get(f"/instances/{'e' * 32}").text


@pytest.mark.parametrize("wrong", ["x", "A" * 32, "a" * 31, "claim%23a", "..%2f..%2fetc", "%00"])
def test_an_id_of_another_shape_is_not_looked_up(inside: Browser, desk: Desk, wrong: str) -> None:
    before = desk.table.calls["read"]
    assert inside.get(f"/instances/{wrong}").status_code == 404
    assert desk.table.calls["read"] == before


def test_an_instance_that_is_not_there(inside: Browser) -> None:
    assert inside.get(f"/instances/{'c' * 32}").status_code == 404


HOSTILE = '"><script>alert(1)</script>{{"z"*9}}'


def test_hostile_texts_are_shown_as_the_text_they_are(desk: Desk, inside: Browser) -> None:
    desk.table.create(reference(12, base_url=f"https://{HOSTILE}.example", region=HOSTILE))
    for path in ("/instances", f"/instances/{'c' * 32}", "/instances?find=%22%3E%3Cscript%3E"):
        page = inside.get(path).text
        assert "<script" not in page
        assert "zzzzzzzzz" not in page
    page = inside.submit("/case", cause=HOSTILE, number=HOSTILE).text
    assert "<script" not in page


@pytest.mark.parametrize("query", ["show=everything", "page=0", "page=x", "page=99999", "order=id",
                                   f"find={'x' * 101}"])  # fmt: skip
def test_a_question_that_the_list_does_not_know_is_refused(inside: Browser, query: str) -> None:
    assert inside.get(f"/instances?{query}").status_code == 422


@pytest.mark.parametrize(
    "number",
    ["", "Vera Winter", "vera.winter@vendor.example", "SUP", "SUP 1042", "1" * 33, "SUP-1042\nx",
     "Müller-1", "-1", "1-", "https://x/1?a", "SUP--1"],
)  # fmt: skip
def test_a_case_is_a_cause_and_a_number_never_a_name(
    browser: Browser, log: Log, number: str
) -> None:
    """Free text would carry names into the log."""
    browser.enter()
    answer = browser.open_case(number)
    assert answer.status_code == 422
    assert "no names, no words" in answer.text
    assert log.lines("desk_case") == []
    assert browser.get("/instances").status_code == 403


def test_a_case_of_any_cause_and_ticket_system_is_taken(browser: Browser) -> None:
    browser.enter()
    for number in ("SUP-1042", "2026/17", "1", "INC0012345", "a.b-3#4"):
        for cause in CAUSES:
            assert browser.open_case(number, cause).status_code == 303


def test_an_unknown_cause_is_refused_and_what_was_typed_stays(browser: Browser) -> None:
    browser.enter()
    answer = browser.open_case("SUP-7", "curiosity")
    assert answer.status_code == 422
    assert 'value="SUP-7"' in answer.text
    assert "Choose what you are here for." in answer.text


def test_a_form_of_another_origin_does_nothing(desk: Desk, inside: Browser) -> None:
    key = inside.form_key()
    for origin in (None, "null", "https://evil.example", BASE + ".evil.example", BASE + ":8443"):
        for path in ("/sign-in", "/case", "/sign-out"):
            form = {"form_key": key, "cause": "audit", "number": "1"}
            assert inside.post(path, form, origin=origin).status_code == 403
    assert "SUP-1042" in inside.get("/instances").text


def test_a_form_without_the_sessions_key_does_nothing(desk: Desk, inside: Browser) -> None:
    other = desk.browser()
    other.enter(ANTON)
    for key in ("", "0" * 64, other.form_key(), "é"):
        form = {"form_key": key, "cause": "audit", "number": "1"}
        assert inside.post("/case", form).status_code == 403
        assert inside.post("/sign-out", form).status_code == 403
    assert "SUP-1042" in inside.get("/instances").text


@pytest.mark.parametrize("host", ["evil.example", "desk.vendor.example:8443", "127.0.0.1",
                                  "desk.vendor.example.evil.example", ""])  # fmt: skip
def test_another_hosts_name_is_refused(inside: Browser, host: str) -> None:
    answer = inside.client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "acme" not in answer.text


def test_a_forwarded_host_is_not_believed(browser: Browser) -> None:
    evil = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    answer = browser.client.post("/sign-in", base_url=BASE, headers={"Origin": BASE, **evil})
    assert "evil" not in answer.headers["Location"]


def test_the_headers_stand_on_every_answer(desk: Desk, inside: Browser) -> None:
    answers = [
        inside.get("/nowhere"),
        inside.client.put("/", base_url=BASE),
        inside.client.get("/", headers={"Host": "evil.example"}),
        inside.post("/case", {"number": "x" * 40_000}),
    ]
    answers += [ask(inside, method, address) for method, address, _ in addresses(desk)]
    assert {answer.status_code for answer in answers} >= {200, 303, 400, 401, 403, 404, 413}
    for answer in answers:
        headers = answer.headers
        assert headers["Strict-Transport-Security"].startswith("max-age=63072000")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-cache, no-store"
        policy = dict(part.strip().split(" ", 1) for part in
                      headers["Content-Security-Policy"].split(";"))  # fmt: skip
        assert policy["default-src"] == "'none'"
        assert policy["frame-ancestors"] == "'none'"
        assert policy["base-uri"] == "'none'"
        assert "script-src" not in policy
        assert "Access-Control-Allow-Origin" not in headers


def test_a_redirect_leads_into_the_desk_or_to_the_provider_and_nowhere_else(
    desk: Desk, inside: Browser
) -> None:
    for query in ("next=//evil.example", "return_to=https://evil.example", "url=javascript:1"):
        for path in ("/", "/case", "/instances"):
            location = inside.get(f"{path}?{query}").headers.get("Location", "/")
            assert location.startswith("/")
            assert not location.startswith("//")
    address = urlsplit(desk.browser().go_to_provider())
    assert f"{address.scheme}://{address.netloc}" == desk.provider.base_url


def test_a_bug_becomes_a_page_that_says_nothing(
    desk: Desk, inside: Browser, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("canary of a bug")

    monkeypatch.setattr("app.vendor_desk.looking.listed", broken)
    answer = inside.get("/instances")
    assert answer.status_code == 500
    assert "canary" not in answer.text + log.text
    assert [line["error"] for line in log.lines("bug")] == ["ValueError"]


def test_no_token_person_or_secret_stands_in_the_log(desk: Desk, log: Log) -> None:
    for member in (VERA, ANTON):
        browser = desk.browser()
        back = browser.way_back(browser.go_to_provider(), member)
        cookies = [browser.cookie or ""]
        browser.come_back(back)
        browser.open_case()
        cookies += [browser.cookie or "", browser.form_key()]
        browser.get("/instances?find=somebody")
        browser.come_back(back)
        desk.provider.token_changes = {"nonce": "wrong"}
        desk.browser().sign_in(member)
        desk.provider.token_changes = {}
        browser.submit("/sign-out")
        for piece in (*cookies, urlsplit(back).query, "somebody", member, "canary", "eyJ",
                      "Vera", "Anton", "@vendor.example", "desk-viewers"):  # fmt: skip
            assert piece not in log.text
    assert {json.loads(line)["event"] for line in log.text.splitlines()} >= {
        "request", "desk_signed_in", "desk_case", "desk_look", "desk_signed_out",
        "desk_turned_away",
    }  # fmt: skip
    structlog.contextvars.clear_contextvars()
