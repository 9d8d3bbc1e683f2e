"""Erasing one life of an instance, with its receipt. It may be killed anywhere and repeated.

The transaction decides; the file only repeats what it says. Before the head of the chain moves on,
the receipt it names is in the folder: so none is lost, whatever is killed and whoever reinstalls.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from app.errors import ServiceUnreachable
from app.goodbye.ports import Chain, ReceiptStore
from app.goodbye.receipts import Head, Life, Signer, signed, tombstone
from app.goodbye.references import References, receipt_name
from app.instances.reference import InstanceReference
from app.instances.table import Condition, Equals

ATTEMPTS: Final = 32  # tries against others who move the head


class Eraser:
    """`keys` are ids of the KMS keys in use; receipts name them. Raises the tree of app.errors."""

    def __init__(
        self,
        table: References,
        chain: Chain,
        receipts: ReceiptStore,
        signer: Signer,
        keys: Sequence[str],
    ) -> None:
        self._table = table
        self._chain = chain
        self._receipts = receipts
        self._signer = signer
        self._keys = keys

    def erase(self, life: Life, only_if: Sequence[Condition] = ()) -> bool:
        """Erase it, if it still is what it was. False: it is not, and nothing was written."""
        conditions = [*_still(life.reference), *only_if]
        for _ in range(ATTEMPTS):
            before = self._chain.head()
            self.keep_newest(before)
            receipt = signed(life, before, self._signer, self._keys)
            text = receipt.text()
            after = Head(before.number + 1 if before else 1, receipt.digest, text)
            if self._chain.append(before, after, tombstone(life, text), conditions):
                self._receipts.keep(receipt_name(life.reference), text)
                return True
            if not _is_same(self._table.read(life.reference.instance_id), life.reference):
                return False
        raise ServiceUnreachable("Too many deletions at once; please try again.")

    def has_erased(self, life: Life) -> bool:
        """Whether this life is erased by now, whatever became of its receipt's file."""
        found = self._table.read(life.reference.instance_id)
        return (
            found is not None
            and found.state == "erased"
            and found.generation == life.reference.generation
        )

    def keep_newest(self, head: Head | None) -> bool:
        """Write the file of the newest receipt, if whoever made it was killed before that."""
        return head is not None and self._keep(name_within(head.receipt), head.receipt)

    def keep(self, stone: InstanceReference) -> bool:
        """Write the file of a tombstone's receipt, if it is not there."""
        return stone.receipt is not None and self._keep(receipt_name(stone), stone.receipt)

    def _keep(self, name: str, text: str) -> bool:
        if self._receipts.read(name) is not None:
            return False
        self._receipts.keep(name, text)
        return True

    def remove(self, stone: InstanceReference) -> bool:
        """Delete a tombstone whose time is over; its receipt's file stays."""
        self.keep(stone)
        return self._chain.remove(stone)


def uninstalled_life(reference: InstanceReference, now: datetime) -> Life:
    """A life that ended with an uninstall, which forgot its keys at that time."""
    ended = reference.uninstalled_at
    ended_at = datetime.fromisoformat(ended) if ended else now
    return Life(reference, "uninstalled", ended_at, now)


def name_within(receipt: str) -> str:
    """The file name that a receipt of our own belongs under."""
    told = json.loads(json.loads(receipt)["payload"])
    return f"{told['instance_id']}-{told['generation']}.json"


def _still(reference: InstanceReference) -> list[Condition]:
    """What must not have changed: a reinstall, a call, or another erasure changes one of these."""
    names = ("state", "generation", "region", "erase_due_at", "uninstalled_at", "silent_since")
    known = ((name, getattr(reference, name)) for name in names)
    return [Equals((name,), value) for name, value in known if value is not None]


def _is_same(found: InstanceReference | None, was: InstanceReference) -> bool:
    return found is not None and (found.state, found.generation, found.silent_since) == (
        was.state, was.generation, was.silent_since,
    )  # fmt: skip
