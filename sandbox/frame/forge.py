"""Frames the app's pages as Jira does for Forge: from another origin, with a bridge to here."""

import secrets
from collections.abc import Callable
from typing import Any, Protocol

from werkzeug.wrappers import Request, Response

from sandbox.forge import Forge
from sandbox.forge.manifest import ADMIN_PAGE, GLOBAL_PAGE, PORTAL_PAGE
from sandbox.http import answer, read_json
from sandbox.site import InstallRefused

KINDS = {"my-assets": GLOBAL_PAGE, "admin": ADMIN_PAGE, "my-assets-portal": PORTAL_PAGE}


class Routes(Protocol):
    """What the frame adds its routes to."""

    def add_route(self, method: str, pattern: str, handler: Callable[..., Response]) -> None: ...


def add_forge_frames(site: Routes, forge: Forge) -> None:
    """Add the routes that the host's script asks on this door."""
    frames = _Frames(forge)
    site.add_route("GET", "/frame/ask/address", frames.address)
    site.add_route("GET", "/frame/ask/context", frames.context)
    site.add_route("POST", "/frame/ask/remote", frames.remote)


class _Frames:
    def __init__(self, forge: Forge) -> None:
        self._forge = forge

    def address(self, request: Request) -> Response:
        """Where the page lies, and the channel of its frame."""
        key = self._module(request)
        if key is None:
            return answer({"error": "no such module"}, 404)
        if self._forge.place is None:
            return answer({"error": "The app is not installed."}, 409)
        folder = self._forge.cdn.folders.get(key)
        if folder is None or not (folder / "index.html").is_file():
            return answer({"error": "There are no pages yet: run `make forge-bundle`."}, 409)
        channel = f"channel-{secrets.token_hex(8)}"
        return answer({"url": self._forge.cdn.address(key), "channel": channel})

    def context(self, request: Request) -> Response:
        """What the page is told about itself."""
        shown = {name: request.args.get(name, "") for name in ("loc", "tz")}
        account = request.args.get("account", "")
        try:
            return answer(self._forge.context(account, self._module(request) or "", shown))
        except (InstallRefused, KeyError) as problem:
            return answer({"error": str(problem)}, 409)

    def remote(self, request: Request) -> Response:
        """One call of a page to the app, through Forge."""
        sent: Any = read_json(request)
        account = request.args.get("account", "")
        try:
            key = self._module(request) or ""
            return answer(self._forge.invoke_remote(account, key, sent or {}))
        except InstallRefused as problem:
            return answer({"success": False, "error": {"message": str(problem)}})

    def _module(self, request: Request) -> str | None:
        page = self._forge.manifest.pages.get(KINDS.get(request.args.get("module", ""), ""))
        return page.endpoint.module_key if page else None
