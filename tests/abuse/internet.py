"""The services behind the app, at the wire: strict about who asks, and everything is recorded.

An address that nobody named is a stray call: the app may make listed calls only.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import requests
from cryptography.hazmat.primitives import serialization
from jwt import PyJWTError, decode
from requests.adapters import BaseAdapter
from urllib3 import HTTPResponse

from app.callers.query_hash import query_hash
from app.outside.http import READ_SECONDS, HttpCaller
from tests.stand_ins.atlassian import APP_KEY, KEY_ID, SECRET, SIGNING_KEY
from tests.stand_ins.wire import Reply

KEYS = "connect-install-keys.atlassian.com"
# The clock of a test stands still; the library's does not.
_ANY_TIME: Any = {"verify_exp": False, "verify_iat": False, "verify_aud": False}
Handler = Callable[[requests.PreparedRequest], Reply | Exception]


class Internet(BaseAdapter):
    """`hosts` maps a host to its handler; `sent` is every request that left the app."""

    def __init__(self) -> None:
        super().__init__()
        self.hosts: dict[str, Handler] = {}
        self.sent: list[requests.PreparedRequest] = []
        self.stray: list[str] = []

    def caller(self, *, read_seconds: float = READ_SECONDS) -> HttpCaller:
        session = requests.Session()
        caller = HttpCaller(session, read_seconds=read_seconds)
        session.mount("https://", self)
        session.mount("http://", self)
        return caller

    def asked(self) -> list[str]:
        return [f"{request.method} {request.url}" for request in self.sent]

    def hosts_asked(self) -> set[str]:
        return {urlsplit(request.url or "").netloc for request in self.sent}

    def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:  # type: ignore[override]
        self.sent.append(request)
        handler = self.hosts.get(urlsplit(request.url or "").netloc)
        reply = handler(request) if handler else None
        if reply is None:
            self.stray.append(f"{request.method} {request.url}")
            raise requests.ConnectionError("nobody is there")
        if isinstance(reply, Exception):
            raise reply
        return _response(request, reply)

    def close(self) -> None:
        self.hosts.clear()


def _response(request: requests.PreparedRequest, reply: Reply) -> requests.Response:
    response = requests.Response()
    response.status_code = reply.status
    response.headers.update(reply.headers)
    response.url = request.url or ""
    response.request = request
    response.raw = HTTPResponse(io.BytesIO(reply.content()), preload_content=False)
    return response


class InstallKeyHost:
    """Atlassian's keys of install tokens. `replies` are given first, in their order."""

    def __init__(self) -> None:
        self.replies: list[Reply | Exception] = []
        self.pem = SIGNING_KEY.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def __call__(self, request: requests.PreparedRequest) -> Reply | Exception:
        if self.replies:
            return self.replies.pop(0)
        known = urlsplit(request.url or "").path == f"/{KEY_ID}"
        return Reply(self.pem) if known else Reply(b"<html>no such key</html>", 403)


@dataclass
class JiraHost:
    """One Jira site. As the app: a token made for exactly this request. As an account: Basic."""

    secret: str = SECRET
    administrators: set[str] = field(default_factory=lambda: {"admin-1"})
    properties: dict[str, str] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    licence: dict[str, Any] | None = field(default_factory=lambda: {"active": True})
    workspace: str = "workspace-1"
    email: str = "keeper@example.com"
    fault: Callable[[str], Reply | Exception | None] = lambda _: None
    questions: list[str] = field(default_factory=list)

    def __call__(self, request: requests.PreparedRequest) -> Reply | Exception:
        parts = urlsplit(request.url or "")
        fault = self.fault(parts.path)
        if fault is not None:
            return fault
        self.questions.append(parts.path)
        if parts.path == "/_edge/tenant_info":
            return Reply({"cloudId": "cloud-1"})
        scheme = str(request.headers.get("Authorization", "")).partition(" ")[0]
        if scheme == "JWT" and not self._from_app(request):
            return Reply(b"", 401)
        return self._answer(request, parts.path, parse_qs(parts.query))

    def _from_app(self, request: requests.PreparedRequest) -> bool:
        parts = urlsplit(request.url or "")
        token = str(request.headers["Authorization"]).partition(" ")[2]
        try:
            claims = decode(token, self.secret, ["HS256"], options=_ANY_TIME)
        except PyJWTError:
            return False
        wanted = query_hash(request.method or "", parts.path, parts.query)
        return claims["iss"] == APP_KEY and claims["qsh"] == wanted

    def _answer(
        self, request: requests.PreparedRequest, path: str, query: dict[str, list[str]]
    ) -> Reply:
        addon = f"/rest/atlassian-connect/1/addons/{APP_KEY}"
        if path.startswith(f"{addon}/properties"):
            return self._property(request, unquote(path.removeprefix(f"{addon}/properties")))
        body: Any = {
            addon: {"key": APP_KEY, "license": self.licence},
            "/rest/api/3/permissions/check": self._permissions(request),
            "/rest/api/3/mypermissions": {"permissions": {"ADMINISTER": {"havePermission": True}}},
            "/rest/api/3/myself": self.account("keeper", self.email),
            "/rest/api/3/user": self.users.get(query.get("accountId", [""])[0]),
            "/rest/api/3/user/groups": [],
            "/rest/api/3/user/search": self._found(request, query.get("query", ["?"])[0]),
            "/rest/servicedeskapi/assets/workspace": {"values": [{"workspaceId": self.workspace}]},
        }.get(path)
        return Reply(b"", 404) if body is None else Reply(body)

    def _permissions(self, request: requests.PreparedRequest) -> dict[str, Any]:
        asked = _json(request)
        granted = ["ADMINISTER"] if asked.get("accountId") in self.administrators else []
        return {"globalPermissions": granted, "projectPermissions": []}

    def _found(self, request: requests.PreparedRequest, words: str) -> list[dict[str, Any]]:
        """Names and addresses that begin with the words; to an account only, never to the app."""
        if not str(request.headers.get("Authorization", "")).startswith("Basic "):
            return []
        told = (one for one in self.users.values() if one["emailAddress"].startswith(words))
        return list(told)

    def _property(self, request: requests.PreparedRequest, name: str) -> Reply:
        name = name.removeprefix("/")
        if not name:
            return Reply({"keys": [{"key": each} for each in self.properties]})
        if request.method == "PUT":
            self.properties[name] = json.loads(request.body or b"null")
            return Reply({}, 201)
        if request.method == "DELETE":
            return Reply(b"", 204 if self.properties.pop(name, None) is not None else 404)
        if name not in self.properties:
            return Reply(b"", 404)
        return Reply({"key": name, "value": self.properties[name]})

    @staticmethod
    def account(account_id: str, email: str) -> dict[str, Any]:
        return {
            "accountId": account_id, "emailAddress": email, "displayName": account_id,
            "active": True, "accountType": "atlassian",
        }  # fmt: skip


def _json(request: requests.PreparedRequest) -> dict[str, Any]:
    try:
        value = json.loads(request.body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
