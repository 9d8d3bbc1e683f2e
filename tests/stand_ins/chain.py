"""The chain of receipts in memory, beside the stand-in of the table: one transaction at a time."""

from __future__ import annotations

from collections.abc import Sequence

from app.goodbye.receipts import Head
from app.instances.reference import InstanceReference, check_attributes
from app.instances.table import Condition
from tests.stand_ins.table import InMemoryTable, _holds


class InMemoryChain:
    """`app.goodbye.ports.Chain`. It shares the table's lock, as a transaction would."""

    def __init__(self, table: InMemoryTable) -> None:
        self._table = table
        self._head: Head | None = None

    def head(self) -> Head | None:
        return self._head

    def append(
        self,
        before: Head | None,
        after: Head,
        stone: InstanceReference,
        only_if: Sequence[Condition],
    ) -> bool:
        item = {name: value for name, value in vars(stone).items() if value}
        check_attributes((name,) for name in item)
        with self._table._lock:
            known = self._table._items.get(stone.instance_id)
            same = (self._head and self._head.digest) == (before and before.digest)
            if known is None or not same or not all(_holds(known, each) for each in only_if):
                return False
            self._head = after
            self._table._items[stone.instance_id] = item
            return True

    def remove(self, stone: InstanceReference) -> bool:
        with self._table._lock:
            known = self._table._items.get(stone.instance_id, {})
            named = (known.get("state"), known.get("generation"), known.get("erased_at"))
            if named != ("erased", stone.generation, stone.erased_at):
                return False
            del self._table._items[stone.instance_id]
            return True
