"""An administrator at work: what a person does on the administration page, over the app's API."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests

from sandbox.world import Credentials, World

ENDED = ("succeeded", "failed", "cancelled", "braked")


class NotDone(Exception):
    """The app refused something; its answer is the text."""


class Member:
    """Somebody signed in to the site, calling the app's API as their page does."""

    def __init__(self, world: World, account_id: str) -> None:
        self._world = world
        self._account_id = account_id
        self._session = requests.Session()

    def ask(self, method: str, path: str, body: object | None = None) -> requests.Response:
        """One call with what their page carries: fresh tokens of the door."""
        return self.ask_with(self._world.door.headers(self._account_id), method, path, body)

    def ask_with(
        self, headers: Mapping[str, str], method: str, path: str, body: object | None = None
    ) -> requests.Response:
        """One call with headers of one's own."""
        address = self._world.app_base_url + path
        return self._session.request(method, address, json=body, headers=headers, timeout=120)

    def call(self, method: str, path: str, body: object | None = None) -> Any:
        """The same, and its JSON. Raises NotDone for a refusal."""
        response = self.ask(method, path, body)
        if response.status_code >= 400:
            raise NotDone(f"{method} {path}: {response.status_code} {response.text}")
        return response.json() if response.content else None

    def close(self) -> None:
        self._session.close()


@contextmanager
def member(world: World, account_id: str) -> Iterator[Member]:
    """A member, closed at the end."""
    one = Member(world, account_id)
    try:
        yield one
    finally:
        one.close()


def save_settings(admin: Member, given: Credentials, **rules: object) -> None:
    """Save every part that an import needs. `rules` go into the import part."""
    parts: dict[str, dict[str, object]] = {
        "assets-access": {**given.into_assets["assets-access"]},
        "entra": {
            "tenant_id": given.tenant_id,
            "client_id": given.client_id,
            "client_secret": given.client_secret,
        },
        "import": {**given.into_assets["import"], **rules},
        "consent": {"entra_import": True, "metrics": False},
    }
    for part, body in parts.items():
        admin.call("PUT", f"/api/settings/{part}", body)


def run_import(
    admin: Member, mode: str = "full", on_progress: Callable[[Any], None] = lambda _: None
) -> Any:
    """Run an import to its end (or brake); gives the run."""
    run = admin.call("POST", "/api/imports", {"mode": mode})
    while run["state"] not in ENDED:
        time.sleep(0.3)
        run = admin.call("GET", f"/api/imports/{run['id']}")
        on_progress(run)
    return run
