"""An instance table in memory: thread-safe, conditional like DynamoDB, and strict about the list.

It refuses what DynamoDB refuses (a missing parent map, two paths that overlap, floats), so that a
rule that passes here does not fail there. It never evaluates more than one writer at a time.
"""

from __future__ import annotations

import copy
import threading
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Literal

from app.errors import OwnServiceUnreachable
from app.instances.reference import InstanceReference, check_attributes, paths_of
from app.instances.table import (
    EVERYTHING,
    Absent,
    AnyOf,
    AtMost,
    Change,
    Condition,
    Equals,
    OneOf,
    Path,
    Present,
    Share,
)
from app.words import InstanceId

_MISSING: Any = object()
Item = dict[str, Any]


class PathNotValid(RuntimeError):
    """A bug: DynamoDB answers such an update with a ValidationException."""


class InMemoryTable:
    """`calls` counts by method; `fail("change", "after")` makes that next call fail once."""

    def __init__(self) -> None:
        self.not_read: set[InstanceId] = set()
        self._items: dict[str, Item] = {}
        self._lock = threading.RLock()
        self._failures: list[tuple[str, str]] = []
        self.calls: Counter[str] = Counter()

    def fail(self, method: str, when: Literal["before", "after"]) -> None:
        """The next such call raises OwnServiceUnreachable, before or after it took effect."""
        self._failures.append((method, when))

    def read(self, instance_id: InstanceId) -> InstanceReference | None:
        with self._lock:
            self._begin("read")
            item = self._items.get(instance_id)
            self._end("read")
            return None if item is None else _reference(item)

    def create(self, reference: InstanceReference) -> bool:
        item = {f.name: getattr(reference, f.name) for f in fields(reference)}
        item = {name: value for name, value in item.items() if value is not None}
        check_attributes(paths_of({(name,): value for name, value in item.items()}))
        _check_storable(item)
        with self._lock:
            self._begin("create")
            free = reference.instance_id not in self._items
            if free:
                self._items[reference.instance_id] = _copied(item)
            self._end("create")
            return free

    def change(self, instance_id: InstanceId, change: Change) -> InstanceReference | None:
        check_attributes([*paths_of(change.set), *change.remove])
        _check_overlap([*change.set, *change.remove])
        with self._lock:
            self._begin("change")
            item = self._items.get(instance_id)
            parents = [Present(path[:-1]) for path in (*change.set, *change.remove) if path[1:]]
            conditions = [*parents, *change.conditions]
            if item is None or not all(_holds(item, each) for each in conditions):
                self._end("change")
                return None
            changed = _copied(item)
            _apply(changed, change)
            self._items[instance_id] = changed
            self._end("change")
            return _reference(changed)

    def by_installation(self, installation_id: str) -> InstanceReference | None:
        with self._lock:
            self._begin("by_installation")
            held = ("forge", installation_id)
            found = [
                _reference(item)
                for item in self._items.values()
                if (item["door"], item.get("installation_id")) == held
            ]
            self._end("by_installation")
        return found[0] if found else None

    def due(self, region: str, until: str) -> Iterator[InstanceReference]:
        with self._lock:
            self._begin("due")
            found = [
                _reference(item)
                for item in self._items.values()
                if item.get("region") == region and "" < item.get("import_due_at", "") <= until
            ]
            self._end("due")
        return iter(sorted(found, key=lambda each: each.import_due_at or ""))

    def all(self, share: Share = EVERYTHING) -> Iterator[InstanceReference]:
        with self._lock:
            self._begin("all")
            found = [
                _reference(item)
                for key, item in self._items.items()
                if zlib.crc32(key.encode()) % share.of == share.number
            ]
            self._end("all")
        return iter(found)

    def _begin(self, method: str) -> None:
        self.calls[method] += 1
        self._fail_if_asked(method, "before")

    def _end(self, method: str) -> None:
        self._fail_if_asked(method, "after")

    def _fail_if_asked(self, method: str, when: str) -> None:
        if (method, when) in self._failures:
            self._failures.remove((method, when))
            raise OwnServiceUnreachable("The table did not answer.")


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(each) for key, each in value.items()}
    return copy.deepcopy(value)


def _reference(item: Item) -> InstanceReference:
    return InstanceReference(**_copied(item))


def _apply(item: Item, change: Change) -> None:
    for path, value in change.set.items():
        if value is None:
            raise PathNotValid(f"{'/'.join(path)}: set to None; remove it instead")
        _check_storable(value)
        _parent(item, path)[path[-1]] = _copied(value)
    for path in change.remove:
        _parent(item, path).pop(path[-1], None)


def _parent(item: Item, path: Path) -> Item:
    place: Any = item
    for step in path[:-1]:
        if not isinstance(place, dict) or step not in place:
            raise PathNotValid("/".join(path))
        place = place[step]
    if not isinstance(place, dict):
        raise PathNotValid("/".join(path))
    return place


def _look(item: Item, path: Path) -> Any:
    place: Any = item
    for step in path:
        if not isinstance(place, dict) or step not in place:
            return _MISSING
        place = place[step]
    return place


def _holds(item: Item, condition: Condition) -> bool:
    if isinstance(condition, AnyOf):
        return any(_holds(item, each) for each in condition.conditions)
    found: Any = _look(item, condition.path)
    match condition:
        case Absent():
            return found is _MISSING
        case Present():
            return found is not _MISSING
        case Equals(value=value):
            return found is not _MISSING and type(found) is type(value) and bool(found == value)
        case OneOf(values=values):
            return found is not _MISSING and found in values
        case AtMost():
            limit: Any = condition.value
            return type(found) is type(limit) and bool(found <= limit)


def _check_overlap(paths: list[Path]) -> None:
    for place, first in enumerate(paths):
        for second in paths[place + 1 :]:
            shorter = min(len(first), len(second))
            if first[:shorter] == second[:shorter]:
                raise PathNotValid(f"{'/'.join(first)} overlaps {'/'.join(second)}")


def _check_storable(value: Any) -> None:
    if isinstance(value, Mapping):
        for each in value.values():
            _check_storable(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _check_storable(each)
    elif not (value is None or isinstance(value, str | int | bytes | bool)):
        raise PathNotValid(f"a {type(value).__name__} cannot be stored")
