"""The request as it came over the wire: undecoded path and query, and where tokens may stand."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, unquote_plus, urlsplit

from flask import request

from app.callers.connect import HttpRequest

# waitress and uWSGI; gunicorn. A decoded path would hash to something else than Jira hashed.
_RAW: Final = ("REQUEST_URI", "RAW_URI")


def wire_request(app_base_url: str) -> HttpRequest:
    """The present request, as the token checks need it."""
    raw_path, raw_query = _target()
    return HttpRequest(
        method=request.method,
        raw_path=raw_path,
        raw_query=raw_query,
        base_path=urlsplit(app_base_url).path,
        authorization=request.headers.get("Authorization"),
        query_tokens=_query_tokens(raw_query),
    )


def _target() -> tuple[str, str]:
    for name in _RAW:
        target = request.environ.get(name)
        if isinstance(target, str) and target:
            if not target.startswith("/"):
                parts = urlsplit(target)
                target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            path, _, query = target.partition("?")
            return path, query.partition("#")[0]
    query = request.query_string.decode("latin-1")
    return quote(request.environ.get("PATH_INFO", "/").encode("latin-1")), query


def _query_tokens(raw_query: str) -> tuple[str, ...]:
    pairs = (pair.partition("=") for pair in raw_query.split("&"))
    return tuple(unquote_plus(value) for name, _, value in pairs if unquote_plus(name) == "jwt")
