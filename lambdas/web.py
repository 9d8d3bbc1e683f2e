"""The web door: one event of the REST API is one request of the app, path and query undecoded.

A REST API hands the path over as it came and the query decoded; an HTTP API would decode both, and
query hashes would no longer fit (docs/adr/0008-aws.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from apig_wsgi import make_lambda_handler

from app.doors.web import create_app
from lambdas.entrance import house

Event = dict[str, Any]
Environ = dict[str, Any]
WsgiApp = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def handler(event: Event, context: object) -> Any:  # noqa: ANN401 - an answer of Lambda's proxy
    """Answer one request."""
    return _door()(event, context)


@cache
def _door() -> Callable[[Event, object], Any]:
    return door_to(create_app(house().services))


def door_to(app: WsgiApp) -> Callable[[Event, object], Any]:
    """A handler of API Gateway's proxy events in front of a WSGI app."""
    return make_lambda_handler(_OnTheWire(app))


class _OnTheWire:
    """Gives the app the request's address as a server would that keeps it (`REQUEST_URI`).

    Without it the path would be made from the decoded one, where `%2F` and `/` are the same.
    """

    def __init__(self, app: WsgiApp) -> None:
        self._app = app

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path, query = environ["apig_wsgi.full_event"]["path"], environ["QUERY_STRING"]
        environ["REQUEST_URI"] = f"{path}?{query}" if query else path
        return self._app(environ, start_response)
