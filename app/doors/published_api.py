"""`/openapi.json`: the description of the HTTP interface, published in the sandbox only."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from app.doors.published.document import document as written
from app.doors.services import services

door = Blueprint("published", __name__)


@door.get("/openapi.json")
def document() -> Response:
    return jsonify(written(services().settings.app_base_url))
