"""The tick that starts what is due, ends what stalled and looks after every instance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.errors import AppError, Clash
from app.imports.desk.crew import Crew, OneByOne
from app.imports.desk.desk import ImportDesk
from app.imports.run.connections import Connections
from app.imports.run.due import DueTime, due_after, is_due
from app.imports.run.standing import is_open
from app.instances.reference import InstanceReference, stamp
from app.instances.table import EVERYTHING, Change, Equals, InstanceTable, Share

ROUND: Final = 5  # ticks until each instance has been looked after
# A site that does not answer is asked again then: each minute, the silent ones would be in the way.
ASKED_AGAIN: Final = timedelta(minutes=15)
Chore = Callable[[InstanceReference, datetime], None]  # never raises an AppError
_log = structlog.get_logger()


def share_of(now: datetime) -> Share:
    """Whom the tick of this minute looks after, where one comes each minute."""
    return Share(now.minute % ROUND, ROUND)


class Scheduler:
    """One tick a minute. A time that was missed is caught up once, however often it was missed;
    while another run is open it waits for that run's end.

    What is due is found through an index, in order; whom it misses is found when all are looked
    after. `licensed` says, without anybody's call, whether the site has a licence for the app.
    `chores` are done for each installed instance that is looked after, `watch` for silent ones too.
    """

    def __init__(
        self,
        table: InstanceTable,
        connections: Connections,
        desk: ImportDesk,
        licensed: Callable[[InstanceReference], bool] = lambda _: True,
        chores: Sequence[Chore] = (),
        watch: Chore = lambda *_: None,
        *,
        region: str = "",
        crew: Crew | None = None,
    ) -> None:
        self._table = table
        self._connections = connections
        self._desk = desk
        self._licensed = licensed
        self._chores = chores
        self._watch = watch
        self._region = region
        self._crew = crew or OneByOne()

    def tick(self, now: datetime, share: Share = EVERYTHING) -> int:
        """Start every import that is due, look after a share. Gives how many were started.

        Raises ServiceUnreachable when the table cannot be read through.
        """
        due = self._table.due(self._region, stamp(now))
        started = self._crew.each(lambda each: self._begin(each, now), due)
        everyone = self._table.all(share)
        return started + self._crew.each(lambda each: self._look_after(each, now), everyone)

    def _look_after(self, instance: InstanceReference, now: datetime) -> int:
        if instance.is_alive:
            self._do(self._watch, instance, now)
        started = self._begin(instance, now)
        for chore in self._chores if instance.state == "installed" else ():
            self._do(chore, instance, now)
        return started

    def _do(self, chore: Chore, instance: InstanceReference, now: datetime) -> None:
        try:
            chore(instance, now)
        except Exception as bug:  # noqa: BLE001 - one instance must not stop the others
            _log.error("chore failed", error=type(bug).__name__)

    def _begin(self, instance: InstanceReference, now: datetime) -> int:
        """End what stalled; start what is due. Gives 1 for a start. Never raises."""
        if instance.state != "installed":
            return 0
        try:
            current = self._desk.sweep(instance)
            if is_due(instance, now) and not is_open(current):
                return int(self._start(instance, now))
        except Exception as failure:  # noqa: BLE001 - one instance must not stop the others
            named = {"instance_id": instance.instance_id, "error": type(failure).__name__}
            _log.warning("scheduled import not started", **named)
        return 0

    def _start(self, instance: InstanceReference, now: datetime) -> bool:
        try:
            schedule = self._connections.rules(instance).schedule
            following = due_after(schedule, now) if schedule else None
            due = DueTime(instance.import_due_at, following)
            if schedule is None:
                self._move(instance, due)
                return False
            return self._start_or_skip(instance, due)
        except Clash:
            raise
        except AppError:
            # Nothing was started, or the due time has moved with the run and this changes nothing.
            self._move(instance, DueTime(instance.import_due_at, now + ASKED_AGAIN))
            raise

    def _start_or_skip(self, instance: InstanceReference, due: DueTime) -> bool:
        if not self._licensed(instance):
            self._skip(instance, due, "licence")
            return False
        try:
            self._desk.start(instance, {"mode": "delta"}, due)
        except Clash as clash:
            # Let administrators see why no run came.
            lacking = {problem.field for problem in clash.problems}
            if lacking:
                reason = "consent_withdrawn" if lacking == {"consent"} else "not_set_up"
                self._skip(instance, due, reason)
            raise
        return True

    def _skip(self, instance: InstanceReference, due: DueTime, reason: str) -> None:
        if self._move(instance, due):
            self._desk.skip(instance, "delta", reason)

    def _move(self, instance: InstanceReference, due: DueTime) -> bool:
        """False: somebody else moved it. Of two ticks at once one starts or skips."""
        alive = Change(conditions=[Equals(("generation",), instance.generation)])
        return self._table.change(instance.instance_id, due.moved(alive)) is not None
