"""How long a session lives, who can end it, and what its cookie is."""

from __future__ import annotations

import os

import pytest

from app.errors import Refused
from app.vendor_desk.sessions import Sessions
from app.words import StaffId
from sandbox import staff
from tests.stand_ins.clock import StoppedClock
from tests.stand_ins.desk import ANTON, CLIENT_ID, VERA, Browser, Desk
from tests.vendor_desk.conftest import Log

SOMEBODY = StaffId("staff-1")


def looks(browser: Browser) -> int:
    return browser.get("/instances").status_code


@pytest.fixture
def inside(browser: Browser) -> Browser:
    browser.enter()
    browser.open_case()
    assert looks(browser) == 200
    return browser


def test_the_cookie_is_bound_to_the_host_hidden_from_scripts_and_from_other_sites(
    browser: Browser,
) -> None:
    begun = browser.post("/sign-in").headers.getlist("Set-Cookie")
    back = browser.sign_in().headers.getlist("Set-Cookie")
    for (cookie,), same_site in ((begun, "Lax"), (back, "Strict")):
        name, *attributes = cookie.split("; ")
        assert name.startswith("__Host-desk=")
        assert {"Secure", "HttpOnly", "Path=/", f"SameSite={same_site}"} <= set(attributes)
        assert not any(each.startswith("Domain") for each in attributes)


def test_only_signing_in_and_out_set_the_cookie(inside: Browser) -> None:
    for path in ("/", "/case", "/instances", "/style/tokens.css", "/nowhere"):
        assert "Set-Cookie" not in inside.get(path).headers


def test_the_cookie_of_a_sign_in_is_another_one_than_that_before_it(browser: Browser) -> None:
    """Whoever planted a cookie before knows nothing afterwards (session fixation)."""
    browser.go_to_provider()
    before = browser.cookie
    browser.sign_in()
    assert browser.cookie not in (None, before)
    browser.client.set_cookie("__Host-desk", before or "", domain="desk.vendor.example")
    assert looks(browser) == 403


def test_the_cookie_says_nothing_about_anybody(inside: Browser) -> None:
    assert inside.cookie is not None
    assert len(inside.cookie) == 64
    assert set(inside.cookie) <= set("0123456789abcdef")


@pytest.mark.parametrize("cookie", ["", "x", "0" * 64, "attempt.1.00", "é", "a" * 201])
def test_a_cookie_of_no_session_opens_nothing(inside: Browser, cookie: str) -> None:
    inside.client.set_cookie("__Host-desk", cookie, domain="desk.vendor.example")
    assert looks(inside) == 403


def test_a_session_sleeps_in_after_a_quarter_of_an_hour(
    inside: Browser, clock: StoppedClock
) -> None:
    clock.pass_(minutes=14, seconds=59)
    assert looks(inside) == 200
    clock.pass_(minutes=14, seconds=59)
    assert looks(inside) == 200
    clock.pass_(minutes=15)
    assert looks(inside) == 403


def test_a_session_ends_after_an_hour_however_busy_it_is(
    inside: Browser, clock: StoppedClock
) -> None:
    for _ in range(5):
        clock.pass_(minutes=11)
        inside.open_case()
        assert looks(inside) == 200
    clock.pass_(minutes=5)
    assert looks(inside) == 403


def test_signing_out_ends_the_session_and_takes_the_cookie_back(inside: Browser, log: Log) -> None:
    kept = inside.cookie or ""
    answer = inside.submit("/sign-out")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"
    assert inside.cookie is None
    inside.client.set_cookie("__Host-desk", kept, domain="desk.vendor.example")
    assert looks(inside) == 403
    assert len(log.lines("desk_signed_out")) == 1


def test_a_restart_ends_every_session(inside: Browser, desk: Desk) -> None:
    restarted = Desk(desk.provider, desk.clock).browser()
    restarted.client.set_cookie("__Host-desk", inside.cookie or "", domain="desk.vendor.example")
    assert looks(restarted) == 403


def logout(desk: Desk, token: str | None) -> int:
    form = {} if token is None else {"logout_token": token}
    return desk.browser().post("/back-channel-logout", form, origin=None).status_code


def logout_token(desk: Desk, **changes: object) -> str:
    now = int(desk.clock().timestamp())
    claims = {
        "iss": desk.provider.base_url, "aud": CLIENT_ID, "iat": now, "exp": now + 120, "jti": "j",
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}}, "sub": VERA,
    } | changes  # fmt: skip
    said = {name: value for name, value in claims.items() if value is not None}
    return desk.provider.keys.signed(said, {"typ": "logout+jwt"})


def test_D07_the_provider_ends_every_session_of_a_person_at_once(
    inside: Browser, desk: Desk, log: Log
) -> None:
    """A lost device, a closed account: the next request already finds nothing."""
    second, other = desk.browser(), desk.browser()
    second.enter()
    other.enter(ANTON)
    other.open_case()
    assert logout(desk, logout_token(desk)) == 200
    assert looks(inside) == 403
    assert second.get("/case").status_code == 403
    assert looks(other) == 200
    (line,) = log.lines("desk_sessions_ended")
    assert line["count"] == 2
    assert VERA not in log.text


