"""The credentials that speak for us at a service. None of them shows itself in a repr or a log."""

from __future__ import annotations

import base64
from typing import Final
from urllib.parse import urlsplit

import jwt

from app.callers.query_hash import query_hash
from app.words import Clock, Secret

APP_TOKEN_SECONDS: Final = 180


class Basic:
    """E-mail and API token of the administrator who gave them (`assets-access`)."""

    def __init__(self, email: str, token: Secret) -> None:
        pair = email.encode() + b":" + token.reveal()
        self._value = Secret(b"Basic " + base64.b64encode(pair))

    def authorization(self, method: str, url: str) -> str:  # noqa: ARG002 - the same for each request
        return self._value.reveal_text()


class Bearer:
    """A token as it is: Entra's, an import's container token, Forge's system or user token."""

    def __init__(self, token: Secret) -> None:
        self._value = Secret(b"Bearer " + token.reveal())

    def authorization(self, method: str, url: str) -> str:  # noqa: ARG002 - the same for each request
        return self._value.reveal_text()


class AppToken:
    """The app itself at one site: a token made for each request, bound to it by its query hash.

    Source: Atlassian, "Understanding JWT for Connect apps": HS256 with the shared secret, issuer
    the app key, three minutes long, path counted from the site's base URL.
    """

    def __init__(
        self, app_key: str, client_key: str, secret: Secret, base_url: str, clock: Clock
    ) -> None:
        self._app_key = app_key
        self._client_key = client_key
        self._secret = secret
        self._base_path = urlsplit(base_url).path
        self._clock = clock

    def authorization(self, method: str, url: str) -> str:
        parts = urlsplit(url)
        issued = int(self._clock().timestamp())
        claims = {
            "iss": self._app_key,
            "aud": [self._client_key],
            "iat": issued,
            "exp": issued + APP_TOKEN_SECONDS,
            "qsh": query_hash(method, parts.path, parts.query, self._base_path),
        }
        return "JWT " + jwt.encode(claims, self._secret.reveal(), algorithm="HS256")
