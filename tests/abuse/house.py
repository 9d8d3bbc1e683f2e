"""The whole app under attack: real wiring, doors, callers, lifecycle and vault over HTTP.

Only the ends are stand-ins: the table, KMS and the services behind the app, all of them strict.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import logs
from app.doors.web import create_app
from app.settings import read_settings
from app.wiring import house as wiring
from app.wiring.aws import Aws
from tests.abuse.forge_cloud import API, JWKS, ForgeCloud
from tests.abuse.internet import KEYS, InstallKeyHost, Internet, JiraHost
from tests.stand_ins.atlassian import (
    APP,
    APP_KEY,
    SECRET,
    context_token,
    install_body,
    lifecycle_token,
    page_token,
    uninstall_body,
)
from tests.stand_ins.claims import InMemoryClaims
from tests.stand_ins.clock import StoppedClock
from tests.stand_ins.forge_tokens import FORGE_APP
from tests.stand_ins.kms import StrictKms
from tests.stand_ins.signing_kms import StrictSigningKey
from tests.stand_ins.table import InMemoryTable

SITE_A, SITE_B = "https://acme.atlassian.net", "https://umbrella.atlassian.net"
SECRET_B = "another-s3cr3t-of-the-other-site-0123456789"
ENVIRON = {
    "APP_BASE_URL": APP,
    "CONNECT_JS_URL": "https://connect.example.com/all.js",
    "IMPORT_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/111122223333/imports.fifo",
    "AWS_REGION": "eu-central-1",
    "FORGE_APP_ID": FORGE_APP,
}


class Queue:
    """SQS, as far as a start of an import needs it."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    def send_message(self, **message: Any) -> dict[str, str]:
        self.messages.append(message)
        return {"MessageId": "m"}


@dataclass(frozen=True)
class Effort:
    """What a request cost. Two requests that cost the same cannot be told apart by their time."""

    look_ups: int
    verifications: int
    key_calls: int
    network: int


