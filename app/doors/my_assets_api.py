"""`/api/my-assets`: for the person the token names, and only theirs."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from app.doors.guards import Caller, context_token
from app.doors.services import services
from app.my_assets.query import Query

door = Blueprint("my_assets", __name__, url_prefix="/api/my-assets")


@door.get("")
@context_token
def page(caller: Caller) -> Response:
    query = Query.parse(request.args.to_dict(flat=False))
    return jsonify(services().my_assets.page(caller.instance, caller.account_id, query))
