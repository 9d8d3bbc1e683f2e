"""The record of a scheduled run that did not begin, so that administrators see why none came."""

from __future__ import annotations

from datetime import datetime

from app.errors import AppError
from app.imports.run.history import History, new_record
from app.instances.reference import stamp
from app.words import Json


def note_skipped(history: History, run_id: str, mode: str, reason: str, now: datetime) -> None:
    """Write it. Raises what the store raises.

    A note that is the newest record already is brought up to date instead: a month of skipped runs
    must not push the real ones out.
    """
    over = {"ended_at": stamp(now), "updated_at": stamp(now)}
    newest = _newest(history)
    if newest is not None and newest["reason"] == reason:
        history.put(newest | over, now)
        return
    record = new_record(run_id, mode, now)
    history.put(record | {"state": "cancelled", "phase": "ended", "reason": reason} | over, now)


def _newest(history: History) -> Json | None:
    try:
        records = history.read()
    except AppError:
        return None
    return max(records, key=lambda each: str(each["started_at"]), default=None)