@dataclass
class House:
    """One process of the app, and everything a test may look at or turn."""

    app: Flask
    table: InMemoryTable
    kms: StrictKms
    internet: Internet
    clock: StoppedClock
    log: io.StringIO
    claims: InMemoryClaims
    queue: Queue
    keys: InstallKeyHost
    site_a: JiraHost
    site_b: JiraHost
    forge: ForgeCloud
    verified: list[str] = field(default_factory=list)

    # --- what a caller sends

    def send(
        self,
        method: str,
        path: str,
        token: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> TestResponse:
        """One request by a client that keeps nothing from another."""
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"JWT {token}"
        client = self.app.test_client()
        with client.open(path, method=method, headers=sent, **more) as response:
            response.get_data()
            return response

    def event(self, kind: str, body: bytes, token: str | None = None) -> TestResponse:
        path = f"/connect/{kind}"
        return self.send("POST", path, token or lifecycle_token(path), data=body)

    def install(self, **fields: Any) -> TestResponse:
        claims = {name: fields.pop(name) for name in ("iat",) if name in fields}
        issuer = fields.get("clientKey", "client-a")
        token = lifecycle_token("/connect/installed", iss=issuer, **claims)
        return self.event("installed", install_body(**fields), token)

    def uninstall(self, issuer: str = "client-a", **claims: Any) -> TestResponse:
        token = lifecycle_token("/connect/uninstalled", iss=issuer, **claims)
        return self.event("uninstalled", uninstall_body(clientKey=issuer), token)

    def page(self, path: str = "/my-assets", query: str = "", **claims: Any) -> TestResponse:
        token = page_token(path, query, **claims)
        return self.send("GET", f"{path}?{query}{'&' if query else ''}jwt={token}")

    def api(self, method: str, path: str, sub: str | None = "admin-1", **more: Any) -> TestResponse:
        claims = {name: more.pop(name) for name in ("iss", "secret") if name in more}
        return self.send(method, path, context_token(sub=sub, **claims), **more)

    def fit(
        self,
        method: str,
        path: str,
        token: str,
        *,
        user: str | None = None,
        system: str | None = None,
        **more: Any,
    ) -> TestResponse:
        """One call through Forge, with what its proxy adds beside the invocation token."""
        given = {"x-forge-oauth-user": user, "x-forge-oauth-system": system}
        headers = {name: value for name, value in given.items() if value is not None}
        headers |= {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        return self.send(method, path, headers=headers, **more)

    def of_b(self) -> dict[str, str]:
        """The claims of a token of the other instance."""
        return {"iss": "client-b", "secret": SECRET_B}

    # --- what a test looks at

    def rests(self) -> str:
        """Everything that rests anywhere, as one text: two equal ones are byte-identical."""
        kept = {
            "table": self.table._items,
            "claims": self.claims.kept,
            "a": self.site_a.properties,
            "b": self.site_b.properties,
            "kvs": self.forge.storage,
            "queue": self.queue.messages,
        }
        return repr(_ordered(kept))

    def effort(self) -> Effort:
        return Effort(
            self.table.calls["read"] + self.table.calls["all"],
            len(self.verified),
            len(self.kms.log),
            len(self.internet.sent),
        )

    def writes(self) -> int:
        return self.table.calls["create"] + self.table.calls["change"]


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return sorted((name, _ordered(each)) for name, each in value.items())
    return value


def build(patch: pytest.MonkeyPatch, beside: House | None = None, **environ: str) -> House:
    """A process of the app. `beside`: another process on the same table, keys and services."""
    log = io.StringIO()
    logs.configure("DEBUG", log)
    internet = Internet()
    table = beside.table if beside else InMemoryTable()
    kms = beside.kms if beside else StrictKms()
    claims = beside.claims if beside else InMemoryClaims()
    queue = beside.queue if beside else Queue()
    clock = beside.clock if beside else StoppedClock()
    site_a = beside.site_a if beside else JiraHost()
    site_b = beside.site_b if beside else JiraHost(secret=SECRET_B, administrators={"admin-b"})
    keys = beside.keys if beside else InstallKeyHost()
    forge = beside.forge if beside else ForgeCloud()
    internet.hosts = {
        KEYS: keys,
        JWKS: forge.key_set,
        API: forge,
        SITE_A.removeprefix("https://"): site_a,
        SITE_B.removeprefix("https://"): site_b,
    }
    ends: dict[str, Any] = {
        "aws_clients": lambda _: Aws(None, None, queue),  # type: ignore[arg-type]
        "HttpCaller": internet.caller,
        "DynamoInstanceTable": lambda *_: table,
        "DynamoClaims": lambda *_: claims,
        "KmsDataKeys": lambda _: kms,
        "KmsSigner": lambda *_: StrictSigningKey().signer(),
        "utc_now": clock,
    }
    for name, end in ends.items():
        _replace(patch, name, end)
    settings = read_settings(ENVIRON | environ, descriptor_key=APP_KEY)
    app = create_app(wiring.build_house(settings).services)
    made = House(
        app, table, kms, internet, clock, log, claims, queue, keys, site_a, site_b, forge
    )  # fmt: skip
    _watch_signatures(patch, made)
    return made


def _replace(patch: pytest.MonkeyPatch, name: str, end: Any) -> None:
    """Put a stand-in wherever the wiring has the real thing under this name."""
    rooms = [each for path, each in sys.modules.items() if path.startswith("app.wiring.")]
    holding = [each for each in rooms if hasattr(each, name)]
    assert holding, f"the wiring has no {name}"
    for each in holding:
        patch.setattr(each, name, end)


def _watch_signatures(patch: pytest.MonkeyPatch, house: House) -> None:
    real = jwt.decode

    def decode(token: str, *parts: Any, **named: Any) -> Any:
        house.verified.append(token)
        return real(token, *parts, **named)

    # The app's callers only: the services behind it check tokens of their own.
    patch.setattr("app.callers.tokens.jwt.decode", decode)


def two_sites(house: House) -> None:
    """Both instances installed and warm: their secrets have been opened once."""
    assert house.install().status_code == 204
    fields = {"clientKey": "client-b", "sharedSecret": SECRET_B, "baseUrl": SITE_B}
    fields |= {"installationId": "ari:cloud:ecosystem::installation/b", "cloudId": "cloud-b"}
    assert house.install(**fields).status_code == 204
    assert house.page().status_code == 200
    assert house.page(**house.of_b()).status_code == 200


__all__ = ["SECRET", "SECRET_B", "SITE_A", "SITE_B", "Effort", "House", "build", "two_sites"]
