"""The pages inside Jira's iframes. They carry no data: what they show comes from the API.

A slash at the end leads to the same page: Jira's hash of the address is the same with and without.
"""

from __future__ import annotations

import html
from typing import Literal

from flask import Blueprint, Response

from app.doors.guards import Caller, administrators_only, page_token
from app.doors.language import language
from app.doors.services import services, static_path
from app.files import page_text

door = Blueprint("pages", __name__)


@door.get("/my-assets", strict_slashes=False)
@page_token
def my_assets(_caller: Caller) -> Response:
    return _page("my-assets")


@door.get("/portal/my-assets", strict_slashes=False)
@page_token
def portal_my_assets(_caller: Caller) -> Response:
    return _page("my-assets")


@door.get("/admin", strict_slashes=False)
@page_token
@administrators_only
def administration(_caller: Caller) -> Response:
    return _page("admin")


def _page(page: Literal["my-assets", "admin"]) -> Response:
    words = {
        "static": static_path(),
        "connect_js": services().settings.connect_js_url,
        "page": page,
        "lang": language(),
    }
    text = page_text("page.html")
    for name, value in words.items():
        text = text.replace("{{" + name + "}}", html.escape(value))
    return Response(text, mimetype="text/html")
