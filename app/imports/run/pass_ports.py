"""What the pass of Jira accounts needs of the outside. The wiring gives it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from app.inventory import AssetObject
from app.words import AccountId

Linked = Literal["linked", "unmatched", "failed"]


class AccountLinks(Protocol):
    """People of one instance and their accounts: see app.my_assets.account_links."""

    def count(self) -> int: ...

    def people(self, start: int, limit: int) -> Sequence[AssetObject]: ...

    def account_of(self, person: AssetObject) -> AccountId | None: ...

    def link(self, person: AssetObject, account_id: AccountId) -> Linked: ...


class PassStore(Protocol):
    """The document `account-pass` in this instance's own site storage."""

    def read(self) -> bytes | None: ...

    def write(self, content: bytes) -> None: ...

    def forget(self) -> None: ...
