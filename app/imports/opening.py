"""Opens what one leg needs: rules, services, history, guard. Closes over them in its steps."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime

from app.errors import AppError
from app.imports.guard import Guard
from app.imports.history import History, new_record
from app.imports.leg import Ending, run_leg
from app.imports.patience import Patience, RunEnds, Wait
from app.imports.ports import Connections
from app.imports.report import Report
from app.imports.runs import DEADLINE, Hold
from app.imports.work import Work
from app.instances.reference import InstanceReference
from app.words import Clock, Json, RandomBytes


@dataclass
class Leg:
    """A leg under way. `steps` gives waits; its value is the ending."""

    hold: Hold
    report: Report
    failures: int
    steps: Generator[Wait, None, Ending]
    not_before: datetime


def open_leg(
    instance: InstanceReference,
    hold: Hold,
    guard: Guard,
    connections: Connections,
    clock: Clock,
    random: RandomBytes,
    ahead: Executor | None,
    *,
    resumed: bool,
    began: datetime,
) -> Leg:
    """The leg, ready to go: what it talks to is opened by its first step."""
    run = instance.run or {}
    history = History(connections.history(instance))
    records = _records(history)
    record = next((each for each in records if each.get("id") == hold.run_id), None)
    report = Report(history, record or new_record(hold.run_id, str(run["mode"]), began), clock)
    report.record |= {"state": "running", "reason": None}
    patience = Patience(guard.check, began + DEADLINE, clock, random)
    own = frozenset(str(each["execution"]) for each in records if each.get("execution"))

    def steps() -> Generator[Wait, None, Ending]:
        try:
            work = yield from _open()
        except RunEnds as ends:
            return Ending(ends.state, ends.reason, ends.more)
        return (yield from run_leg(work))

    def _open() -> Generator[Wait, None, Work]:
        call = patience.call
        if (yield from call("assets", lambda: connections.missing(instance))):
            raise RunEnds("not_set_up")
        return Work(
            instance=instance,
            run_id=hold.run_id,
            leg=hold.fence,
            mode=str(run["mode"]),
            rules=(yield from call("assets", lambda: connections.rules(instance))),
            assets=(yield from call("assets", lambda: connections.assets(instance))),
            executions=(yield from call("assets", lambda: connections.executions(instance))),
            connections=connections,
            patience=patience,
            report=report,
            today=clock().date(),
            released={kind: int(count) for kind, count in (run.get("harm") or {}).items()},
            expected=str(run.get("digest") or "") or None if run["mode"] != "preview" else None,
            resumed=resumed,
            own=own,
            ahead=ahead,
        )

    return Leg(hold, report, int(run["failures"]), steps(), clock())


def _records(history: History) -> list[Json]:
    """A history that cannot be read does not stop a run."""
    try:
        return history.read()
    except AppError:
        return []
