"""What anybody may read, as the document says it."""

from __future__ import annotations

from typing import Final

from app.doors.published.answers import answers, public
from app.doors.published.operations import in_path
from app.words import Json


def _open(summary: str, responses: Json) -> Json:
    return {"get": {"summary": summary, "security": [], "responses": responses}}


_OBJECT: Final[Json] = {"type": "object"}
PUBLIC: Final[Json] = {
    "/atlassian-connect.json": _open("The descriptor", public("200", "application/json", _OBJECT)),
    "/health/live": _open("The process lives", public("200", "application/json", _OBJECT)),
    "/health/ready": _open(
        "The table answers",
        public("200", "application/json", _OBJECT) | answers({}, (503,)),
    ),
    "/trust.json": _open("What is kept where", public("200", "application/json", _OBJECT)),
    "/openapi.json": _open("This document", public("200", "application/json", _OBJECT)),
    "/static/{filename}": {
        "get": {
            "summary": "A file of the pages",
            "security": [],
            "parameters": [in_path("filename", {"type": "string", "minLength": 1})],
            "responses": public("200", "text/javascript", {"type": "string"}) | answers({}, (404,)),
        }
    },
}
