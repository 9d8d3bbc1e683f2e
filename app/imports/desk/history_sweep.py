"""Takes old runs out of the history, once a day, where no new run does it by being written."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, Protocol

from app.errors import AppError
from app.imports.run.connections import Connections
from app.imports.run.history import History
from app.instances.reference import InstanceReference

DOCUMENT: Final = "run-history"


class OncePerDay(Protocol):
    """Remembered by all processes together. Raises ServiceUnreachable."""

    def first(self, instance: InstanceReference, day: date) -> bool: ...


class HistorySweep:
    """A chore of the scheduler."""

    def __init__(self, connections: Connections, days: OncePerDay) -> None:
        self._connections = connections
        self._days = days

    def look(self, instance: InstanceReference, now: datetime) -> None:
        """Never raises an AppError: a site that does not answer is asked again tomorrow."""
        if DOCUMENT not in instance.part_keys or _is_at_work(instance):
            return  # a run writes its history itself, and takes old ones out
        try:
            if self._days.first(instance, now.date()):
                History(self._connections.history(instance)).forget_old(now)
        except AppError:
            return


def _is_at_work(instance: InstanceReference) -> bool:
    return (instance.run or {}).get("state") in ("queued", "running")
