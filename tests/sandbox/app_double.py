"""The smallest Connect app: a descriptor, and lifecycle calls it remembers and may refuse."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request, Response

from sandbox.http import Service, answer, nothing, read_json


class AppDouble(Service):
    """`heard` holds (event, Authorization, body) of each lifecycle call."""

    def __init__(self, *scopes: str) -> None:
        super().__init__("app")
        self.scopes = list(scopes or ("READ", "WRITE"))
        self.status = 204
        self.heard: list[tuple[str, str, dict[str, Any]]] = []
        self.add_route("GET", "/atlassian-connect.json", self._descriptor)
        for event in ("installed", "uninstalled", "enabled", "disabled"):
            self.add_route("POST", f"/{event}", self._hear)

    def _descriptor(self, request: Request) -> Response:
        del request
        events = ("installed", "uninstalled", "enabled", "disabled")
        pages = [{"key": "mine", "url": "/mine?from={ac.from}", "name": {"value": "Mine"}}]
        return answer(
            {
                "key": "sandbox.app",
                "baseUrl": self.base_url,
                "authentication": {"type": "jwt"},
                "lifecycle": {event: f"/{event}" for event in events},
                "scopes": self.scopes,
                "modules": {"generalPages": pages},
            }
        )

    def _hear(self, request: Request) -> Response:
        event = request.path.strip("/")
        token = request.headers.get("Authorization", "").partition(" ")[2]
        self.heard.append((event, token, read_json(request)))
        return nothing(self.status)
