"""`/api/settings/visibility/...`: a draft of the visibility rules tried out. Administrators only.

Reads by POST: a person and a draft do not belong in an address. Nothing is saved or written.
"""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, jsonify

from app.doors.bodies import json_object
from app.doors.guards import Caller, administrators_only, api_token
from app.doors.services import services
from app.errors import InputRefused, Problem
from app.said import Sentence
from app.site_settings.form_problems import NO_SUCH_FIELD, TEXT, field_name
from app.words import AccountId, Json

door = Blueprint("visibility", __name__, url_prefix="/api/settings/visibility")
LONGEST_ACCOUNT_ID: Final = 128
AN_ACCOUNT: Final = Sentence("draft.account", "This must be the id of a Jira account, or null.")


@door.post("/people")
@api_token
@administrators_only
def people(caller: Caller) -> Response:
    body = json_object()
    query = body.get("query")
    problems = _unknown(body, "query")
    if not isinstance(query, str):
        problems.append(Problem("query", TEXT()))
    if problems or not isinstance(query, str):
        raise InputRefused(problems=problems)
    return jsonify(services().drafts.people(caller.instance, query))


@door.post("/preview")
@api_token
@administrators_only
def preview(caller: Caller) -> Response:
    """Problems of the draft are named as when it is saved, without `visibility.` before them."""
    known = services()
    body = json_object()
    problems = _unknown(body, "person", "visibility")
    person = body.get("person")
    if not _is_account(person):
        problems.append(Problem("person", AN_ACCOUNT()))
    draft = body.get("visibility")
    try:
        rules = known.site_settings.visibility_draft(draft if isinstance(draft, dict) else b"null")
    except InputRefused as refused:
        raise InputRefused(problems=[*problems, *refused.problems]) from None
    if problems:
        raise InputRefused(problems=problems)
    wanted = None if person is None else AccountId(person)
    return jsonify(known.drafts.preview(caller.instance, caller.account_id, rules, wanted))


@door.post("/effect")
@api_token
@administrators_only
def effect(caller: Caller) -> Response:
    """The body is the part `visibility`, as for saving it."""
    known = services()
    rules = known.site_settings.visibility_draft(json_object())
    return jsonify(known.drafts.effect(caller.instance, caller.account_id, rules))


def _unknown(body: Json, *names: str) -> list[Problem]:
    unknown = [field_name(name) for name in body if name not in names]
    return [Problem(name, NO_SUCH_FIELD()) for name in unknown]


def _is_account(given: Any) -> bool:  # noqa: ANN401 - JSON before it is checked
    return given is None or (isinstance(given, str) and 1 <= len(given) <= LONGEST_ACCOUNT_ID)
