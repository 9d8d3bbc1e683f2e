"""Rows of one kind of object, kept as short lists: 100,000 people fit in little memory.

A value is None when Entra has none. Whether it was cleared or never set is remembered apart,
because a delta answer tells the two from each other and a list does not.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Row = list[Any]


class Table:
    """`columns` are Graph property names, `id` first. `order` only grows: places never move."""

    def __init__(self, kind: str, columns: Iterable[str]) -> None:
        self.kind = kind
        self.columns = tuple(columns)
        self.place = {name: number for number, name in enumerate(self.columns)}
        self.rows: dict[str, Row] = {}
        self.order: list[str] = []
        self._cleared: dict[str, set[str]] = {}
        self._known: set[str] = set()

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, object_id: str) -> bool:
        return object_id in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def put(self, row: Row) -> str:
        """Add a row that is in the order of the columns. Its place stays its own for ever."""
        object_id: str = row[0]
        self.rows[object_id] = row
        if object_id not in self._known:
            self._known.add(object_id)
            self.order.append(object_id)
        return object_id

    def add(self, values: Mapping[str, Any]) -> str:
        """Add a row by property names; what is not named was never set."""
        return self.put([values.get(name) for name in self.columns])

    def take(self, object_id: str) -> Row:
        """Remove a row and give it; its place stays empty until it comes back."""
        return self.rows.pop(object_id)

    def value(self, object_id: str, name: str) -> Any:
        """One property; None for a property that this table does not hold."""
        place = self.place.get(name)
        return None if place is None else self.rows[object_id][place]

    def as_dict(self, object_id: str) -> dict[str, Any]:
        """A whole row by property names."""
        return dict(zip(self.columns, self.rows[object_id], strict=True))

    def change(self, object_id: str, values: Mapping[str, Any]) -> frozenset[str]:
        """Set properties; gives the names of those that really changed. KeyError: no such one."""
        row = self.rows[object_id]
        changed = {name for name, value in values.items() if row[self.place[name]] != value}
        for name in changed:
            row[self.place[name]] = values[name]
            self._remember_clearing(object_id, name, values[name])
        return frozenset(changed)

    def was_cleared(self, object_id: str, name: str) -> bool:
        """Whether an empty property once had a value."""
        return name in self._cleared.get(object_id, ())

    def _remember_clearing(self, object_id: str, name: str, value: Any) -> None:
        if value is None:
            self._cleared.setdefault(object_id, set()).add(name)
        elif object_id in self._cleared:
            self._cleared[object_id].discard(name)
