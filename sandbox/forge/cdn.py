"""Forge's content network: the key set of invocation tokens, and the app's pages, each framed.

The pages have an origin of their own. Each gets the bridge as its first script, from
a file: the policy allows no script in the page itself.
"""

import mimetypes
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from werkzeug.wrappers import Request, Response

from sandbox.forge.invocation import JWKS_PATH
from sandbox.http import Service, answer

BRIDGE = Path(__file__).parent.parent / "frame" / "files" / "bridge.js"
BRIDGE_PATH = "/__bridge.js"
_HEAD = re.compile(rb"<head[^>]*>", re.IGNORECASE)


class ForgeCdn(Service):
    """`folders` are the pages' folders by name; `host` is the origin that frames them."""

    def __init__(self, key_set: Callable[[], dict[str, Any]], host: Callable[[], str]) -> None:
        super().__init__("Forge content network")
        self.folders: Mapping[str, Path] = {}
        self._host = host
        self.add_route("GET", JWKS_PATH, lambda _request: answer(key_set()))
        self.add_route("GET", BRIDGE_PATH, lambda _request: self._file(BRIDGE))
        self.add_route("GET", "/app/<name>/<path:file>", self._page_file)

    def address(self, name: str) -> str:
        """Where a page begins."""
        return f"{self.base_url}/app/{name}/index.html"

    def _page_file(self, request: Request, name: str, file: str) -> Response:
        del request
        folder = self.folders.get(name)
        if folder is None:
            return answer({"error": "no such page"}, 404)
        path = (folder / file).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            return answer({"error": "no such file"}, 404)
        return self._file(path)

    def _file(self, path: Path) -> Response:
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        content = path.read_bytes()
        if kind == "text/html":
            content = self._with_bridge(content)
        sent = Response(content, mimetype=kind)
        sent.headers["Content-Security-Policy"] = self._policy()
        sent.headers["Cache-Control"] = "no-store"
        return sent

    def _with_bridge(self, content: bytes) -> bytes:
        script = f'<script src="{BRIDGE_PATH}?host={quote(self._host(), safe="")}"></script>'
        return _HEAD.sub(lambda head: head.group() + script.encode(), content, count=1)

    def _policy(self) -> str:
        """As for an app that asks for no exception: nothing inline, no other origin."""
        return (
            "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
            "img-src 'self' data: blob:; media-src 'self' data: blob:; connect-src 'self'; "
            f"form-action 'none'; base-uri 'self'; frame-ancestors {self._host()}"
        )
