"""`/api/site`: which site this is, its licence, and what is kept where. For administrators."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from app.doors.guards import Caller, administrators_only, api_token
from app.doors.licence import has_licence
from app.doors.services import services

door = Blueprint("site", __name__, url_prefix="/api/site")


@door.get("")
@api_token
@administrators_only
def site(caller: Caller) -> Response:
    active = has_licence(caller.instance, caller.licensed)
    return jsonify(
        {
            "instance_id": caller.instance.instance_id,
            "door": caller.door,
            "site": caller.instance.base_url,
            "licence": "active" if active else "inactive",
            "trust": services().trust(),
        }
    )
