"""People who had the use of their data restricted: what Assets holds of them stays as it is. Pure.

They are neither made, changed, marked nor deleted, and nothing comes to point to them.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from app.imports.kinds.entries import Reading, Shape, key_of
from app.imports.kinds.table import KindName
from app.imports.planning.targets import Tables, find_target


class Restricted:
    """Known by the keys of their Entra ids."""

    def __init__(self, entra_ids: Iterable[str] = ()) -> None:
        self._keys = frozenset(key_of(each) for each in entra_ids)

    def holds(self, kind: KindName, key: bytes) -> bool:
        return kind == "person" and key in self._keys

    def spared(self, tables: Tables, shape: Shape, reading: Reading) -> Reading:
        """The record without a new reference to one of them; one that stands already stays."""
        if reading.target is None or shape.single is None or not self._keys:
            return reading
        target = key_of(reading.target)
        if not self.holds(shape.single.target, target):
            return reading
        found, table = find_target(tables, shape, target), tables[shape.kind.name]
        number = table.find(reading.key)
        stood = table.row(number).target_id if number is not None else None
        if found is not None and found.object_id == stood:
            return reading
        return replace(reading, target=None)
