"""`/api/site`: which site this is, its licence, what is kept where, and what is held of it.

For administrators.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from app.doors.guards import Caller, administrators_only, api_token
from app.doors.licence import has_licence
from app.doors.services import services
from app.goodbye.rights import export_of

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


@door.get("/held")
@api_token
@administrators_only
def held(caller: Caller) -> Response:
    """Everything that rests with the vendor about this site; never a secret or a key."""
    return jsonify(export_of(caller.instance, services().clock()))
