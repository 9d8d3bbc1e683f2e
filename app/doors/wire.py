"""The request as it came over the wire: undecoded path and query, and where tokens may stand."""

from __future__ import annotations

from urllib.parse import unquote_plus

from flask import request

from app.callers.connect import HttpRequest
from app.doors.below_base import target


def wire_request() -> HttpRequest:
    """The present request, as the token checks need it. Its path is below the base URL already."""
    raw_path, raw_query = target(request.environ)
    return HttpRequest(
        method=request.method,
        raw_path=raw_path,
        raw_query=raw_query,
        base_path="",
        authorization=request.headers.get("Authorization"),
        query_tokens=_query_tokens(raw_query),
    )


def _query_tokens(raw_query: str) -> tuple[str, ...]:
    pairs = (pair.partition("=") for pair in raw_query.split("&"))
    return tuple(unquote_plus(value) for name, _, value in pairs if unquote_plus(name) == "jwt")
