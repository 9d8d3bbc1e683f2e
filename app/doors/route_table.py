"""The route table: every route is marked with the one kind of token it takes, or is public."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from flask import Flask, jsonify

View = Callable[..., Any]

# What anybody may read, and nothing else is public (contract, "HTTP: doors"). `published` is
# mounted in the sandbox only.
PUBLIC_ENDPOINTS: Final = frozenset(
    {
        "public.descriptor",
        "public.live",
        "public.ready",
        "public.trust",
        "published.document",
        "static",
    }
)
_MARK: Final = "takes_token"


def marked(view: View, guarded: View, kind: str) -> View:
    """The guarded view in the place of the view, marked with the kind of token it takes."""
    wrapped = wraps(view)(guarded)
    setattr(wrapped, _MARK, kind)
    return wrapped


def taken_by(app: Flask, endpoint: str) -> str | None:
    """The kind of token an endpoint takes; None: it has no guard."""
    found: str | None = getattr(app.view_functions[endpoint], _MARK, None)
    return found


def check_every_route(app: Flask) -> None:
    """Every route has a guard or is on the public list, or the app does not start."""
    for rule in app.url_map.iter_rules():
        guarded = taken_by(app, rule.endpoint) is not None
        if guarded == (rule.endpoint in PUBLIC_ENDPOINTS):
            raise RuntimeError(f"{rule.endpoint}: must have a guard or be public, and not both")


def answered(given: Any) -> Any:  # noqa: ANN401 - a response, or (JSON or None, status)
    """What a view gave as a response."""
    if not isinstance(given, tuple):
        return given
    body, status = given
    return ("", status) if body is None else (jsonify(body), status)
