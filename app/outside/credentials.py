"""The credentials that speak for us at a service. None of them shows itself in a repr or a log."""

from __future__ import annotations

import base64

from app.words import Secret


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