def test_D07_a_sign_in_from_before_the_end_opens_no_session_after_it(
    desk: Desk, clock: StoppedClock, log: Log
) -> None:
    browser = desk.browser()
    assert logout(desk, logout_token(desk)) == 200
    assert browser.sign_in().status_code == 401
    assert log.causes() == ["signed out by the provider"]
    clock.pass_(seconds=1)
    assert browser.sign_in().status_code == 200


def test_the_provider_can_end_one_of_its_sessions(desk: Desk) -> None:
    first, second = desk.browser(), desk.browser()
    for each in (first, second):
        each.sign_in()
        each.open_case()
    (one, _) = [held.provider_session for held in desk.services.sessions._held.values()]
    assert logout(desk, logout_token(desk, sub=None, sid=one)) == 200
    assert [looks(first), looks(second)] == [403, 200]
    assert logout(desk, logout_token(desk, sid="another")) == 200
    assert looks(second) == 200


def test_D07_a_session_that_the_provider_ended_opens_none_here_that_was_under_way(
    desk: Desk, clock: StoppedClock, log: Log
) -> None:
    """Its code was not redeemed yet: the browser still stood at the redirect."""
    browser = desk.browser()
    back = browser.way_back(browser.go_to_provider())
    (grant,) = [each for each in desk.provider._grants._held.values() if not each.used][-1:]
    assert logout(desk, logout_token(desk, sid=grant.session)) == 200
    clock.pass_(seconds=1)
    assert browser.come_back(back).status_code == 401
    assert log.causes() == ["signed out by the provider"]
    assert browser.sign_in().status_code == 200


def test_a_logout_token_sent_once_more_ends_no_session_that_began_after_it(
    inside: Browser, desk: Desk, clock: StoppedClock
) -> None:
    token = logout_token(desk)
    assert logout(desk, token) == 200
    assert looks(inside) == 403
    clock.pass_(seconds=1)
    inside.enter()
    inside.open_case()
    assert logout(desk, token) == 200
    assert looks(inside) == 200


def test_what_the_provider_ended_is_remembered_for_an_hour_and_no_longer(
    clock: StoppedClock,
) -> None:
    sessions = Sessions(clock, os.urandom)
    for number in range(50):
        sessions.end_all(None, f"session {number}", 1)
        clock.pass_(minutes=10)
    assert len(sessions._over) == 6


@pytest.mark.parametrize(
    "changes",
    [{"aud": "another client"}, {"aud": [CLIENT_ID, "another"]}, {"iss": "https://evil.example"},
     {"events": None}, {"events": {}}, {"events": {"other": {}}}, {"events": "logout"},
     {"nonce": "n"}, {"jti": None}, {"sub": None}, {"exp": 1}, {"exp": None}, {"iat": None},
     {"sub": ["a"]}],
    ids=str,
)  # fmt: skip
def test_what_is_no_logout_token_of_ours_ends_nothing(
    inside: Browser, desk: Desk, changes: dict[str, object]
) -> None:
    assert logout(desk, logout_token(desk, **changes)) == 400
    assert looks(inside) == 200


def test_nobody_else_can_end_sessions(inside: Browser, desk: Desk) -> None:
    stranger = staff.provider.Keys()
    stranger.kid = desk.provider.keys.kid
    forged = stranger.signed({"sub": VERA}, {})
    for token in (None, "", "x", forged):
        assert logout(desk, token) == 400
    assert looks(inside) == 200


def test_one_person_has_four_sessions_at_most(clock: StoppedClock) -> None:
    sessions = Sessions(clock, os.urandom)
    tokens = []
    for _ in range(6):
        tokens.append(sessions.begin(SOMEBODY, frozenset(), None, 1))
        clock.pass_(seconds=1)
    assert [sessions.find(token) is not None for token in tokens] == [False] * 2 + [True] * 4


def test_what_is_held_in_memory_opens_no_session(clock: StoppedClock) -> None:
    sessions = Sessions(clock, os.urandom)
    token = sessions.begin(SOMEBODY, frozenset(), None, 1)
    held = repr(vars(sessions))
    session = sessions.find(token)
    assert session is not None
    assert token not in held
    assert session.form_key not in held


def test_an_ended_session_takes_no_case(desk: Desk, inside: Browser) -> None:
    token = inside.cookie or ""
    session = desk.services.sessions.find(token)
    assert session is not None
    assert session.case is not None
    desk.services.sessions.end(token)
    desk.services.sessions.open_case(token, session.case)
    assert desk.services.sessions.find(token) is None


def test_a_later_end_is_not_undone_by_an_earlier_one(clock: StoppedClock) -> None:
    sessions = Sessions(clock, os.urandom)
    sessions.end_all(SOMEBODY, None, 20)
    sessions.end_all(SOMEBODY, None, 10)
    with pytest.raises(Refused):
        sessions.begin(SOMEBODY, frozenset(), None, 20)
