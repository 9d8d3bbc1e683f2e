"""The pointers of one instance, in its reference: read, and moved by one conditional write."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from app.instances.directory import Directory
from app.instances.reference import InstanceReference
from app.instances.table import Absent, Change, Condition, Equals, InstanceTable, Path
from app.vault.ports import NOTHING_BESIDE, Beside, PartKey, Pointed, Standing
from app.words import Generation, InstanceId

_NOTHING: Final = Pointed(Generation(""), "erased", {})


class InstancePointers:
    """`app.vault.ports.Pointers`. With a directory, `read` may be three seconds old."""

    def __init__(
        self, table: InstanceTable, instance_id: InstanceId, directory: Directory | None = None
    ) -> None:
        self._table = table
        self._instance_id = instance_id
        self._directory = directory
        self._last: tuple[InstanceReference | None, Pointed] = (None, _NOTHING)

    def read(self) -> Pointed:
        if self._directory is None:
            return self.read_now()
        return self._of(self._directory.find(self._instance_id))

    def read_now(self) -> Pointed:
        if self._directory is None:
            return self._of(self._table.read(self._instance_id))
        return self._of(self._directory.fresh(self._instance_id))

    def flip(
        self,
        generation: Generation,
        stand: Mapping[str, Standing],
        moves: Mapping[str, PartKey],
        removes: Collection[str] = (),
        beside: Beside = NOTHING_BESIDE,
    ) -> bool:
        conditions: list[Condition] = [
            Equals(("generation",), generation),
            Equals(("state",), "installed"),
            *(each for name, standing in stand.items() for each in _still(name, standing)),
        ]
        values: dict[Path, Any] = {_at(name): vars(entry) for name, entry in moves.items()}
        values |= {(name,): text for name, text in beside.items() if text is not None}
        gone = [_at(name) for name in removes]
        gone += [(name,) for name, text in beside.items() if text is None]
        change = Change(values, gone, conditions)
        try:
            return self._table.change(self._instance_id, change) is not None
        finally:
            # Whatever came of it, and also if nobody knows: this process looks again.
            if self._directory is not None:
                self._directory.forget(self._instance_id)

    def _of(self, reference: InstanceReference | None) -> Pointed:
        # A page opens several documents of one reference: its pointers are parsed once.
        last, pointed = self._last
        if reference is last:
            return pointed
        pointed = _NOTHING if reference is None else _pointed(reference)
        self._last = (reference, pointed)
        return pointed


def _at(document: str) -> Path:
    return ("part_keys", document)


def _still(document: str, standing: Standing) -> Iterator[Condition]:
    if standing is None:
        yield Absent(_at(document))
    elif isinstance(standing, PartKey):
        yield Equals(_at(document), vars(standing))
    else:
        yield Equals((*_at(document), "version"), standing)


def _pointed(reference: InstanceReference) -> Pointed:
    entries = {name: _part_key(entry) for name, entry in reference.part_keys.items()}
    return Pointed(reference.generation, reference.state, entries)


def _part_key(entry: Mapping[str, Any]) -> PartKey:
    """Of a damaged entry what is left of it: it is set, and does not open."""
    version, string_version, key_id = (
        str(entry.get(name, "")) for name in ("version", "string_version", "key_id")
    )
    wrapped = entry.get("wrapped")
    return PartKey(version, string_version, key_id, wrapped if isinstance(wrapped, bytes) else b"")
