"""Forge behind the app: its key set, its gateway to sites, its storage. Strict about every token.

A system token is of one installation's site; a user token is of one person at one site.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.stand_ins.atlassian import AT
from tests.stand_ins.forge_tokens import CLOUD, ForgeSigner
from tests.stand_ins.wire import Reply

API = "api.atlassian.com"
JWKS = "forge.cdn.prod.atlassian-dev.net"
INSTALLED = {"eventType": "avi:forge:installed:app"}
Handler = Callable[[requests.PreparedRequest], Reply | Exception]


def opaque_token(name: str, expires_at: int = AT + 4 * 3600) -> str:
    """An access token as Forge's proxy sends it: it looks like a JWT and is nobody's to read."""
    parts = ({"alg": "none"}, {"exp": expires_at, "name": name})
    head, body = (base64.urlsafe_b64encode(json.dumps(one).encode()).decode() for one in parts)
    return f"{head.rstrip('=')}.{body.rstrip('=')}.{name}-canary"


class ForgeCloud:
    """`assets` answers what is not the gateway's or the storage's."""

    def __init__(self) -> None:
        self.signer = ForgeSigner()
        self.assets: Handler | None = None
        self.systems: dict[str, str] = {}  # system token to cloud id
        self.users: dict[str, tuple[str, str]] = {}  # user token to cloud id and account id
        self.administrators = {"admin-1"}
        self.storage: dict[str, dict[str, str]] = {}  # by cloud id
        self.replies: list[Reply | Exception] = []  # of the key set, before the good one
        self.questions: list[tuple[str, str, str]] = []  # kind of token, whose, path
        self.fault: Callable[[str], Reply | Exception | None] = lambda _: None

    def system(self, cloud_id: str = CLOUD, name: str = "system", later: int = 0) -> str:
        token = opaque_token(f"{name}-{cloud_id}-{later}", AT + 3600 + later)
        self.systems[token] = cloud_id
        return token

    def user(self, account_id: str, cloud_id: str = CLOUD) -> str:
        token = opaque_token(f"user-{account_id}-{cloud_id}")
        self.users[token] = (cloud_id, account_id)
        return token

    def key_set(self, request: requests.PreparedRequest) -> Reply | Exception:
        if self.replies:
            return self.replies.pop(0)
        good = urlsplit(request.url or "").path == "/.well-known/jwks.json"
        return Reply(self.signer.jwks()) if good else Reply(b"", 404)

    def __call__(self, request: requests.PreparedRequest) -> Reply | Exception:
        path = urlsplit(request.url or "").path
        fault = self.fault(path)
        if fault is not None:
            return fault
        bearer = str(request.headers.get("Authorization", "")).removeprefix("Bearer ")
        if path.startswith("/forge/storage/kvs/v1/"):
            return self._stored(request, path.rpartition("/")[2], bearer)
        gateway = re.fullmatch(r"/ex/jira/([^/]+)(/rest/.*)", path)
        if gateway:
            return self._gateway(gateway[1], gateway[2], bearer)
        return self.assets(request) if self.assets else Reply(b"", 404)

    def _stored(self, request: requests.PreparedRequest, verb: str, bearer: str) -> Reply:
        cloud_id = self.systems.get(bearer)
        self.questions.append(("system", cloud_id or "nobody", f"kvs/{verb}"))
        if cloud_id is None:
            return Reply({"code": "UNAUTHORIZED"}, 401)
        kept, asked = self.storage.setdefault(cloud_id, {}), json.loads(request.body or b"{}")
        if verb == "query":
            return Reply({"data": [{"key": key, "value": kept[key]} for key in kept]})
        key = asked["key"]
        if verb == "set":
            kept[key] = asked["value"]
        elif key not in kept:
            return Reply({"code": "KEY_NOT_FOUND", "message": "not there"}, 404)
        value = kept.pop(key) if verb == "delete" else kept[key]
        return Reply({"key": key, "value": value})

    def _gateway(self, cloud_id: str, path: str, bearer: str) -> Reply:
        of_user, of_app = self.users.get(bearer), self.systems.get(bearer)
        kind, owner = ("user", of_user[0]) if of_user else ("system", of_app or "nobody")
        self.questions.append((kind, owner, path))
        if owner != cloud_id:
            return Reply(b"", 401)
        if path == "/rest/api/3/mypermissions":
            held = of_user is not None and of_user[1] in self.administrators
            return Reply({"permissions": {"ADMINISTER": {"havePermission": held}}})
        body: Any = {"/rest/api/3/user/groups": []}.get(path)
        return Reply(b"", 404) if body is None else Reply(body)
