"""The desk's own Flask app: every route guarded, every answer finished."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import jinja2
from flask import Flask, Response

from app.errors import NotThere
from app.files import ui_folder
from app.vendor_desk import looking, signing_in
from app.vendor_desk.answers import install_answers
from app.vendor_desk.guards import check_every_route, for_anybody
from app.vendor_desk.services import DeskServices, attach

_OWN: Final = Path(__file__).parent / "static" / "desk.css"
_SHARED: Final = ("tokens.css", "base.css", "controls.css")  # those of the app's own pages
_MAX_BODY_BYTES: Final = 32 * 1024


def create_desk(services: DeskServices) -> Flask:
    """Build the desk. Raises RuntimeError if a route does not say whom it is for."""
    app = Flask("app.vendor_desk", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY_BYTES
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False  # an answer without a guard
    app.url_map.merge_slashes = False  # a redirect would answer without a guard
    app.jinja_env.undefined = jinja2.StrictUndefined
    attach(app.extensions, services)
    install_answers(app)
    for each in (signing_in, looking):
        app.register_blueprint(each.door)
    app.add_url_rule("/style/<name>", "style", _style)
    check_every_route(app)
    return app


@for_anybody
def _style(name: str) -> Response:
    text = _styles().get(name)
    if text is None:
        raise NotThere
    return Response(text, mimetype="text/css")


@cache
def _styles() -> Mapping[str, str]:
    paths = [_OWN, *(ui_folder() / "style" / name for name in _SHARED)]
    return {path.name: path.read_text(encoding="utf-8") for path in paths}
