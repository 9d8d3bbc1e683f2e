"""The routes on which a draft of the visibility rules is tried out."""

from __future__ import annotations

from typing import Final

from app.doors.published.answers import WRITE, answers, json_of
from app.doors.published.operations import API, BY_FORGE, operation
from app.words import Json


def _tried(summary: str, shape: str, body: str) -> Json:
    done = answers({"200": json_of(shape)}, WRITE)
    return {"post": operation(summary, API, done, body=body, beside=BY_FORGE)}


DRAFTS: Final[Json] = {
    "/api/settings/visibility/people": _tried(
        "Whom a draft can be looked at as", "People", "PeopleQuery"
    ),
    "/api/settings/visibility/preview": _tried(
        "What one person would see by a draft; nothing is saved", "Preview", "PreviewOf"
    ),
    "/api/settings/visibility/effect": _tried(
        "How many people and assets a draft concerns; nothing is saved", "Effect", "Visibility"
    ),
}
