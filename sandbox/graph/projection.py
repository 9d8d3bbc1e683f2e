"""Turns rows into Graph's JSON objects: exactly the properties that were asked for."""

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from sandbox.directory.table import Row, Table
from sandbox.graph.properties import COLLECTIONS


class Projection:
    """`names` start with `id`. In a list an unset property is null; in a delta it is absent."""

    def __init__(self, table: Table, names: tuple[str, ...]) -> None:
        self.names = names
        self._table = table
        self._held = tuple(name for name in names if name in table.place)
        self._absent: dict[str, Any] = {
            name: [] if name in COLLECTIONS else None for name in names if name not in table.place
        }
        self._pick = _picker([table.place[name] for name in self._held])

    def listed(self, object_id: str) -> dict[str, Any]:
        """An object as a list shows it."""
        shown = dict(zip(self._held, self._pick(self._table.rows[object_id]), strict=True))
        if self._absent:
            shown.update(self._absent)
        return shown

    def changed(self, object_id: str, only: frozenset[str] | None = None) -> dict[str, Any]:
        """An object as a delta shows it; `only` names the properties for return=minimal."""
        values = zip(self._held, self._pick(self._table.rows[object_id]), strict=True)
        return {
            name: value
            for name, value in values
            if (value is not None or self._table.was_cleared(object_id, name))
            and (only is None or name in only or name == "id")
        }


def _picker(places: list[int]) -> Callable[[Row], tuple[Any, ...]]:
    if len(places) == 1:
        only = places[0]
        return lambda row: (row[only],)
    return itemgetter(*places)
