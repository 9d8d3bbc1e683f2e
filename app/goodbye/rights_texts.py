"""What the answers to rights say, and their schema. Sentences for people outside the vendor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.words import Json

_NOTHING: Final = "We hold nothing about you. The search below shows where we looked. "
OF_A_PERSON: Final[Mapping[str, str]] = {
    "access": _NOTHING
    + "What My Assets shows lies in your employer's own Jira and Entra ID; ask them, or export it "
    "yourself on the My Assets page.",
    "correct": _NOTHING
    + "What My Assets shows comes from your employer's Entra ID: corrected there, the next import "
    "carries it over.",
    "delete": _NOTHING
    + "In your employer's Assets you are deleted by your Jira administrators, or by an import that "
    "deletes leavers.",
    "restrict": _NOTHING
    + "Your Jira administrators list you under “People to leave as they are” in the settings of "
    "the import: it then neither changes, marks nor deletes what Assets holds of you, assigns "
    "nothing new to you, and does not look up your account.",
    "object": _NOTHING
    + "Nobody is profiled and nothing is decided by itself. Your Jira administrators list you "
    "under “People to leave as they are”, so that imports pass you by, and can delete you in "
    "Assets.",
    "export": _NOTHING
    + "There is nothing to hand over. Your own assets you can take along as CSV or JSON on the "
    "My Assets page.",
    "held": "Something that looks like you was found, which should not be possible. It is looked "
    "into as a fault, and you are told what came of it.",
}
OF_AN_INSTANCE: Final[Mapping[str, str]] = {
    "access": "Everything we hold of this site stands below. Settings lie sealed in its own Jira.",
    "export": "Everything we hold of this site stands below. Settings lie sealed in its own Jira; "
    "secrets are never shown to anybody.",
    "correct": "The site's address comes from the site itself and is corrected by its next signed "
    "call. Nothing else here was told by a person.",
    "restrict": "An administrator of the site withdraws the consent to import, and no run starts "
    "any more; uninstalling ends every call.",
    "object": "An administrator of the site withdraws the consent, or uninstalls the app.",
    "due_now": "Its keys were forgotten with the uninstall. The rest is erased by the next "
    "cleanup, which leaves a receipt.",
    "uninstall_first": "The app is installed. An administrator uninstalls it in Jira: the keys go "
    "in the same second, and the rest can then be erased at once.",
    "erased": "It is erased; the receipt says when.",
}
NOT_SEARCHED: Final[Mapping[str, str]] = {
    "logs": "lines have a closed list of fields, none for a person, and are gone after 30 days",
    "queue": "messages hold ids of ours and sealed bytes, and are gone after days",
    "customer's Jira": "the customer's own; what we keep there is sealed, and we cannot open it",
    "customer's Assets": "the customer's own inventory",
}

_TEXT: Final[Json] = {"type": "string"}
_TEXTS: Final[Json] = {"type": "array", "items": _TEXT}
_TIME: Final[Json] = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
_COUNT: Final[Json] = {"type": "integer", "minimum": 0}


def _object(**properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_SEARCH: Final = _object(
    stores={"type": "object", "additionalProperties": _object(items=_COUNT, bytes=_COUNT)},
    forms=_TEXTS,
    control=_object(
        looked_for=_TEXT,
        found_in={"type": "object", "additionalProperties": {"type": "boolean"}},
    ),
    found={"type": "array", "items": _object(store=_TEXT, item=_TEXT, forms=_TEXTS)},
    not_searched={"type": "object", "additionalProperties": _TEXT},
)
SCHEMA: Final[Json] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "An answer to a right",
    **_object(
        format={"const": "my-assets rights answer 1"},
        right={"enum": ["access", "correct", "delete", "restrict", "object", "export"]},
        about={"enum": ["person", "instance"]},
        received_at=_TIME,
        answered_at=_TIME,
        answer_by=_TIME,
        days_left={"type": "integer"},
        overdue={"type": "boolean"},
        outcome={"enum": ["nothing_held", "held", "due_now", "uninstall_first", "erased"]},
        answer=_TEXT,
        search={"anyOf": [_SEARCH, {"type": "null"}]},
        held={"type": ["object", "null"]},
        sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"},
    ),
}
