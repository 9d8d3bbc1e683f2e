"""Puts the frame's pages on the site stand-in. It holds no secret: tokens come from the site."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import requests
from werkzeug.wrappers import Request, Response

from sandbox.forge import Forge
from sandbox.frame.address import Tokens, framed
from sandbox.frame.as_reader import AsReader, Kept, request_page
from sandbox.frame.forge import add_forge_frames
from sandbox.frame.people import User, people_of
from sandbox.http import answer
from sandbox.site import InstallRefused

FILES = Path(__file__).parent / "files"
HOME = "/jira"
CONNECT_SCRIPT = "/frame/all.js"  # below the site's base URL: the value for CONNECT_JS_URL
KINDS = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
MODULES = ("my-assets", "admin", "my-assets-portal")


class Site(Tokens, Protocol):
    """The part of the site stand-in that the frame stands on."""

    @property
    def users(self) -> Mapping[str, User]: ...

    @property
    def people(self) -> Any:
        """Has `is_administrator(account_id)`."""

    def add_route(self, method: str, pattern: str, handler: Callable[..., Response]) -> None: ...


def mount(
    site: Site, app_base_url: str, forge: Forge | None = None, kept: Kept | None = None
) -> str:
    """Add the frame's routes for one door; gives the address of its page.

    `kept` is where properties of its readers lie.
    """
    door = "connect" if forge is None else "forge"
    site.add_route("GET", HOME, lambda _request: _file("host.html"))
    site.add_route("GET", "/frame/<name>", lambda _request, name: _file(name))
    site.add_route("GET", "/frame/ask/people", lambda _request: _people(site, door))
    kept = {} if kept is None else kept
    reader = AsReader(site, partial(_scopes, site, forge), kept, forge=forge is not None)
    site.add_route("POST", "/frame/ask/jira", reader.serve)
    site.add_route("GET", "/browse/<key>", lambda _request, key: request_page(site, key))
    if forge is not None:
        add_forge_frames(site, forge)
    else:
        _add_connect_frames(site, app_base_url)
    return f"{site.base_url}{HOME}"


def _scopes(site: Any, forge: Forge | None) -> set[str]:
    return set(site.installed.scopes() if forge is None else forge.manifest.scopes)


def _add_connect_frames(site: Site, app_base_url: str) -> None:
    site.add_route(
        "GET", "/frame/ask/address", lambda request: _address(site, app_base_url, request)
    )
    site.add_route("GET", "/frame/ask/token", lambda request: _token(site, request))


def _file(name: str) -> Response:
    path = FILES / name
    if path.parent != FILES or not path.is_file():
        return answer({"error": "no such file"}, 404)
    sent = Response(path.read_bytes(), mimetype=KINDS[path.suffix])
    sent.headers["Cache-Control"] = "no-store"
    return sent


def _people(site: Site, door: str) -> Response:
    entries = people_of(site.users.values(), site.people.is_administrator)
    shown = [{"account": one.account_id, "name": one.name, "role": one.role} for one in entries]
    return answer({"people": shown, "door": door})


def _address(site: Site, app_base_url: str, request: Request) -> Response:
    module = request.args.get("module", "")
    if module not in MODULES:
        return answer({"error": "no such module"}, 404)
    asked = {name: request.args.get(name, "") for name in ("account", "loc", "tz")}
    try:
        descriptor = requests.get(f"{app_base_url}/atlassian-connect.json", timeout=10).json()
        made = framed(site, app_base_url, descriptor, module, asked)  # type: ignore[arg-type]
    except (requests.RequestException, InstallRefused) as missing:
        return answer({"error": f"The app does not answer or is not installed: {missing}"}, 409)
    return answer({"url": made.url, "channel": made.channel})


def _token(site: Site, request: Request) -> Response:
    try:
        return answer({"token": site.context_token(request.args.get("account", ""))})
    except InstallRefused as missing:
        return answer({"error": str(missing)}, 409)
