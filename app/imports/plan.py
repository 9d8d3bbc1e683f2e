"""The plan: what a run would change, worked out record by record while Graph is read. Pure.

Nothing is written from here. A preview is this plan; the brake judges it before the first write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from app.imports.changes import NO_MANY, Clearing, Counts, Pending, created, sight
from app.imports.entries import Reading, Shape, key_of
from app.imports.kinds import KindName
from app.imports.known import CREATED, FILTERED, LEFT, SEEN, KnownTable, Row, set_digest


@dataclass
class Plan:
    """`tables` holds what is known of each kind asked and of each kind these point to."""

    tables: Mapping[KindName, KnownTable]
    counts: Counts = field(default_factory=Counts)
    clearings: list[Clearing] = field(default_factory=list)
    late: dict[bytes, tuple[Shape, Reading]] = field(default_factory=dict)
    unassigned: dict[KindName, int] = field(default_factory=dict)
    memberships_changed: bool = False
    signature: int = 0
    _pending: list[Pending] = field(default_factory=list)

    def see(
        self, shape: Shape, reading: Reading, groups: frozenset[bytes] | None = None
    ) -> bool | None:
        """Compare one record with what is known. True: its entry has to be sent; None: it came
        before in this run.

        `groups` are the keys of the person's groups, None where memberships are not filled.
        """
        table = self.tables[shape.kind.name]
        number = table.find(reading.key)
        if number is None:
            table.add(created(reading))
            self.counts.create += 1
            self.memberships_changed |= bool(groups)
            self._sign(shape, reading, "create")
            return True
        row = table.row(number)
        if row.flags & SEEN:
            self._repeated(shape, reading, row)
            return None
        return self._compared(shape, reading, number, row, groups)

    def out_of_filter(self, kind: KindName, entra_id: str) -> None:
        """Still in Entra, but not to be imported: a leaver if known, and never "gone for good"."""
        self._flag(kind, entra_id, FILTERED)
        self.counts.skipped += 1

    def removed(self, kind: KindName, entra_id: str) -> None:
        """Graph says it is no longer there, even if an earlier page named it."""
        table = self.tables[kind]
        number = table.find(key_of(entra_id))
        if number is not None:
            row = table.row(number)
            row.flags &= ~SEEN
            table.put(number, row)

    def settle(self) -> Iterator[tuple[Shape, Reading]]:
        """After the last record: decide what waited for somebody to come. Gives what to send."""
        for waiting in self._pending:
            shape, reading = waiting.shape, waiting.reading
            row = self.tables[shape.kind.name].row(waiting.number)
            if self._find_target(shape, waiting.target) is None:
                self._unresolved(waiting, row)
            elif reading is not None:
                self._count_update(shape, reading, "retarget")
                yield shape, reading
        self._pending.clear()

    def digest(self, *more: object) -> str:
        """The same for two plans that would change the same things, in whatever order they came."""
        text = repr((self.signature, *more)).encode()
        return blake2b(text, digest_size=16).hexdigest()

    def seen(self, kind: KindName, entra_id: str) -> bool:
        table = self.tables[kind]
        number = table.find(key_of(entra_id))
        return number is not None and bool(table.row(number).flags & SEEN)

    def absent(self, kind: KindName) -> Iterator[Row]:
        """What Assets knows and Entra, or the filter, no longer has."""
        return (row for row in self.tables[kind].rows() if row.object_id and not row.flags & SEEN)

    def known(self, kind: KindName) -> int:
        """How many objects Assets knows that are not `Left`: what the brake measures against."""
        rows = self.tables[kind].rows()
        return sum(1 for row in rows if row.object_id and not row.flags & LEFT)

    def _compared(
        self, shape: Shape, reading: Reading, number: int, row: Row, groups: frozenset[bytes] | None
    ) -> bool:
        changed = row.digest != reading.digest
        cleared = row.filled & ~reading.filled
        moved, lost, target = self._retargeted(shape, reading, row)
        regrouped = groups is not None and self._many(shape, groups) != row.many
        self.memberships_changed |= regrouped
        if target is not None:
            waiting = None if changed or regrouped else reading
            self._pending.append(Pending(shape, number, target, waiting))
        if cleared or lost:
            self._clear(shape, row, cleared, target=lost)
        if changed or moved or lost or regrouped:
            self._count_update(shape, reading, f"update {cleared} {lost} {regrouped}")
        elif target is None:
            self.counts.unchanged += 1
        row.flags |= SEEN
        row.digest = sight(reading)
        self.tables[shape.kind.name].put(number, row)
        return changed or moved

    def _retargeted(
        self, shape: Shape, reading: Reading, row: Row
    ) -> tuple[bool, bool, bytes | None]:
        """Whether the reference moved, whether it is to be emptied, and whom it waits for."""
        if shape.single is None:
            return False, False, None
        if reading.target is None:
            return False, row.target_id != 0, None
        key = key_of(reading.target)
        found = self._find_target(shape, key)
        if found is None:
            return False, False, key
        return found.object_id != row.target_id or not found.object_id, False, None

    def _find_target(self, shape: Shape, key: bytes) -> Row | None:
        table = self.tables[shape.single.target] if shape.single else None
        number = table.find(key) if table is not None else None
        return table.row(number) if table is not None and number is not None else None

    def _unresolved(self, waiting: Pending, row: Row) -> None:
        """Whom it points to is not imported: the reference is to be empty."""
        if row.target_id:
            self._clear(waiting.shape, row, 0, target=True)
            if waiting.reading is not None:
                self._count_update(waiting.shape, waiting.reading, "lost")
        elif waiting.reading is not None:
            self.counts.unchanged += 1

    def _many(self, shape: Shape, groups: frozenset[bytes]) -> bytes:
        if shape.many is None or not groups:
            return NO_MANY
        table = self.tables[shape.many.target]
        rows = [table.row(number) for key in groups if (number := table.find(key)) is not None]
        if any(row.flags & CREATED for row in rows):
            return b"create"
        return set_digest(frozenset(row.object_id for row in rows))

    def _clear(self, shape: Shape, row: Row, places: int, *, target: bool) -> None:
        name = shape.kind.name
        self.clearings.append(Clearing(name, row.object_id, places, target))
        if target and not row.flags & LEFT:
            self.unassigned[name] = self.unassigned.get(name, 0) + 1

    def _repeated(self, shape: Shape, reading: Reading, row: Row) -> None:
        """The last one wins; the first may be in Assets' hands, so it is put right later."""
        if row.digest != sight(reading):
            self.late[reading.key] = (shape, reading)
            self._sign(shape, reading, "late")
        elif reading.key in self.late:
            del self.late[reading.key]

    def _count_update(self, shape: Shape, reading: Reading, action: str) -> None:
        self.counts.update += 1
        self._sign(shape, reading, action)

    def _sign(self, shape: Shape, reading: Reading, action: str) -> None:
        text = f"{shape.kind.name} {action} ".encode() + reading.key + sight(reading)
        number = int.from_bytes(blake2b(text, digest_size=16).digest(), "big")
        self.signature = (self.signature + number) % 2**128

    def _flag(self, kind: KindName, entra_id: str, flag: int) -> None:
        table = self.tables[kind]
        number = table.find(key_of(entra_id))
        if number is not None:
            row = table.row(number)
            row.flags = (row.flags | flag) & ~SEEN
            table.put(number, row)
