"""The clock of a real process."""

from __future__ import annotations

from datetime import UTC, datetime

from app.words import Clock


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def clock_from(moment: datetime) -> Clock:
    """A clock that shows this moment now, and goes on from there. For the sandbox."""
    ahead = moment - utc_now()
    return lambda: utc_now() + ahead
