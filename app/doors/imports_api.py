"""`/api/imports`: for Jira administrators only."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from app.doors.bodies import json_object, single_values
from app.doors.guards import Caller, administrators_only, api_token
from app.doors.idempotency import Body, once
from app.doors.licence import licensed_only
from app.doors.services import services
from app.words import Json

door = Blueprint("imports", __name__, url_prefix="/api/imports")


def _run(caller: Caller, made_id: str, run_id: str = "") -> Json:
    """What a write answered before: the run, as it is now."""
    return services().imports.get(caller.instance, run_id or made_id)


@door.post("")
@api_token
@administrators_only
@licensed_only
@once(_run)
def start(caller: Caller) -> Body:
    return services().imports.start(caller.instance, json_object()), 202


@door.get("")
@api_token
@administrators_only
def runs(caller: Caller) -> Response:
    return jsonify({"runs": services().imports.list(caller.instance)})


@door.get("/leavers")
@api_token
@administrators_only
def leavers(caller: Caller) -> Response:
    """People who left and still hold assets; asked of Assets now."""
    return jsonify(services().my_assets.leavers(caller.instance, **single_values("cursor")))


@door.get("/<run_id>")
@api_token
@administrators_only
def run(caller: Caller, run_id: str) -> Response:
    return jsonify(services().imports.get(caller.instance, run_id))


@door.get("/<run_id>/records")
@api_token
@administrators_only
def records(caller: Caller, run_id: str) -> Response:
    asked = single_values("kind", "action", "cursor")
    return jsonify(services().samples.records(caller.instance, run_id, **asked))


@door.delete("/<run_id>")
@api_token
@administrators_only
@licensed_only
@once(_run)
def cancel(caller: Caller, run_id: str) -> Body:
    return services().imports.cancel(caller.instance, run_id), 202


@door.post("/<run_id>/release")
@api_token
@administrators_only
@licensed_only
@once(_run)
def release(caller: Caller, run_id: str) -> Body:
    return services().imports.release(caller.instance, run_id), 202
