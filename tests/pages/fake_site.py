"""A tiny stand-in for a Jira site: users and tokens, just enough for the frame to stand on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sandbox.http import Service

ADMINISTRATOR = "ac-ines"
EMPLOYEE = "ac-joerg"
CUSTOMER = "ac-lucia"


@dataclass(frozen=True)
class FakeUser:
    account_id: str
    display_name: str
    account_type: str = "atlassian"


class FakePeople:
    def is_administrator(self, account_id: str) -> bool:
        return account_id == ADMINISTRATOR


class FakeSite(Service):
    """Tokens are readable: a page token names what it was made for, a context token its person."""

    def __init__(self) -> None:
        super().__init__("site")
        self.people = FakePeople()
        self.scopes = {"READ", "WRITE"}
        self.kept: dict[tuple[str, str], Any] = {}  # properties of its users
        everyone = [
            FakeUser(EMPLOYEE, "Jörg Öhlmann"),
            FakeUser(ADMINISTRATOR, "Ines Kaltbrunn"),
            FakeUser("ac-maeve", "Maeve O'Shara"),
            FakeUser("ac-tomo", "Tomo Hara"),
            FakeUser(CUSTOMER, "Lucía Prado", "customer"),
        ]
        self.users = {user.account_id: user for user in everyone}

    @property
    def installed(self) -> Any:
        """What of an installation the frame asks for: the app's scopes."""
        return SimpleNamespace(scopes=lambda: self.scopes)

    def page_token(self, account_id: str, method: str, path_and_query: str) -> str:
        return f"page.{account_id}.{digest(method, path_and_query)}"

    def context_token(self, account_id: str) -> str:
        return f"context.{account_id}"


def digest(method: str, path_and_query: str) -> str:
    return hashlib.sha256(f"{method} {path_and_query}".encode()).hexdigest()[:16]
