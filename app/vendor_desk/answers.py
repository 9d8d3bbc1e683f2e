"""Every answer's headers, the desk's own host, and errors as pages that say what to do."""

from __future__ import annotations

import math
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException

from app.errors import (
    AppError,
    CaseNeeded,
    InputRefused,
    Malformed,
    NotThere,
    Refused,
    SignInNeeded,
    TooLarge,
)
from app.vendor_desk import audit, cookie
from app.vendor_desk.cases import CAUSES
from app.vendor_desk.roles import may
from app.vendor_desk.services import services

_log = structlog.get_logger()

HEADERS: Final = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not `no-referrer`: browsers would then send `Origin: null` with the desk's own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-cache, no-store",
}
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
# For what the server answers itself, before any request reaches the desk.
SERVERS_OWN: Final = HEADERS | {"Content-Security-Policy": _POLICY}
_ADVICE: Final = {
    400: "Open the desk again by its own address.",
    401: (
        "Sign in again, with your second factor, as somebody who belongs to a group of this desk. "
        "If that does not help, tell the desk's administrator the number below."
    ),
    404: "There is no such page or instance. Erased instances go after 60 days.",
    429: "Please try again in a minute.",
    500: "Please try again in a minute. If it stays, tell the desk's administrator this number.",
}


def install_answers(app: Flask) -> None:
    """Number every request, refuse another host's, put the headers on, turn errors into pages."""
    app.before_request(_begin)
    app.after_request(_finish)
    app.register_error_handler(AppError, _problem)
    app.register_error_handler(HTTPException, _http_problem)
    app.register_error_handler(Exception, _unexpected)


def page(name: str, status: int = 200, **words: Any) -> Response:  # noqa: ANN401 - what a page shows
    """A page of the desk, for whoever is signed in with this browser."""
    session = services().sessions.find(cookie.given())
    auditor = session is not None and may(session.roles, "receipts")
    text = render_template(name, session=session, auditor=auditor, causes=CAUSES, **words)
    return Response(text, status, mimetype="text/html")


def case_page(status: int, refused: InputRefused | None = None) -> Response:
    """The form that asks what somebody is here for, with what was wrong in it."""
    problems = {each.field: each.message for each in refused.problems} if refused else {}
    return page("case.html", status, problems=problems, typed=request.form)


def _begin() -> None:
    g.request_id = services().random(8).hex()
    g.started = services().clock()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    if request.host.lower() != services().settings.host:
        raise Malformed


def _finish(response: Response) -> Response:
    for name, value in SERVERS_OWN.items():
        response.headers[name] = value
    if g.get("signs_in", False):  # browsers hold the redirects after a form to `form-action`, too
        issuer = urlsplit(services().settings.issuer)
        response.headers["Content-Security-Policy"] += f" {issuer.scheme}://{issuer.netloc}"
    elapsed = services().clock() - g.started
    _log.info(
        "request",
        method=request.method,
        route=request.url_rule.rule if request.url_rule else "none",
        status=response.status_code,
        milliseconds=round(elapsed.total_seconds() * 1000),
    )
    return response


def _problem(error: AppError) -> Response:
    if isinstance(error, Refused):
        audit.turned_away(error.cause)
    elif error.status >= 500:
        _log.warning("service_failed", exc_info=error)
    if isinstance(error, CaseNeeded):
        return case_page(error.status)
    return _problem_page(error)


def _problem_page(error: AppError) -> Response:
    g.signs_in = isinstance(error, Refused | SignInNeeded)
    title = "You could not be signed in" if isinstance(error, Refused) else error.title
    response = page(
        "problem.html",
        error.status,
        title=title,
        message=error.detail or _ADVICE.get(error.status, ""),
        problems=[each.message for each in error.problems],
        request_id=g.request_id,
        signs_in=g.signs_in,
    )
    if error.retry_after is not None or error.status == 429:
        response.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after or 5)))
    return response


def _http_problem(error: HTTPException) -> Response:
    known: AppError = Malformed()
    if error.code in (404, 405):
        known = NotThere()
    elif error.code == 413:
        known = TooLarge()
    return _problem(known)


def _unexpected(error: Exception) -> Response:
    _log.error("bug", exc_info=error)
    return _problem(AppError(_ADVICE[500]))
