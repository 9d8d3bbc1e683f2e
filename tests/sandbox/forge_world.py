"""A stand-in Forge with a small app behind it, for the sandbox's own tests."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
import requests
from werkzeug.wrappers import Request, Response

from sandbox.assets.cloud import AssetsCloud
from sandbox.forge import Forge, read_manifest
from sandbox.http import Service, answer, nothing, read_json
from sandbox.site import Site

APP = Path(__file__).parent / "forge_app"
START = 1_900_000_000


@dataclass
class Heard:
    """One call as it reached the app."""

    path: str
    headers: dict[str, str]
    body: Any

    @property
    def claims(self) -> dict[str, Any]:
        token = self.headers["Authorization"].removeprefix("Bearer ")
        found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
        return found


@dataclass
class Remote(Service):
    """The app: events are accepted with `statuses` in turn, then 204; `/api/…` echoes."""

    heard: list[Heard] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__("app")
        self.add_route("POST", "/events", self._event)
        self.add_route("POST", "/forge/import/<name>", self._event)
        for method in ("GET", "POST", "PUT"):
            self.add_route(method, "/api/<path:rest>", self._api)

    def _hear(self, request: Request) -> Heard:
        one = Heard(request.full_path.rstrip("?"), dict(request.headers), read_json(request))
        self.heard.append(one)
        return one

    def _event(self, request: Request, name: str = "") -> Response:
        del name
        self._hear(request)
        return nothing(self.statuses.pop(0) if self.statuses else 204)

    def _api(self, request: Request, rest: str) -> Response:
        one = self._hear(request)
        if rest == "html":
            return Response("<p>", content_type="text/html")
        if rest == "large":
            return answer({"text": "x" * 6_000_000})
        if rest == "problem":
            return Response(b"{}", 422, content_type="application/problem+json")
        if rest in ("302", "401", "503"):
            return answer({}, int(rest), {"Location": "/api/echo"})
        return answer({"path": one.path, "body": one.body})


class ForgeWorld:
    """`now` is what Forge's clock says, `waits` how long it waited before each further try."""

    def __init__(self) -> None:
        self.now = float(START)
        self.waits: list[float] = []
        self.app = Remote()
        self.site = Site()
        self.cloud = AssetsCloud(self.site.people, self.site.workspace_id, self.site.cloud_id)
        for service in (self.app, self.site, self.cloud):
            service.start()
        manifest = read_manifest(APP / "manifest.yml")
        clock = lambda: self.now  # noqa: E731 - the shortest clock there is
        self.forge = Forge(self.site, self.cloud, manifest, self.app.base_url, clock, self._wait)
        self.forge.bundled_in(APP)
        self.forge.cdn.start()
        self.forge.install()
        self.admin = self.site.cast.administrator
        self.employee = self.site.cast.employees[0]
        self.customer = self.site.cast.customer

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def close(self) -> None:
        for service in (self.app, self.site, self.cloud, self.forge.cdn):
            service.stop()

    def token(self, account_id: str = "", module: str = "mine") -> str:
        """The system token, or a person's, as it comes with a call of a page."""
        headers = self.forge.page_headers(account_id or self.employee, module)
        return headers["x-forge-oauth-user" if account_id else "x-forge-oauth-system"]

    def ask(
        self, token: str, path: str, body: object | None = None, *, at_site: bool = True
    ) -> requests.Response:
        """A call of the app to the platform: GET, or POST with a body."""
        base = f"{self.cloud.base_url}/ex/jira/{self.site.cloud_id}"
        address = (base if at_site else self.cloud.base_url) + path
        headers = {"Authorization": f"Bearer {token}"}
        content = None if body is None else json.dumps(body)
        method = "GET" if body is None else "POST"
        return requests.request(method, address, headers=headers, data=content, timeout=10)

    def store(self, name: str, body: object, token: str = "") -> requests.Response:
        """One call to the key-value store."""
        path = f"/forge/storage/kvs/v1/{name}"
        return self.ask(token or self.token(), path, body, at_site=False)
