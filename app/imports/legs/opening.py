"""Opens what one leg needs: rules, services, history, guard. Closes over them in its steps."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime

from app.errors import AppError
from app.imports.accounts.account_pass import MODE, PassWork, run_pass
from app.imports.legs.leg import run_leg
from app.imports.run.connections import Connections
from app.imports.run.ending import Ending
from app.imports.run.guard import Guard
from app.imports.run.history import History, new_record
from app.imports.run.idle import DEADLINE
from app.imports.run.patience import Patience, RunEnds, Steps, Wait
from app.imports.run.report import Report
from app.imports.run.runs import Hold
from app.imports.run.work import Work
from app.instances.reference import InstanceReference
from app.words import Clock, Json, RandomBytes


@dataclass
class Leg:
    """A leg under way. `steps` gives waits; its value is the ending."""

    hold: Hold
    report: Report
    steps: Generator[Wait, None, Ending]
    not_before: datetime


class LegOpener:
    """Makes legs of one process. `ahead` fetches pages beside the work; None: nothing does."""

    def __init__(
        self,
        connections: Connections,
        clock: Clock,
        random: RandomBytes,
        ahead: Executor | None,
    ) -> None:
        self._connections = connections
        self._clock = clock
        self._random = random
        self._ahead = ahead

    def open(self, instance: InstanceReference, hold: Hold, guard: Guard, *, resumed: bool) -> Leg:
        """The leg, ready to go: what it talks to is opened by its first step."""
        run = instance.run or {}
        history = History(self._connections.history(instance))
        records = _records(history)
        record = next((each for each in records if each.get("id") == hold.run_id), None)
        began = datetime.fromisoformat(str(run["started"]))
        record = record or new_record(hold.run_id, str(run["mode"]), began)
        report = Report(
            history, {**record, "state": "running", "reason": None, "more": ""}, self._clock
        )
        own = frozenset(str(each["execution"]) for each in records if each.get("execution"))
        deadline = began + DEADLINE
        patience = Patience(guard.check, deadline, self._clock, self._random, guard.check_anew)
        steps = self._steps(instance, hold, patience, report, own, resumed=resumed)
        return Leg(hold, report, steps, self._clock())

    def _steps(
        self,
        instance: InstanceReference,
        hold: Hold,
        patience: Patience,
        report: Report,
        own: frozenset[str],
        *,
        resumed: bool,
    ) -> Steps[Ending]:
        try:
            if (instance.run or {})["mode"] == MODE:
                return (yield from run_pass((yield from self._pass(instance, patience, report))))
            work = yield from self._work(instance, hold, patience, report)
        except RunEnds as ends:
            return Ending(ends.state, ends.reason, ends.more)
        return (yield from run_leg(replace(work, own=own, resumed=resumed)))

    def _pass(
        self, instance: InstanceReference, patience: Patience, report: Report
    ) -> Steps[PassWork]:
        given, call = self._connections, patience.call
        if (yield from call("assets", lambda: given.missing(instance))):
            raise RunEnds("not_set_up")
        rules = yield from call("assets", lambda: given.rules(instance))
        asked, spared = rules.link_accounts, rules.restricted_people
        if asked is None:
            raise RunEnds("cancelled", "cancelled")
        links = yield from call("assets", lambda: given.account_links(instance, spared))
        store, budget = given.pass_store(instance), asked.people_an_hour
        return PassWork(links, store, patience, report, self._clock, budget)

    def _work(
        self, instance: InstanceReference, hold: Hold, patience: Patience, report: Report
    ) -> Steps[Work]:
        given, call, run = self._connections, patience.call, instance.run or {}
        if (yield from call("app", lambda: given.missing(instance))):
            raise RunEnds("not_set_up")
        digest = str(run.get("digest") or "") if run["mode"] != "preview" else ""
        return Work(
            instance=instance,
            run_id=hold.run_id,
            leg=hold.fence,
            mode=str(run["mode"]),
            rules=(yield from call("app", lambda: given.rules(instance))),
            assets=(yield from call("assets", lambda: given.assets(instance))),
            executions=(yield from call("assets", lambda: given.executions(instance))),
            connections=given,
            patience=patience,
            report=report,
            now=self._clock(),
            released={kind: int(count) for kind, count in (run.get("harm") or {}).items()},
            expected=digest or None,
            ahead=self._ahead,
        )


def _records(history: History) -> list[Json]:
    """A history that cannot be read does not stop a run."""
    try:
        return history.read()
    except AppError:
        return []
