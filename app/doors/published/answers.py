"""How answers are described: their headers, and problems as RFC 9457 has them."""

from __future__ import annotations

from typing import Final

from app.words import Json

# A sentence of the app's own has a code, and what fills its blanks: for pages in other languages.
TOLD: Final[Json] = {
    "code": {"type": "string", "description": "Stays when a sentence is written anew."},
    "values": {"type": "object", "description": "What fills the blanks of the sentence."},
}
FINDING: Final[Json] = {
    "type": "object",
    "required": ["field", "severity", "message"],
    "additionalProperties": False,
    "properties": {
        "field": {"type": "string"},
        "severity": {"type": "string", "enum": ["error", "warning"]},
        "message": {"type": "string"},
        **TOLD,
    },
}
MAYBE_SAID: Final[Json] = {
    "type": ["object", "null"],
    "required": ["message"],
    "additionalProperties": False,
    "properties": {"message": {"type": "string"}, **TOLD},
}
PROBLEM: Final[Json] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "request_id", "problems"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "description": "`about:blank`, or an address ending in a name."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
        **TOLD,
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "additionalProperties": False,
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}, **TOLD},
            },
        },
    },
}
_MEANING: Final = {
    400: "The request could not be read.",
    401: "The token was not accepted: one body for every cause.",
    403: "Known caller, not allowed; a type ending in `/licence` means there is no licence.",
    404: "Not there, or not yours.",
    409: "Clashes with the present state; `/not-configured`: something must be set up first.",
    413: "The body is too large.",
    422: "The input was refused; every problem is named.",
    429: "Too many requests; `Retry-After` says when.",
    502: "A service behind the app failed.",
    503: "A service behind the app cannot be reached; `/settings-unreadable`: save a part anew.",
    504: "A service behind the app took too long.",
}
_SERVICES: Final = (429, 502, 503, 504)
READ: Final = (401, 403, 404, 409, 422, *_SERVICES)
WRITE: Final = (401, 403, 404, 409, 413, 422, *_SERVICES)
EVENT: Final = (400, 401, 413, *_SERVICES)
IMPORT_EVENT: Final = (400, 401, 403, 404, 409, 413, *_SERVICES)
PAGE: Final = (401, 403, *_SERVICES)

HEADERS: Final[Json] = {
    "Strict-Transport-Security": {"required": True, "schema": {"type": "string"}},
    "X-Content-Type-Options": {"required": True, "schema": {"const": "nosniff"}},
    "Referrer-Policy": {"required": True, "schema": {"const": "no-referrer"}},
    "Content-Security-Policy": {"required": True, "schema": {"type": "string"}},
    "Cache-Control": {"required": True, "schema": {"const": "no-cache, no-store"}},
    "Retry-After": {"schema": {"type": "integer", "minimum": 1}},
}
_ALWAYS: Final = tuple(name for name in HEADERS if HEADERS[name].get("required"))


def answers(done: Json, refused: tuple[int, ...], *, as_page: bool = False) -> Json:
    """Every answer of one operation: what it gives when done, and its problems by status."""
    told = {str(status): _problem(status, as_page=as_page) for status in refused}
    return {status: {**each, "headers": _headers()} for status, each in done.items()} | told


def json_of(name: str, description: str = "Done.") -> Json:
    """An answer of this schema."""
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def public(status: str, media: str, schema: Json) -> Json:
    """The answer of what anybody may read: a browser may keep it."""
    headers = {name: _header(name) for name in _ALWAYS if name != "Cache-Control"}
    body = {media: {"schema": schema}}
    return {status: {"description": "Public.", "content": body, "headers": headers}}


def _problem(status: int, *, as_page: bool) -> Json:
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    content: Json = {"application/problem+json": problem}
    if as_page:
        content["text/html"] = {"schema": {"type": "string"}}
    waits = {"Retry-After": _header("Retry-After")} if status == 429 else {}
    return {"description": _MEANING[status], "content": content, "headers": _headers() | waits}


def _headers() -> Json:
    return {name: _header(name) for name in _ALWAYS}


def _header(name: str) -> Json:
    return {"$ref": f"#/components/headers/{name}"}
