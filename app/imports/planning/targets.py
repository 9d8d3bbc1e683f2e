"""What a record points to, looked up among what Assets holds and what this run makes. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from app.imports.kinds.entries import Reading, Shape, key_of
from app.imports.kinds.table import KindName
from app.imports.planning.changes import NO_MANY
from app.imports.planning.known import CREATED, KnownTable, Row, set_digest

Tables = Mapping[KindName, KnownTable]


def find_target(tables: Tables, shape: Shape, key: bytes) -> Row | None:
    table = tables[shape.single.target] if shape.single else None
    number = table.find(key) if table is not None else None
    return table.row(number) if table is not None and number is not None else None


def retargeted(
    tables: Tables, shape: Shape, reading: Reading, row: Row
) -> tuple[bool, bool, bytes | None]:
    """Whether the reference moved, whether it is to be emptied, and whom it waits for."""
    if shape.single is None:
        return False, False, None
    if reading.target is None:
        return False, row.target_id != 0, None
    key = key_of(reading.target)
    found = find_target(tables, shape, key)
    if found is None:
        return False, False, key
    return found.object_id != row.target_id or not found.object_id, False, None


def many_of(tables: Tables, shape: Shape, groups: frozenset[bytes]) -> bytes:
    """What stands for a set of groups, as a row keeps it."""
    if shape.many is None or not groups:
        return NO_MANY
    table = tables[shape.many.target]
    rows = [table.row(number) for key in groups if (number := table.find(key)) is not None]
    if any(row.flags & CREATED for row in rows):
        return b"create"
    return set_digest(frozenset(row.object_id for row in rows))
