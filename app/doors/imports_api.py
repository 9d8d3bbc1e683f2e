"""`/api/imports`: for Jira administrators only."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from app.doors.bodies import json_object
from app.doors.guards import Caller, administrators_only, context_token
from app.doors.services import services

door = Blueprint("imports", __name__, url_prefix="/api/imports")


@door.post("")
@context_token
@administrators_only
def start(caller: Caller) -> ResponseReturnValue:
    return jsonify(services().imports.start(caller.instance, json_object())), 202


@door.get("")
@context_token
@administrators_only
def runs(caller: Caller) -> Response:
    return jsonify({"runs": services().imports.list(caller.instance)})


@door.get("/<run_id>")
@context_token
@administrators_only
def run(caller: Caller, run_id: str) -> Response:
    return jsonify(services().imports.get(caller.instance, run_id))


@door.delete("/<run_id>")
@context_token
@administrators_only
def cancel(caller: Caller, run_id: str) -> ResponseReturnValue:
    return jsonify(services().imports.cancel(caller.instance, run_id)), 202


@door.post("/<run_id>/release")
@context_token
@administrators_only
def release(caller: Caller, run_id: str) -> ResponseReturnValue:
    return jsonify(services().imports.release(caller.instance, run_id)), 202
