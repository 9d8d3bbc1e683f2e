"""`/api/my-assets`: for the person the token names, and only theirs."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from app.doors.bodies import single_values
from app.doors.guards import Caller, api_token
from app.doors.services import services
from app.errors import InputRefused, Problem
from app.my_assets.query import Query

door = Blueprint("my_assets", __name__, url_prefix="/api/my-assets")


@door.get("")
@api_token
def page(caller: Caller) -> Response:
    query = Query.parse(request.args.to_dict(flat=False))
    return jsonify(services().my_assets.page(caller.instance, caller.account_id, query))


@door.get("/export")
@api_token
def export(caller: Caller) -> Response:
    query, wanted = Query.parse_export(request.args.to_dict(flat=False))
    made = services().my_assets.export(caller.instance, caller.account_id, query, wanted)
    if caller.door == "forge":  # the bridge carries JSON only; the page makes the file
        told = {
            "filename": made.filename,
            "content_type": made.content_type,
            "content": made.content,
        }
        return jsonify(told)
    response = Response(made.content, content_type=made.content_type)
    response.headers.set("Content-Disposition", "attachment", filename=made.filename)
    return response


@door.get("/explanation")
@api_token
def explanation(caller: Caller) -> Response:
    known = services()
    object_key = single_values("object_key")["object_key"]
    if not object_key:
        raise InputRefused(problems=[Problem("object_key", "Name one object key.")])
    return jsonify(
        known.my_assets.explanation(
            caller.instance,
            caller.account_id,
            object_key,
            is_administrator=known.administrators.is_one(
                caller.instance, caller.account_id, caller.user_token
            ),
        )
    )
