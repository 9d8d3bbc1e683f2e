"""The plan: what a run would change, worked out record by record while Graph is read. Pure.

Nothing is written from here. A preview is this plan; the brake judges it before the first write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.imports.kinds.entries import Reading, Shape, key_of
from app.imports.kinds.table import KindName
from app.imports.planning.changes import (
    NO_MANY,
    NO_SIGHT,
    Counts,
    Pending,
    Signature,
    created,
    sight,
)
from app.imports.planning.known import (
    COUNTED,
    CREATED,
    FILTERED,
    READ,
    SAME,
    SEEN,
    KnownTable,
    Row,
)
from app.imports.planning.losses import Losses
from app.imports.planning.restricted import Restricted
from app.imports.planning.targets import find_target, many_of, retargeted
from app.imports.planning.watching import NobodyWatches, Watch

Groups = frozenset[bytes] | None


@dataclass
class Plan:
    """`tables` holds what is known of each kind asked and of each kind these point to.

    `late` is what came again in other words, by kind and row: it is put right after the import.
    `restricted` are people whose objects stay as they are, whatever Entra says.
    """

    tables: Mapping[KindName, KnownTable]
    restricted: Restricted = field(default_factory=Restricted)
    counts: Counts = field(default_factory=Counts)
    losses: Losses = field(default_factory=Losses)
    late: dict[tuple[KindName, int], tuple[Shape, Reading]] = field(default_factory=dict)
    memberships_changed: bool = False
    watch: Watch = field(default_factory=NobodyWatches)
    _signature: Signature = field(default_factory=Signature)
    _pending: list[Pending] = field(default_factory=list)

    def see(self, shape: Shape, reading: Reading, groups: Groups = None) -> bool | None:
        """Compare one record with what is known. True: its entry has to be sent; None: it came
        before in this run.

        `groups` are the keys of the person's groups, None where memberships are not filled.
        """
        table = self.tables[shape.kind.name]
        number = table.find(reading.key)
        if number is None:
            new = created(reading)
            table.add(new)
            self.counts.create += 1
            self.memberships_changed |= bool(groups)
            self._signature.add(shape, reading, "create", new.digest, groups or ())
            self.watch.created(shape, reading)
            return True
        row = table.row(number)
        if row.flags & READ:
            self._repeated(shape, reading, number, row, groups)
            return None
        return self._compared(shape, reading, number, row, groups)

    def out_of_filter(self, kind: KindName, entra_id: str) -> None:
        """Still in Entra, but not to be imported: a leaver if known, and never "gone for good"."""
        self._flag(kind, entra_id, FILTERED)
        self.counts.skipped += 1

    def removed(self, kind: KindName, entra_id: str) -> None:
        """Graph says it is no longer there, even if an earlier page named it."""
        self._flag(kind, entra_id, 0)

    def settle(self) -> Iterator[tuple[Shape, Reading]]:
        """After the last record: decide what waited for somebody to come. Gives what to send."""
        for waiting in self._pending:
            shape, reading = waiting.shape, waiting.reading
            row = self.tables[shape.kind.name].row(waiting.number)
            if (shape.kind.name, waiting.number) in self.late or not row.flags & SEEN:
                continue
            if find_target(self.tables, shape, waiting.target) is None:
                self._unresolved(waiting, row)
            elif reading is not None:
                self._count_update(shape, reading, "retarget")
                yield shape, reading
        self._pending.clear()
        for (_, number), (shape, reading) in self.late.items():
            self._settle_late(shape, reading, number)

    def digest(self, *more: object) -> str:
        """The same for two plans that would change the same things, in whatever order they came."""
        return self._signature.digest(*more)

    def seen(self, kind: KindName, entra_id: str) -> bool:
        table = self.tables[kind]
        number = table.find(key_of(entra_id))
        return number is not None and bool(table.row(number).flags & SEEN)

    def absent(self, kind: KindName) -> Iterator[Row]:
        """What Assets knows and Entra, or the filter, no longer has. Nobody restricted."""
        unseen = self.tables[kind].unseen()
        return (row for row in unseen if not self.restricted.holds(kind, row.key))

    def known(self, kind: KindName) -> int:
        """How many objects Assets knows that are not `Left`: what the brake measures against."""
        return self.tables[kind].standing()

    def _compared(
        self, shape: Shape, reading: Reading, number: int, row: Row, groups: Groups
    ) -> bool:
        changed = row.digest != reading.digest
        cleared = row.filled & ~reading.filled
        moved, lost, target = retargeted(self.tables, shape, reading, row)
        regrouped = self._regrouped(shape, number, row, groups)
        if target is not None:
            waiting = None if changed or regrouped else reading
            self._pending.append(Pending(shape, number, target, waiting))
        self.losses.note(shape.kind.name, number, row, places=cleared, target=lost)
        if changed or moved or lost or regrouped:
            action = f"update {cleared} {lost} {regrouped}"
            self._count_update(shape, reading, action, groups if regrouped else None)
            row.flags |= COUNTED
        elif target is None:
            self.counts.unchanged += 1
            row.flags |= SAME
        row.flags |= SEEN | READ
        row.digest = sight(reading)
        self.tables[shape.kind.name].put(number, row)
        return changed or moved

    def _unresolved(self, waiting: Pending, row: Row) -> None:
        """Whom it points to is not imported: the reference is to be empty."""
        if row.target_id:
            self.losses.note(waiting.shape.kind.name, waiting.number, row, target=True)
            if waiting.reading is not None:
                self._count_update(waiting.shape, waiting.reading, "lost")
        elif waiting.reading is not None:
            self.counts.unchanged += 1

    def _regrouped(self, shape: Shape, number: int, row: Row, groups: Groups) -> bool:
        if groups is None:
            return False
        many = many_of(self.tables, shape, groups)
        if many == row.many:
            return False
        self.memberships_changed = True
        self.losses.note(shape.kind.name, number, row, groups=many == NO_MANY)
        return True

    def _repeated(
        self, shape: Shape, reading: Reading, number: int, row: Row, groups: Groups
    ) -> None:
        """The last one wins; the first may be in Assets' hands, so it is put right later."""
        name = shape.kind.name
        if not row.flags & SEEN:  # taken away meanwhile: whatever was noted of it is forgotten
            row.flags, row.digest = row.flags | SEEN, NO_SIGHT
            self.tables[name].put(number, row)
            self._regrouped(shape, number, row, groups)
        if row.digest != sight(reading):
            self.late[name, number] = (shape, reading)
        else:
            self.late.pop((name, number), None)

    def _settle_late(self, shape: Shape, reading: Reading, number: int) -> None:
        """Count it by what is written in the end, whatever its first sight was counted as."""
        name = shape.kind.name
        row = self.tables[name].row(number)
        self._signature.add(shape, reading, "late")
        if row.flags & CREATED:
            return
        target = reading.target
        lost = shape.single is not None and row.target_id != 0
        lost = lost and (target is None or find_target(self.tables, shape, key_of(target)) is None)
        self.losses.take_back(name, number, groups=False)
        self.losses.note(name, number, row, places=row.filled & ~reading.filled, target=lost)
        self.counts.unchanged -= bool(row.flags & SAME)
        if not row.flags & COUNTED:
            self.counts.update += 1
            self.watch.updated(shape, reading)

    def _count_update(
        self, shape: Shape, reading: Reading, action: str, groups: Groups = None
    ) -> None:
        self.counts.update += 1
        self.watch.updated(shape, reading)
        self._signature.add(shape, reading, action, groups=groups or ())

    def _flag(self, kind: KindName, entra_id: str, flag: int) -> None:
        table = self.tables[kind]
        number = table.find(key_of(entra_id))
        if number is not None:
            row = table.row(number)
            self.counts.unchanged -= bool(row.flags & SAME)
            row.flags = (row.flags | flag) & ~(SEEN | SAME)
            table.put(number, row)
            self.late.pop((kind, number), None)
            self.losses.take_back(kind, number, groups=True)
