"""What a run tells while it works: phase, progress, counts. Written seldom, never in its way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog

from app.errors import AppError
from app.imports.planning.changes import Counts
from app.imports.run.additions import kept
from app.imports.run.history import History
from app.instances.reference import stamp
from app.words import Clock, Json

SELDOM: Final = timedelta(seconds=2)
_log = structlog.get_logger()


class Report:
    """One run's record. A history that cannot be written does not stop a run: it says so once."""

    def __init__(self, history: History, record: Json, clock: Clock) -> None:
        self.record = record
        self._history = history
        self._clock = clock
        self._written: datetime | None = None

    def way(self, ran_as: str, why: str) -> None:
        """Which way the run went: `delta` or `full`, and then a code of WHY_FULL."""
        self.record |= {"ran_as": ran_as, "ran_because": why or None}

    def phase(self, name: str, total: int = 0) -> None:
        """A new phase begins; `total` is an estimate, 0 if nobody knows."""
        self.record["phase"] = name
        self.record["progress"] = {"done": 0, "total": total}
        self.write()

    def advance(self, done: int = 1) -> None:
        progress = self.record["progress"]
        progress["done"] += done
        progress["total"] = max(progress["total"], progress["done"])
        if self._written is None or self._clock() - self._written >= SELDOM:
            self.write()

    def counts(self, counts: Counts) -> None:
        self.record["counts"] = {
            "create": counts.create,
            "update": counts.update,
            "unchanged": counts.unchanged,
            "leavers": counts.leavers,
            "skipped": counts.skipped,
            "failed": counts.failed,
        }

    def execution(self, execution_id: str | None) -> None:
        """Remember which execution in Assets is ours, until it has ended."""
        self.record["execution"] = execution_id
        self.write()

    def closing(self, state: str, more: str) -> None:
        """The last numbers, before anybody is told that the run has ended."""
        self.record["more"] = kept(more)
        if state == "succeeded":
            # The total was an estimate; now all is done, and done is how much it was.
            self.record["progress"]["total"] = self.record["progress"]["done"]
        self.write()

    def ended(self, state: str, reason: str | None, more: str = "") -> None:
        now = stamp(self._clock())
        self.record |= {"state": state, "reason": reason, "more": kept(more)}
        if state != "braked":
            self.record |= {"phase": "ended", "ended_at": now}
        self.write()

    def write(self) -> None:
        now = self._clock()
        self._written = now
        self.record["updated_at"] = stamp(now)
        try:
            self._history.put(self.record, now)
        except AppError:
            _log.warning("run history not written", run_id=self.record["id"])
