"""`/api/my-assets`: for the person the token names, and only theirs."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, jsonify, request

from app.doors.bodies import json_object, single_values
from app.doors.guards import Caller, api_token
from app.doors.idempotency import Body, once
from app.doors.licence import licensed_only
from app.doors.services import services
from app.errors import InputRefused, Problem
from app.my_assets.query import Query
from app.said import Sentence
from app.words import Json

NAME_ONE_KEY: Final = Sentence("query.object_key", "Name one object key.")

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
        raise InputRefused(problems=[Problem("object_key", NAME_ONE_KEY())])
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


def _reported(caller: Caller, request_key: str, object_id: str) -> Json:
    """What a report answered before. `object_id` is part of what the claim was made for."""
    del object_id
    return services().my_assets.reported(caller.instance, request_key)


@door.post("/<object_id>/report")
@api_token
@licensed_only
@once(_reported, made_id="request_key")
def report(caller: Caller, object_id: str) -> Body:
    desk = services().my_assets
    return desk.report(caller.instance, caller.account_id, object_id, json_object()), 201
