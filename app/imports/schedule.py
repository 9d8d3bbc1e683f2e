"""When the next import is due, in the administrator's time zone, and the tick that starts it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from app.errors import Clash
from app.imports.connections import Connections
from app.imports.desk import ImportDesk
from app.imports.standing import is_open
from app.instances.reference import InstanceReference, stamp
from app.instances.table import Change, Equals, InstanceTable, Path
from app.site_settings.documents import Schedule

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DUE: Final = ("import_due_at",)
Chore = Callable[[InstanceReference, datetime], None]  # never raises an AppError
_log = structlog.get_logger()


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


class Scheduler:
    """One tick a minute. A time that was missed is caught up once, however often it was missed;
    while another run is open it waits for that run's end.

    `licensed` says, without anybody's call, whether the site has a licence for the app. `chores`
    are done for each installed instance at each tick.
    """

    def __init__(
        self,
        table: InstanceTable,
        connections: Connections,
        desk: ImportDesk,
        licensed: Callable[[InstanceReference], bool] = lambda _: True,
        chores: Sequence[Chore] = (),
    ) -> None:
        self._table = table
        self._connections = connections
        self._desk = desk
        self._licensed = licensed
        self._chores = chores

    def tick(self, now: datetime) -> int:
        """Start every import that is due, end what stalled. Gives how many were started."""
        started = 0
        for instance in self._table.all():
            if instance.state != "installed":
                continue
            try:
                current = self._desk.sweep(instance)
                due = instance.import_due_at is not None and instance.import_due_at <= stamp(now)
                if due and not is_open(current):
                    started += self._start(instance, now)
            except Exception as failure:  # noqa: BLE001 - one instance must not stop the others
                _log.warning("scheduled import not started", error=type(failure).__name__)
            self._do_chores(instance, now)
        return started

    def _do_chores(self, instance: InstanceReference, now: datetime) -> None:
        for chore in self._chores:
            try:
                chore(instance, now)
            except Exception as bug:  # noqa: BLE001 - one instance must not stop the others
                _log.error("chore failed", error=type(bug).__name__)

    def reschedule(
        self, instance: InstanceReference, schedule: Schedule | None, now: datetime
    ) -> None:
        """Set or remove the next due time, when the part `import` was saved or forgotten."""
        due: dict[Path, str] = {_DUE: stamp(due_after(schedule, now))} if schedule else {}
        change = Change(
            set=due,
            remove=() if due else (_DUE,),
            conditions=[
                Equals(("state",), "installed"),
                Equals(("generation",), instance.generation),
            ],
        )
        self._table.change(instance.instance_id, change)

    def _start(self, instance: InstanceReference, now: datetime) -> bool:
        schedule = self._connections.rules(instance).schedule
        new: dict[Path, str] = {_DUE: stamp(due_after(schedule, now))} if schedule else {}
        change = Change(
            set=new,
            remove=() if new else (_DUE,),
            conditions=[
                Equals(("generation",), instance.generation),
                Equals(_DUE, instance.import_due_at),
            ],
        )
        # Whoever moves the time starts the run: two ticks at once start one.
        if self._table.change(instance.instance_id, change) is None or schedule is None:
            return False
        if not self._licensed(instance):
            self._desk.skip(instance, "delta", "licence")
            return False
        try:
            self._desk.start(instance, {"mode": "delta"})
        except Clash as clash:
            self._note(instance, clash)
            raise
        return True

    def _note(self, instance: InstanceReference, clash: Clash) -> None:
        """Let administrators see why no run came."""
        lacking = {problem.field for problem in clash.problems}
        if lacking:
            reason = "consent_withdrawn" if lacking == {"consent"} else "not_set_up"
            self._desk.skip(instance, "delta", reason)
