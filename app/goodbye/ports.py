"""What saying goodbye needs from outside: the chain beside the references, and where files lie."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.goodbye.receipts import Head
from app.instances.reference import InstanceReference
from app.instances.table import Condition


class Chain(Protocol):
    """The chain of receipts and the tombstones. All methods raise ServiceUnreachable."""

    def head(self) -> Head | None:
        """The newest receipt, by a consistent read; None before the first."""
        ...

    def append(
        self,
        before: Head | None,
        after: Head,
        stone: InstanceReference,
        only_if: Sequence[Condition],
    ) -> bool:
        """In one transaction: move the head, and put the tombstone in the reference's place.

        Only if the head is still `before` and the reference still fits `only_if`. Nothing of the
        reference stays but what the tombstone holds. False: it was not so, nothing was written.
        """
        ...

    def remove(self, stone: InstanceReference) -> bool:
        """Delete a tombstone, if it is still this one. False: it is not."""
        ...


class ReceiptStore(Protocol):
    """Where receipts rest as files. Both raise ServiceUnreachable."""

    def read(self, name: str) -> str | None: ...

    def keep(self, name: str, text: str) -> None:
        """Write the file whole or not at all, and never over another one."""
        ...


class Sweeper(Protocol):
    """Things of one class that are over their time but may still lie there.

    Both raise ServiceUnreachable and give how many there are, or were.
    """

    def expired(self, now: datetime) -> int: ...

    def sweep(self, now: datetime) -> int: ...
