"""The Flask app: every door mounted, every route guarded, every answer finished."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from flask import Flask, Response

from app.doors import (
    forge_api,
    imports_api,
    lifecycle,
    my_assets_api,
    pages,
    public,
    published_api,
    settings_api,
    site_api,
    visibility_api,
)
from app.doors.answers import install_answers
from app.doors.below_base import BelowBase
from app.doors.route_table import check_every_route
from app.doors.services import Services, attach
from app.files import ui_folder, ui_release

_DOORS: Final = (
    lifecycle, forge_api, pages, settings_api, visibility_api, imports_api, my_assets_api,
    site_api, public,
)  # fmt: skip
_RELEASE: Final = re.compile(r"v[0-9a-f]{16}/")
_KEPT_SECONDS: Final = 365 * 86_400
_MAX_BODY_BYTES: Final = 512 * 1024  # above every route's own limit, so that theirs speaks


def create_app(services: Services) -> Flask:
    """Build the web app. Raises RuntimeError if a route has neither a guard nor is public."""
    app = Flask("my-assets", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY_BYTES
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False  # an answer without a guard
    app.static_folder = str(ui_folder())
    app.add_url_rule("/static/<path:filename>", "static", partial(_static, app))
    app.url_map.merge_slashes = False  # a redirect would answer without a guard
    attach(app.extensions, services)
    install_answers(app)
    for each in _DOORS:
        app.register_blueprint(each.door)
    if services.settings.is_sandbox:
        app.register_blueprint(published_api.door)
    check_every_route(app)
    below_base = BelowBase(app.wsgi_app, app.url_map, services.settings.app_base_url)
    app.wsgi_app = below_base  # type: ignore[method-assign] # Flask's own way to put a step before
    return app


def _static(app: Flask, filename: str) -> Response:
    """A file of the pages. By the name of this very release it never changes, so browsers keep it.

    A page of another release, met while one follows the other, gets the file, but not to keep.
    """
    named = _RELEASE.match(filename)
    response = app.send_static_file(filename[named.end() :] if named else filename)
    if named and named[0] == f"{ui_release()}/":
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = _KEPT_SECONDS
        response.cache_control.immutable = True
    return response
