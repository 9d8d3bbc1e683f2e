"""How a row of any table is added and changed, so that the journal knows of it."""

from typing import Any

from sandbox.directory.journal import EVERYTHING, Change
from sandbox.directory.state import State
from sandbox.directory.table import Table


class NotInDirectory(KeyError):
    """There is no such object, or not in the state that the change needs."""


class Changing(State):
    """State whose rows can be changed."""

    def _add(self, table: Table, values: dict[str, Any]) -> str:
        with self.lock:
            added = table.add(values)
            self._note(table.kind, added, EVERYTHING)
            return added

    def _change(self, table: Table, object_id: str, values: dict[str, Any]) -> None:
        with self.lock:
            self._need(table, object_id)
            self._note(table.kind, object_id, table.change(object_id, values))

    def _note(self, kind: str, object_id: str, fields: frozenset[str]) -> None:
        self.journal.note(Change(kind, object_id, fields))

    def _need(self, table: Table, object_id: str) -> None:
        if object_id not in table:
            raise NotInDirectory(object_id)
