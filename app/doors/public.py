"""What anybody may read: the descriptor, health, and what this app keeps and for how long."""

from __future__ import annotations

import json

from flask import Blueprint, Response, jsonify

from app.doors.services import services
from app.errors import OwnServiceUnreachable
from app.files import descriptor_text

door = Blueprint("public", __name__)


@door.get("/atlassian-connect.json")
def descriptor() -> Response:
    settings = services().settings
    fields = json.loads(descriptor_text())
    fields |= {"baseUrl": settings.app_base_url, "key": settings.app_key}
    fields["links"] = {"self": f"{settings.app_base_url}/atlassian-connect.json"}
    return jsonify(fields)


@door.get("/health/live")
def live() -> Response:
    return jsonify({"status": "live"})


@door.get("/health/ready")
def ready() -> Response:
    """Whether the table answers. A load balancer asks; nothing about the cause is told."""
    if not services().ready():
        raise OwnServiceUnreachable
    return jsonify({"status": "ready"})


@door.get("/trust.json")
def trust() -> Response:
    return jsonify(services().trust())
