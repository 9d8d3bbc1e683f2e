"""Signing in and out: the provider's word becomes a session, or a page that does not say why."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, g, request, url_for

from app.callers.staff import SignedIn, signed_in, signed_out
from app.errors import InputRefused, Refused
from app.vendor_desk import audit, cookie
from app.vendor_desk.answers import case_page, page
from app.vendor_desk.attempts import Attempt
from app.vendor_desk.cases import opened
from app.vendor_desk.guards import for_anybody, for_staff, for_the_provider
from app.vendor_desk.roles import roles_of
from app.vendor_desk.services import services
from app.vendor_desk.sessions import Session

door = Blueprint("signing_in", __name__)

_MOST_CODE: Final = 4096  # characters; longer ones are nobody's


@door.get("/")
@for_anybody
def start() -> Response:
    session = services().sessions.find(cookie.given())
    if session is None:
        g.signs_in = True
        return page("start.html")
    if session.case is None:
        return case_page(200)
    return _on_to("looking.instances")


@door.post("/sign-in")
@for_anybody
def sign_in() -> Response:
    known = services()
    attempt = known.attempts.begin()
    g.signs_in = True
    address = known.provider.address(attempt.state, attempt.nonce, attempt.verifier)
    response = Response(status=303, headers={"Location": address})
    cookie.begin_attempt(response, attempt.cookie)
    return response


@door.get("/signed-in")
@for_anybody
def came_back() -> Response:
    """Answers with a page, not a redirect: only a step that begins here carries a Strict cookie."""
    attempt = services().attempts.resume(cookie.given(), _one("state"))
    person = _person(attempt)
    known = services()
    staff = known.staff_id(person.subject)
    roles = roles_of(person.groups, known.settings)
    if not roles:
        audit.turned_away("no role", staff)
        raise Refused("no role")
    token = known.sessions.begin(staff, roles, person.session, person.issued_at)
    audit.signed_in(staff, frozenset(roles))
    response = page("signed_in.html")
    cookie.begin_session(response, token)
    return response


@door.post("/case")
@for_staff
def say(session: Session) -> Response:
    known = services()
    try:
        case = opened(request.form, known.clock())
    except InputRefused as refused:
        return case_page(refused.status, refused)
    audit.said(session, case)
    known.sessions.open_case(cookie.given(), case)
    return _on_to("looking.instances")


@door.get("/case")
@for_staff
def another_case(session: Session) -> Response:  # noqa: ARG001 - the guard wants somebody
    return case_page(200)


@door.post("/sign-out")
@for_staff
def sign_out(session: Session) -> Response:
    services().sessions.end(cookie.given())
    audit.signed_out(session)
    response = _on_to("signing_in.start")
    cookie.forget(response)
    return response


@door.post("/back-channel-logout")
@for_the_provider
def ended_by_provider() -> Response:
    """OpenID Connect Back-Channel Logout: the sessions end before this is answered."""
    known = services()
    try:
        gone = signed_out(
            request.form.get("logout_token", ""), known.provider, known.demand(), known.clock()
        )
    except Refused as refused:
        audit.turned_away(f"logout token: {refused.cause}")
        return Response(status=400)
    staff = None if gone.subject is None else known.staff_id(gone.subject)
    audit.ended_by_provider(staff, known.sessions.end_all(staff, gone.session, gone.issued_at))
    return Response(status=200)


def _on_to(endpoint: str) -> Response:
    """To a page of the desk, whatever the request named."""
    return Response(status=303, headers={"Location": url_for(endpoint)})


def _person(attempt: Attempt) -> SignedIn:
    """Whom the provider vouches for. Raises Refused, ServiceFailed, SlowDown."""
    known = services()
    known.provider.check_answered_by(request.args.get("iss"))
    if "error" in request.args:
        raise Refused("the provider said no")
    code = _one("code")
    if len(code) > _MOST_CODE:
        raise Refused("code")
    given = known.provider.redeem(code, attempt.verifier)
    return signed_in(given, known.provider, known.demand(), attempt.nonce, known.clock())


def _one(name: str) -> str:
    """A parameter that stands there exactly once. Raises Refused."""
    found = request.args.getlist(name)
    if len(found) != 1:
        raise Refused(f"parameter {name}")
    return found[0]
