"""The run in the instance reference: who may work on it, and how it ends.

    queued → running → succeeded | failed | cancelled
                     → braked → queued (released) | cancelled

Each step is one conditional write, so two starts make one run and two workers never share one.
`fence` is leg * 1000 + attempt: a message carries its leg, a worker its whole fence. `failures`
counts the attempts that failed: each does while it is worked on, because a worker that dies cannot
say so, and no more once its worker lets the run go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog

from app.imports.run.due import DueTime
from app.imports.run.ending import Ending
from app.imports.run.idle import overdue, waits_long
from app.instances.reference import InstanceReference, stamp
from app.instances.table import Absent, AnyOf, Change, Condition, Equals, InstanceTable, OneOf
from app.words import Clock, Generation, InstanceId

ENDED: Final = ("succeeded", "failed", "cancelled")
OPEN: Final = ("queued", "running", "braked")
LEASE: Final = timedelta(seconds=45)
ATTEMPTS: Final = 1000
_RUN: Final = ("run",)
_log = structlog.get_logger()


@dataclass(frozen=True)
class Hold:
    """What a worker holds while it works on a run: without it, no write of it counts.

    `failures`: how many attempts failed before this one.
    """

    instance_id: InstanceId
    generation: Generation
    run_id: str
    fence: int
    failures: int = 0


class Runs:
    """All methods raise ServiceUnreachable when the table does not answer."""

    def __init__(self, table: InstanceTable, clock: Clock) -> None:
        self.table = table
        self._clock = clock

    def claim(
        self,
        instance: InstanceReference,
        run_id: str,
        mode: str,
        digest: str,
        due: DueTime | None = None,
    ) -> InstanceReference | None:
        """Begin a run. None: another one is open, or the instance is not what it was.

        `due` moves in the same write, so that no due time passes without its run.
        """
        now = stamp(self._clock())
        run = {
            "id": run_id, "mode": mode, "state": "queued", "started": now, "lease": now,
            "fence": ATTEMPTS, "stop": "", "failures": 0, "harm": {}, "digest": digest,
        }  # fmt: skip
        free = AnyOf((Absent(_RUN), OneOf((*_RUN, "state"), ENDED)))
        change = Change(set={_RUN: run}, conditions=[*_alive(instance.generation), free])
        change = change if due is None else due.moved(change)
        claimed = self.table.change(instance.instance_id, change)
        return claimed or self._mine(instance.instance_id, run_id)

    def _mine(self, instance_id: InstanceId, run_id: str) -> InstanceReference | None:
        """The reference if this very run stands in it: a write repeated after a lost answer."""
        found = self.table.read(instance_id)
        run = found.run if found is not None else None
        return found if run is not None and run["id"] == run_id else None

    def send_again(self, instance: InstanceReference) -> bool:
        """Whether a queued run's message is to be put once more, by whoever asked first."""
        run = dict(instance.run or {})
        if not waits_long(run, self._clock()):
            return False
        hold = Hold(instance.instance_id, instance.generation, str(run["id"]), 0)  # nobody has it
        values = {"lease": stamp(self._clock())}
        as_it_was = [Equals((*_RUN, "lease"), run["lease"])]
        return self._set(hold, values, None, ("queued",), as_it_was) is not None

    def take(self, instance: InstanceReference, leg: int) -> Hold | None:
        """Take a queued run, or one whose worker is gone, for this process."""
        run = instance.run or {}
        fence, failures = int(run["fence"]), int(run["failures"])
        if not fence // ATTEMPTS == (fence + 1) // ATTEMPTS == leg:  # the next may be another leg's
            return None
        hold = Hold(instance.instance_id, instance.generation, str(run["id"]), fence + 1, failures)
        values = {"state": "running", "fence": fence + 1, **self._at_work(hold)}
        return hold if self._set(hold, values, fence, ("queued", "running")) is not None else None

    def renew(self, hold: Hold) -> bool:
        """Keep the run for a lease. False: it is not held any more."""
        return self._set(hold, self._at_work(hold), hold.fence, ("running",)) is not None

    def rest(self, hold: Hold, seconds: float, waits_for: str, *, forgiven: bool) -> None:
        """Keep the run until a wait is over. `forgiven`: whoever takes it then may begin again.

        `waits_for` is a code, and shows: it stands here because the history may not be writable.
        """
        values = {"lease": self._lease(timedelta(seconds=seconds)), "stop": waits_for}
        counted = {"failures": hold.failures + (not forgiven)}
        self._set(hold, {**values, **counted}, hold.fence, ("running",))

    def let_go(self, hold: Hold, *, forgiven: bool = True) -> None:
        """Give the run to whoever takes it next."""
        self.rest(hold, 0.0, "", forgiven=forgiven)

    def _at_work(self, hold: Hold) -> dict[str, Any]:
        return {"lease": self._lease(LEASE), "stop": "", "failures": hold.failures + 1}

    def finish(self, hold: Hold, ending: Ending) -> InstanceReference | None:
        values: dict[str, Any] = {
            "state": ending.state,
            "stop": ending.reason or "",
            "lease": stamp(self._clock()),
            "failures": hold.failures + (ending.state == "failed"),
        }
        if ending.harm:
            values["harm"] = dict(ending.harm)
        if ending.digest:
            values["digest"] = ending.digest
        return self._set(hold, values, hold.fence, ("running",))

    def stumbled(self, instance: InstanceReference, failures: int) -> None:
        """Count a failure that came before any leg held the run."""
        run = instance.run or {}
        hold = Hold(instance.instance_id, instance.generation, str(run["id"]), int(run["fence"]))
        self._set(hold, {"failures": failures}, hold.fence, ("queued", "running"))

    def end(self, instance: InstanceReference, state: str, reason: str) -> InstanceReference | None:
        """End an open run from outside; whoever works on it notices before its next call."""
        run = instance.run or {}
        hold = Hold(instance.instance_id, instance.generation, str(run["id"]), 0)  # whoever has it
        values = {"state": state, "stop": reason, "lease": stamp(self._clock())}
        ended = self._set(hold, values, None, OPEN)
        if ended is not None and reason == "no_progress":
            named = {"instance_id": hold.instance_id, "run_id": hold.run_id}
            _log.error("alarm", kind="import_stalled", reason=reason, **named)
        return ended

    def release(self, instance: InstanceReference) -> InstanceReference | None:
        """Let a braked run go on: a new leg, which accepts the harm that was shown."""
        run = instance.run or {}
        leg = int(run["fence"]) // ATTEMPTS + 1
        hold = Hold(instance.instance_id, instance.generation, str(run["id"]), int(run["fence"]))
        now = stamp(self._clock())
        # `started` anew: the six hours do not count the days it waited for a decision.
        values = {
            "state": "queued", "stop": "", "started": now, "lease": now, "failures": 0,
            "fence": leg * ATTEMPTS,
        }  # fmt: skip
        return self._set(hold, values, hold.fence, ("braked",))

    def overdue(self, instance: InstanceReference) -> tuple[str, str] | None:
        """State and reason for a run that nobody works on any more; None: all is well."""
        return overdue(dict(instance.run or {}), self._clock())

    def _lease(self, length: timedelta) -> str:
        return stamp(self._clock() + length)

    def _set(
        self,
        hold: Hold,
        values: Mapping[str, Any],
        fence: int | None,
        states: Sequence[str],
        more: Sequence[Condition] = (),
    ) -> InstanceReference | None:
        conditions: list[Condition] = [
            *more,
            *_alive(hold.generation),
            Equals((*_RUN, "id"), hold.run_id),
            OneOf((*_RUN, "state"), tuple(states)),
        ]
        if fence is not None:
            conditions.append(Equals((*_RUN, "fence"), fence))
        paths: dict[tuple[str, ...], Any] = {(*_RUN, name): value for name, value in values.items()}
        return self.table.change(hold.instance_id, Change(set=paths, conditions=conditions))


def _alive(generation: Generation) -> list[Condition]:
    return [Equals(("state",), "installed"), Equals(("generation",), generation)]
