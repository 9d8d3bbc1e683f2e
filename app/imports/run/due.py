"""When the next import is due, in the administrator's time zone, and how a due time moves. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.instances.reference import InstanceReference, stamp
from app.instances.table import Change, Equals, Path
from app.site_settings.documents import Schedule

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DUE: Final = ("import_due_at",)


def due_after(schedule: Schedule, now: datetime) -> datetime:
    """The first due time after `now`, in UTC. Hourly runs take the minute of `at` on the wall.

    A wall time that a clock change skips counts as the moment after the gap; one that comes twice
    is due the first time only.
    """
    zone = ZoneInfo(schedule.time_zone)
    at = time.fromisoformat(schedule.at)
    if schedule.every == "hour":
        # Of the clock on the wall: some zones are half an hour beside the others.
        ahead = (now.astimezone(zone).utcoffset() or timedelta()) // timedelta(minutes=1)
        minute = (at.minute - ahead) % 60
        whole = now.astimezone(UTC).replace(minute=minute, second=0, microsecond=0)
        return whole if whole > now else whole + timedelta(hours=1)
    day = now.astimezone(zone).date() - timedelta(days=1)
    while True:
        wanted = schedule.every == "day" or DAYS[day.weekday()] == (schedule.day or "mon")
        due = datetime.combine(day, at, zone).astimezone(UTC)
        if wanted and due > now:
            return due
        day += timedelta(days=1)


def is_due(instance: InstanceReference, now: datetime) -> bool:
    return instance.import_due_at is not None and instance.import_due_at <= stamp(now)


def set_due(due: datetime | None) -> Change:
    """A change that sets the due time, or removes it."""
    wanted: Mapping[Path, Any] = {_DUE: stamp(due)} if due is not None else {}
    return Change(set=wanted, remove=() if wanted else (_DUE,))


def due_beside(schedule: Schedule | None, now: datetime) -> Mapping[str, str | None]:
    """The due time as it goes with the pointer of the settings that it comes from, in one write:
    no schedule is shown that nobody keeps."""
    (name,) = _DUE
    return {name: stamp(due_after(schedule, now)) if schedule else None}


@dataclass(frozen=True)
class DueTime:
    """A due time as somebody read it, and the one after it. None: there is none."""

    was: str | None
    following: datetime | None

    def moved(self, change: Change) -> Change:
        """The change, which then counts only where the due time is as it was, and moves it."""
        over = set_due(self.following)
        return replace(
            change,
            set={**change.set, **over.set},
            remove=(*change.remove, *over.remove),
            conditions=(*change.conditions, Equals(_DUE, self.was)),
        )
