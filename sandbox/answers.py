"""Answers and bodies of calls, as every service of the sandbox reads and writes them."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec
from werkzeug.wrappers import Request, Response


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer; text outside ASCII travels as UTF-8."""
    text = msgspec.json.encode(body)  # pages of objects are large
    kind = "application/json;charset=UTF-8"
    return Response(text, status, dict(headers or {}), content_type=kind)


def nothing(status: int = 204) -> Response:
    """An answer without a body."""
    return Response(b"", status)


def page(html: str, status: int = 200) -> Response:
    """An HTML answer."""
    return Response(html, status, content_type="text/html;charset=UTF-8")


def wire_path(request: Request) -> str:
    """The path exactly as it travelled, still percent-encoded, without the query."""
    raw = str(request.environ.get("RAW_URI", request.path))
    return raw.partition("?")[0].partition("#")[0]


def read_json(request: Request) -> Any:
    """The body as JSON; None when it is not JSON."""
    try:
        return json.loads(request.get_data())
    except ValueError:
        return None
