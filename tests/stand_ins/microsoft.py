"""The Microsoft side of the sandbox, started for one test, with a client that holds a token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import requests

from sandbox.directory import Directory, generate
from sandbox.entra import (
    CLIENT_ID,
    CLIENT_SECRET,
    READ_ROLES,
    TENANT_ID,
    ClientSecret,
    Registration,
    SigningKey,
)
from sandbox.graph import Behaviour
from sandbox.microsoft import Microsoft

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
Json = dict[str, Any]


@lru_cache(maxsize=1)
def signing_key() -> SigningKey:
    """One key for all tests: making one takes a tenth of a second."""
    return SigningKey()


class Side:
    """A running Microsoft with its directory, a clock that a test moves, a signed-in client."""

    def __init__(self, directory: Directory, behaviour: Behaviour | None = None) -> None:
        self.now = START
        self.directory = directory
        self.microsoft = Microsoft(lambda: self.now, behaviour, signing_key())
        self.login_url, self.graph_url = self.microsoft.start(directory)
        self.behaviour = self.microsoft.behaviour
        self.graph = self.microsoft.graph
        self.entra = self.microsoft.entra
        self._token = ""

    def later(self, **delta: float) -> None:
        """Move the clock; the client signs in anew."""
        self.now += timedelta(**delta)
        self._token = ""

    def register(self, *roles: str, client_id: str = CLIENT_ID) -> None:
        """Give an app other roles; the client signs in anew."""
        secrets = (ClientSecret(CLIENT_SECRET),)
        self.microsoft.register(Registration(client_id, secrets, roles))
        self._token = ""

    def ask_token(self, tenant: str = TENANT_ID, **fields: str | None) -> requests.Response:
        """One call of the token address; a field of None is left out."""
        form = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "grant_type": "client_credentials",
            "scope": f"{self.graph_url}/.default",
            **fields,
        }
        url = f"{self.login_url}/{tenant}/oauth2/v2.0/token"
        sent = {name: value for name, value in form.items() if value is not None}
        return requests.post(url, data=sent, timeout=5)

    @property
    def bearer(self) -> dict[str, str]:
        """The Authorization header of the ready app."""
        if not self._token:
            self._token = self.ask_token().json()["access_token"]
        return {"Authorization": f"Bearer {self._token}"}

    def get(self, path: str, **headers: str) -> requests.Response:
        """One call of Graph by path or by a whole link; `_` in a header name stands for `-`."""
        url = path if path.startswith("http") else f"{self.graph_url}/v1.0/{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.get(url, headers=self.bearer | named, timeout=5, allow_redirects=False)

    def json(self, path: str, **headers: str) -> Json:
        """A good answer's body."""
        reply = self.get(path, **headers)
        assert reply.status_code == 200, reply.text
        body: Json = reply.json()
        return body

    def refused(self, path: str, **headers: str) -> tuple[int, str, str]:
        """A refusal: status, code, message."""
        reply = self.get(path, **headers)
        error = reply.json()["error"]
        return reply.status_code, error["code"], error["message"]

    def batch(self, *urls: str) -> dict[str, Json]:
        """A batch of GETs, its answers by number as text."""
        items = [{"id": str(n), "method": "GET", "url": url} for n, url in enumerate(urls)]
        reply = self.post_batch({"requests": items})
        return {one["id"]: one for one in reply.json()["responses"]}

    def post_batch(self, body: object) -> requests.Response:
        """A batch as it is."""
        url = f"{self.graph_url}/v1.0/$batch"
        return requests.post(url, json=body, headers=self.bearer, timeout=5)

    def pages(self, path: str, **headers: str) -> list[Json]:
        """All pages from a path on, followed by their links."""
        found = [self.json(path, **headers)]
        while "@odata.nextLink" in found[-1]:
            assert len(found) < 500
            found.append(self.json(found[-1]["@odata.nextLink"], **headers))
        return found


@contextmanager
def running(
    people: int | Directory = 12,
    behaviour: Behaviour | None = None,
    *,
    roles: tuple[str, ...] = READ_ROLES,
) -> Iterator[Side]:
    """A running side over an invented or a given directory."""
    directory = generate(people, 1) if isinstance(people, int) else people
    side = Side(directory, behaviour)
    try:
        if roles != READ_ROLES:
            side.register(*roles)
        yield side
    finally:
        side.microsoft.stop()


def values(pages: list[Mapping[str, Any]]) -> list[Json]:
    """The objects of all pages, in order."""
    return [one for page in pages for one in page["value"]]
