"""Guards of the desk: each route says whom it is for. There is no default.

A look is for somebody signed in, whose role has it, who said what for; its line is written first.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, Literal

from flask import Flask, request

from app.errors import CaseNeeded, NotAllowed, NotThere, SignInNeeded
from app.vendor_desk import audit, cookie
from app.vendor_desk.roles import Look, may
from app.vendor_desk.services import services
from app.vendor_desk.sessions import Session
from app.words import InstanceId

View = Callable[..., Any]
For = Literal["anybody", "the provider", "staff", "a look"]

_MARK: Final = "is_for"
_INSTANCE_ID: Final = re.compile(r"[0-9a-f]{32}")
FORM_KEY: Final = "form_key"
_WHY_AGAIN: Final = (
    "A session ends after a quarter of an hour without use, after an hour in any case, and when "
    "your provider ends it."
)


def for_anybody(view: View) -> View:
    """The route shows nothing of anybody's; a form of it must come from the desk's own page."""
    return _marked(view, _own_origin_first(view), "anybody")


def for_the_provider(view: View) -> View:
    """The route takes the provider's own token, and no cookie counts."""
    return _marked(view, view, "the provider")


def for_staff(view: Callable[[Session], Any]) -> View:
    """The route is for somebody signed in, and its forms carry the session's key."""

    def guarded() -> Any:  # noqa: ANN401 - whatever the view returns
        session = present_session()
        if request.method == "POST":
            _check_form(session)
        return view(session)

    return _marked(view, _own_origin_first(guarded), "staff")


def for_look(look: Look) -> Callable[[Callable[..., Any]], View]:
    """The route shows this. `instance_id` of its address, if it has one, stands in the line."""

    def guard(view: Callable[..., Any]) -> View:
        def guarded(**parts: str) -> Any:  # noqa: ANN401 - whatever the view returns
            session = present_session()
            _let_in(session, look, _named(parts))
            return view(session, **parts)

        return _marked(view, guarded, "a look")

    return guard


def check_every_route(app: Flask) -> None:
    """Every route has a guard, or the desk does not start."""
    for rule in app.url_map.iter_rules():
        if is_for(app, rule.endpoint) is None:
            raise RuntimeError(f"{rule.endpoint}: must say whom it is for")


def is_for(app: Flask, endpoint: str) -> For | None:
    """Whom an endpoint is for; None: it does not say."""
    found: For | None = getattr(app.view_functions[endpoint], _MARK, None)
    return found


def present_session() -> Session:
    """Who is signed in with this browser. Raises SignInNeeded."""
    found = services().sessions.find(cookie.given())
    if found is None:
        raise SignInNeeded(_WHY_AGAIN)
    return found


def _let_in(session: Session, look: Look, instance_id: InstanceId | None) -> None:
    if not may(session.roles, look):
        audit.refused(session, look, "role")
        raise NotAllowed("Your role at this desk does not have this.")
    if session.case is None:
        audit.refused(session, look, "no case")
        raise CaseNeeded
    audit.looked(session, session.case, look, instance_id)


def _named(parts: dict[str, str]) -> InstanceId | None:
    """The instance an address names, if that has the shape of an id. Raises NotThere."""
    found = parts.get("instance_id")
    if found is None:
        return None
    if not _INSTANCE_ID.fullmatch(found):
        raise NotThere
    return InstanceId(found)


def _own_origin_first(view: View) -> View:
    def checked(**parts: str) -> Any:  # noqa: ANN401 - whatever the view returns
        own = services().settings.base_url
        if request.method == "POST" and request.headers.get("Origin") != own:
            raise NotAllowed("This form did not come from the desk.")
        return view(**parts)

    return checked


def _check_form(session: Session) -> None:
    """A page of another origin cannot know the key. Raises NotAllowed."""
    given = request.form.get(FORM_KEY, "")
    if not hmac.compare_digest(given.encode(), session.form_key.encode()):
        raise NotAllowed("This form is out of date. Open the page again.")


def _marked(view: View, guarded: View, is_for_whom: For) -> View:
    wrapped = wraps(view)(guarded)
    setattr(wrapped, _MARK, is_for_whom)
    return wrapped
