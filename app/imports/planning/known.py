"""What Assets holds of one kind, at about 60 bytes an object, found by the key of its Entra id.

A table of fixed-size rows and open addressing: Python objects would take ten times as much.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b
from struct import Struct
from typing import Final

from app.errors import ServiceFailed
from app.imports.kinds.entries import Holding

# key, digest, object id (low 32, high 8), target id (low 32, high 8), many, filled, day, flags
_ROW: Final = Struct("<16s16sIBIB6sHHB")
SEEN: Final = 1  # read in this run
LEFT: Final = 2  # Status is Left
CREATED: Final = 4  # not in Assets before this run
FILTERED: Final = 8  # still in Entra, but out of the filter
READ: Final = 16  # came at least once in this run: `digest` is of what came first
COUNTED: Final = 32  # among the updates of this run
SAME: Final = 64  # among the unchanged of this run
_EPOCH: Final = date(1970, 1, 1)
_BIGGEST_ID: Final = 2**40


@dataclass(slots=True)
class Row:
    """One row, unpacked. `day` counts from 1970; 0: none."""

    key: bytes
    digest: bytes
    object_id: int
    target_id: int
    many: bytes
    filled: int
    day: int
    flags: int

    @property
    def left_on(self) -> date | None:
        return _EPOCH + timedelta(days=self.day) if self.day else None


class KnownTable:
    """Rows in the order they were added; `find` gives a row's number."""

    def __init__(self, expected: int = 0) -> None:
        self._rows = bytearray()
        self._slots = array("I")
        self._count = 0
        self._spread(max(expected, 8))

    def __len__(self) -> int:
        return self._count

    def find(self, key: bytes) -> int | None:
        slot = hash(key) % len(self._slots)
        while number := self._slots[slot]:
            start = (number - 1) * _ROW.size
            if self._rows[start : start + 16] == key:
                return number - 1
            slot = (slot + 1) % len(self._slots)
        return None

    def add(self, row: Row) -> int:
        """Add a row whose key is not there yet."""
        if (self._count + 1) * 4 > len(self._slots) * 3:
            self._spread(self._count * 2)
        self._rows += _packed(row)
        self._count += 1
        self._place(self._count - 1)
        return self._count - 1

    def row(self, number: int) -> Row:
        key, digest, low, high, target, target_high, many, filled, day, flags = _ROW.unpack_from(
            self._rows, number * _ROW.size
        )
        return Row(
            key, digest, low | high << 32, target | target_high << 32, many, filled, day, flags
        )

    def put(self, number: int, row: Row) -> None:
        start = number * _ROW.size
        self._rows[start : start + _ROW.size] = _packed(row)

    def rows(self) -> Iterator[Row]:
        for number in range(self._count):
            yield self.row(number)

    def unseen(self) -> Iterator[Row]:
        """What Assets holds and this run has not read."""
        return (row for row in self.rows() if row.object_id and not row.flags & SEEN)

    def seen(self) -> int:
        """How many this run has read."""
        return sum(1 for row in self.rows() if row.flags & SEEN)

    def standing(self) -> int:
        """How many objects Assets holds that are not `Left`."""
        return sum(1 for row in self.rows() if row.object_id and not row.flags & LEFT)

    def _spread(self, expected: int) -> None:
        self._slots = array("I", (0,))  # the old ones go before the new ones come
        self._slots *= expected * 3 // 2 + 8
        for number in range(self._count):
            self._place(number)

    def _place(self, number: int) -> None:
        start = number * _ROW.size
        slot = hash(bytes(self._rows[start : start + 16])) % len(self._slots)
        while self._slots[slot]:
            slot = (slot + 1) % len(self._slots)
        self._slots[slot] = number + 1


def held(holding: Holding) -> Row:
    """The row of an object that Assets holds."""
    if not 0 < holding.object_id < _BIGGEST_ID or not 0 <= holding.target_id < _BIGGEST_ID:
        raise ServiceFailed("Assets gave an object id that is out of range.")
    return Row(
        holding.key, holding.digest, holding.object_id, holding.target_id,
        set_digest(holding.many), holding.filled, _day(holding.left_on),
        LEFT if holding.left else 0,
    )  # fmt: skip


def set_digest(object_ids: frozenset[int]) -> bytes:
    """Six bytes that stand for a set of references; zeros for none."""
    if not object_ids:
        return bytes(6)
    text = ",".join(map(str, sorted(object_ids)))
    return blake2b(text.encode(), digest_size=6).digest()


def _packed(row: Row) -> bytes:
    return _ROW.pack(
        row.key, row.digest, row.object_id & 0xFFFFFFFF, row.object_id >> 32,
        row.target_id & 0xFFFFFFFF, row.target_id >> 32, row.many, row.filled, row.day, row.flags,
    )  # fmt: skip


def _day(text: str) -> int:
    try:
        return max(0, (date.fromisoformat(text) - _EPOCH).days)
    except ValueError:
        return 0
