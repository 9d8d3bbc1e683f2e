"""The path of APP_BASE_URL: a proxy in front may keep it or strip it; the app answers both alike.

One decision for the route and for the query hash, made from the path on the wire. Nothing here
reads a header: a proxy's word about the prefix could be anybody's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote, unquote_to_bytes, urlsplit

from werkzeug.routing import Map

Environ = dict[str, Any]
WsgiApp = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# waitress and uWSGI; gunicorn. A decoded path would hash to something else than Jira hashed.
_RAW: Final = ("REQUEST_URI", "RAW_URI")
_TARGET: Final = "my_assets.target"


class BelowBase:
    """Takes the prefix away where that leads to a route; else the path stays as it came.

    The second case is a proxy that stripped it already: `/my-assets` may then be a page, though
    the base URL ends in the same word.
    """

    def __init__(self, app: WsgiApp, routes: Map, app_base_url: str) -> None:
        self._app = app
        self._routes = routes.bind("")
        self._prefix = urlsplit(app_base_url).path.rstrip("/")

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path, query = _on_the_wire(environ)
        below = self._below(path)
        if below is not None:
            environ["PATH_INFO"] = _decoded(below)
        environ[_TARGET] = (path if below is None else below, query)
        return self._app(environ, start_response)

    def _below(self, path: str) -> str | None:
        if not self._prefix or not path.startswith(self._prefix + "/"):
            return None
        below = path[len(self._prefix) :]
        known = self._routes.allowed_methods(unquote_to_bytes(below).decode(errors="replace"))
        return below if known else None


def target(environ: Mapping[str, Any]) -> tuple[str, str]:
    """Undecoded path below the base URL, and the undecoded query, of the present request."""
    found: tuple[str, str] = environ[_TARGET]
    return found


def _on_the_wire(environ: Mapping[str, Any]) -> tuple[str, str]:
    for name in _RAW:
        raw = environ.get(name)
        if isinstance(raw, str) and raw:
            if not raw.startswith("/"):
                return _of_whole_address(raw)
            path, _, query = raw.partition("?")
            return path, query.partition("#")[0]
    path = environ.get("PATH_INFO") or "/"
    return quote(path.encode("latin-1")), environ.get("QUERY_STRING", "")


def _of_whole_address(raw: str) -> tuple[str, str]:
    """A request line may name the whole address, as one to a proxy does."""
    try:
        parts = urlsplit(raw)
    except ValueError:
        return "/", ""
    return parts.path or "/", parts.query


def _decoded(path: str) -> str:
    return unquote_to_bytes(path).decode("latin-1")
