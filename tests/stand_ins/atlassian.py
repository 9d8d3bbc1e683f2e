"""Atlassian as a signer: makes the tokens and lifecycle bodies that a site would send."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from app.callers.query_hash import CONTEXT_HASH, query_hash

APP = "https://app.example.com"
APP_KEY = "my-assets-for-jira"
SECRET = "s3cr3t-of-the-site-under-test-0123456789"
SITE = "https://acme.atlassian.net"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
AT = int(NOW.timestamp())

SIGNING_KEY = rsa.generate_private_key(65537, 2048)
KEY_ID = "key-1"


class OneKey:
    """Install keys of which one is known; counts what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.for_known: list[bool] = []

    def key(self, key_id: str, *, issuer_known: bool) -> rsa.RSAPublicKey | None:
        self.for_known.append(issuer_known)
        self.asked.append(key_id)
        return SIGNING_KEY.public_key() if key_id == KEY_ID else None


def claims(**changed: Any) -> dict[str, Any]:
    """Claims of a good token; a value of None leaves the claim out."""
    made: dict[str, Any] = {"iss": "client-a", "iat": AT, "exp": AT + 180} | changed
    return {name: value for name, value in made.items() if value is not None}


def lifecycle_token(path: str = "/connect/installed", **changed: Any) -> str:
    header = changed.pop("header", {"kid": KEY_ID})
    made = claims(**{"aud": [APP], "qsh": query_hash("POST", path, "")} | changed)
    return jwt.encode(made, SIGNING_KEY, algorithm="RS256", headers=header)


def page_token(path: str, query: str = "", secret: str = SECRET, **changed: Any) -> str:
    made = claims(**{"sub": "account-1", "qsh": query_hash("GET", path, query)} | changed)
    return jwt.encode(made, secret, algorithm="HS256")


def context_token(secret: str = SECRET, **changed: Any) -> str:
    made = claims(**{"sub": "account-1", "qsh": CONTEXT_HASH} | changed)
    return jwt.encode(made, secret, algorithm="HS256")


def install_body(**changed: Any) -> bytes:
    """An install body with all its fields; a value of None leaves the field out."""
    body: dict[str, Any] = {
        "key": APP_KEY,
        "clientKey": "client-a",
        "sharedSecret": SECRET,
        "baseUrl": SITE,
        "displayUrl": "https://issues.example.com",
        "productType": "jira",
        "description": "A site",
        "cloudId": "d0d52620-3203-4cfa-8db5-f2587155f0dd",
        "installationId": "ari:cloud:ecosystem::installation/0a3a7799-53ae-4a5b-9e7e-03338980abb5",
        "eventType": "installed",
    } | changed
    return json.dumps({name: value for name, value in body.items() if value is not None}).encode()


def uninstall_body(**changed: Any) -> bytes:
    return install_body(**{"eventType": "uninstalled", "sharedSecret": None} | changed)
