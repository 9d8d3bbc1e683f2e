"""The pages inside Jira's iframes. They carry no data: what they show comes from the API.

A slash at the end leads to the same page: Jira's hash of the address is the same with and without.
"""

from __future__ import annotations

from typing import Literal

from flask import Blueprint, Response

from app.doors.guards import Caller, administrators_only, page_token
from app.doors.page_file import filled
from app.doors.services import services

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
    words = {"connect_js": services().settings.connect_js_url, "page": page}
    return filled("page.html", words)
