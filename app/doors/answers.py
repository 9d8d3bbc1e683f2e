"""Every answer's headers, and errors as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

import json
import math
from typing import Final
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from app.doors.problem_page import problem_page
from app.doors.services import services
from app.errors import AppError, Malformed, NotThere, Refused, TooLarge
from app.said import Sentence, told
from app.sentences import TOO_LARGE

_log = structlog.get_logger()

_KEPT_BY_BROWSERS: Final = frozenset(
    {
        "static",
        "public.descriptor",
        "public.trust",
        "public.live",
        "public.ready",
    }
)
_WAIT_SECONDS: Final = 5.0
_OUR_FAULT: Final = Sentence("fault.ours", "This is a fault of ours; it has been noted.")
ALWAYS: Final = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_CLOSED_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
_NOT_KEPT: Final = "no-cache, no-store"
# For what the server answers itself, before any request reaches the app.
SERVERS_OWN: Final = ALWAYS | {
    "Content-Security-Policy": _CLOSED_POLICY,
    "Cache-Control": _NOT_KEPT,
}


def install_answers(app: Flask) -> None:
    """Number every request, put the headers on every answer, and turn errors into problems."""
    app.before_request(_number)
    app.after_request(_finish)
    app.register_error_handler(AppError, _problem)
    app.register_error_handler(HTTPException, _http_problem)
    app.register_error_handler(Exception, _unexpected)


def request_id() -> str:
    """The id of the present request: stands in every problem and log line."""
    found: str = g.get("request_id", "")
    return found


def _number() -> None:
    g.request_id = services().random(8).hex()
    g.started = services().clock()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Response) -> Response:
    for name, value in ALWAYS.items():
        response.headers[name] = value
    response.headers["Content-Security-Policy"] = _policy(response)
    if request.endpoint not in _KEPT_BY_BROWSERS or response.status_code >= 400:
        response.headers["Cache-Control"] = _NOT_KEPT
    elapsed = services().clock() - g.started
    _log.info(
        "request",
        method=request.method,
        route=request.url_rule.rule if request.url_rule else "none",
        status=response.status_code,
        milliseconds=round(elapsed.total_seconds() * 1000),
    )
    return response


def _policy(response: Response) -> str:
    """Pages may be framed by the verified instance's site only, never by what a query says."""
    site = g.get("framed_by")
    if site is None or response.mimetype != "text/html":
        return _CLOSED_POLICY
    script = urlsplit(services().settings.connect_js_url)
    return (
        f"default-src 'none'; script-src 'self' {script.scheme}://{script.netloc}; "
        "style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors {_origin(site)}"
    )


def _origin(site: str) -> str:
    parts = urlsplit(site)
    return f"{parts.scheme}://{parts.netloc}"


def _problem(error: AppError) -> Response:
    if isinstance(error, Refused):
        _log.info("refused", cause=error.cause)
    elif error.status >= 500:
        _log.warning("service_failed", exc_info=error)
    if g.get("framed_by") is not None or g.get("shown_in_browser", False):
        return problem_page(error, request_id())
    return _problem_json(error)


def _problem_json(error: AppError) -> Response:
    base_url = services().settings.app_base_url
    body = {
        "type": error.kind if error.kind == "about:blank" else base_url + error.kind,
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "request_id": request_id(),
        "problems": [
            {"field": p.field, "message": p.message, **told(p.message)} for p in error.problems
        ],
        **told(error.detail),
    }
    response = Response(json.dumps(body), status=error.status, mimetype="application/problem+json")
    wait = error.retry_after
    if wait is None and error.status == 429:
        wait = _WAIT_SECONDS  # the service behind us named no time
    if wait is not None:
        response.headers["Retry-After"] = str(max(1, math.ceil(wait)))
    return response


def _http_problem(error: HTTPException) -> Response:
    status = error.code or 500
    known: AppError
    if status == 404:
        known = NotThere()
    elif status == 413:
        known = TooLarge(TOO_LARGE())
    elif status == 405:
        known = _MethodNotAllowed()
    else:
        known = Malformed()
    response = _problem(known)
    if status == 405:
        response.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or [])
    return response


class _MethodNotAllowed(AppError):
    status = 405
    title = "This address does not take this method"


def _unexpected(error: Exception) -> Response:
    _log.error("bug", exc_info=error)
    return _problem(AppError(_OUR_FAULT()))
