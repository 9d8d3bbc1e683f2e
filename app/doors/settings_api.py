"""`/api/settings`: for Jira administrators only."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from app.doors.bodies import json_object, single_values
from app.doors.guards import Caller, administrators_only, api_token
from app.doors.idempotency import Body, once
from app.doors.licence import licensed_only
from app.doors.services import services
from app.words import Json

door = Blueprint("settings", __name__, url_prefix="/api/settings")


@door.get("")
@api_token
@administrators_only
def overview(caller: Caller) -> Response:
    return jsonify(services().site_settings.overview(caller.instance))


@door.get("/choices")
@api_token
@administrators_only
def choices(caller: Caller) -> Response:
    asked = single_values("kind", "query", "cursor")
    return jsonify(services().site_settings.choices(caller.instance, **asked))


def _part(caller: Caller, _made_id: str, part: str) -> Json:
    """What a save answered before: the part's state, as it is now."""
    state: Json = services().site_settings.overview(caller.instance)[part]
    return state


def _nothing(_caller: Caller, _made_id: str, part: str) -> None:
    """What forgetting a part answered before."""


@door.put("/<part>")
@api_token
@administrators_only
@licensed_only
@once(_part)
def save(caller: Caller, part: str) -> Body:
    """`?findings=true`: what the probe warns of stands in the answer too, for the page."""
    told = single_values("findings")["findings"] == "true"
    desk = services().site_settings
    return desk.save(caller.instance, part, json_object(), with_findings=told), 200


@door.post("/<part>/check")
@api_token
@administrators_only
def check(caller: Caller, part: str) -> Response:
    return jsonify(services().site_settings.check(caller.instance, part, json_object()))


@door.delete("/<part>")
@api_token
@administrators_only
@licensed_only
@once(_nothing)
def forget(caller: Caller, part: str) -> Body:
    services().site_settings.forget(caller.instance, part)
    return None, 204
