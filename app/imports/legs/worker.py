"""Works on one message: takes the run, drives its leg, parks it when a service asks to wait.

A leg that waits stays in memory, and its message comes back later; if it comes to another process
the leg starts again from the top, without duplicates, because it compares with what is there. That
is a failed attempt only if its worker died, or could no more than guess how long a service is away.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.errors import AppError
from app.imports.legs.opening import Leg, LegOpener
from app.imports.run.connections import Connections
from app.imports.run.ending import Ending
from app.imports.run.guard import Guard
from app.imports.run.messages import RunMessage, read_message
from app.imports.run.patience import HandBack, RunLost, Wait
from app.imports.run.runs import ATTEMPTS, Runs
from app.imports.run.standing import is_for, is_held, is_open, is_worn_out
from app.instances.reference import InstanceReference
from app.words import Clock, RandomBytes

LONGEST_NAP: Final = 1.0  # longer waits go through the queue
LONGEST_DELAY: Final = 30.0  # so that a cancelled wait is noticed
LEG_TIME: Final = timedelta(minutes=8)  # a function's quarter of an hour, with room
MOST_FAILURES: Final = 3  # then a bug ends the run
RETRY_DELAY: Final = 5.0
_log = structlog.get_logger()


@dataclass(frozen=True)
class Outcome:
    """`again` is None when the message is done with, else the seconds until it comes back."""

    again: float | None = None


DONE: Final = Outcome()


class ImportWorker:
    """`nap` sleeps; it is never asked for more than a second."""

    def __init__(
        self,
        runs: Runs,
        connections: Connections,
        clock: Clock,
        random: RandomBytes,
        nap: Callable[[float], None],
        ahead: Executor | None = None,
    ) -> None:
        self._runs = runs
        self._connections = connections
        self._opener = LegOpener(connections, clock, random, ahead)
        self._clock = clock
        self._nap = nap
        self._stopping = threading.Event()
        self._parked: dict[str, Leg] = {}

    def stop(self) -> None:
        """Hand back what is being worked on before its next call."""
        self._stopping.set()

    def work(self, message: str | bytes) -> Outcome:
        """One leg, or a piece of it."""
        asked = read_message(message)
        if asked is None:
            _log.warning("import message dropped")
            return DONE
        try:
            return self._work(asked)
        except AppError:
            # The table, or the run's settings, cannot be read now: the run is as it was.
            return Outcome(RETRY_DELAY)
        except Exception as bug:  # noqa: BLE001 - a bug must end a run, never a worker
            _log.error("import message failed", run_id=asked.run, error=type(bug).__name__)
            return self._bungled(asked)

    def _work(self, asked: RunMessage) -> Outcome:
        instance = self._runs.table.read(asked.instance)
        leg = self._parked.pop(asked.run, None)
        if leg is not None and is_held(instance, leg.hold):
            early = (leg.not_before - self._clock()).total_seconds()
            if early > 0 and is_open(instance):
                self._parked[asked.run] = leg
                return Outcome(min(early, LONGEST_DELAY))
            return self._go_on(leg)
        if instance is None or not is_for(asked, instance) or self._stopping.is_set():
            return Outcome(0.0) if self._stopping.is_set() else DONE
        return self._begin(asked, instance)

    def _go_on(self, leg: Leg) -> Outcome:
        try:
            self._runs.renew(leg.hold)
        except AppError:
            self._parked[leg.hold.run_id] = leg  # else a throttled table would cost the leg
            raise
        return self._drive(leg)

    def _begin(self, asked: RunMessage, instance: InstanceReference) -> Outcome:
        run = instance.run or {}
        attempt = int(run["fence"]) % ATTEMPTS
        lease = datetime.fromisoformat(str(run["lease"]))
        if attempt and lease > self._clock():
            left = (lease - self._clock()).total_seconds()
            return Outcome(min(max(left, 0.5), LONGEST_DELAY))
        if is_worn_out(run):
            self._runs.end(instance, "failed", "no_progress")
            return DONE
        hold = self._runs.take(instance, asked.leg)
        if hold is None:
            return Outcome(1.0)
        began, consented = datetime.fromisoformat(str(run["started"])), self._connections.consented
        guard = Guard(self._runs, hold, began, consented, self._stopping.is_set, self._clock)
        try:
            self._connections.tidy(instance)
            leg = self._opener.open(instance, hold, guard, resumed=attempt > 0)
        except Exception:
            self._runs.let_go(hold)  # whoever catches it counts it
            raise
        return self._drive(leg)

    def _drive(self, leg: Leg) -> Outcome:
        until = self._clock() + LEG_TIME
        try:
            while True:
                try:
                    wait = next(leg.steps)
                except StopIteration as over:
                    return self._end(leg, over.value)
                if wait.seconds <= LONGEST_NAP and self._clock() < until:
                    self._nap(wait.seconds)
                else:
                    return self._park(leg, wait, in_time=self._clock() < until)
        except RunLost:
            _log.info("import run let go", run_id=leg.hold.run_id)
            return DONE
        except HandBack:
            self._runs.let_go(leg.hold)
            return Outcome(0.0)
        except AppError:
            raise
        except Exception as bug:  # noqa: BLE001 - a bug must end a run, never a worker
            return self._stumbled(leg, bug)

    def _park(self, leg: Leg, wait: Wait, *, in_time: bool) -> Outcome:
        leg.not_before = self._clock() + timedelta(seconds=wait.seconds)
        self._parked[leg.hold.run_id] = leg
        # At the end of its time a leg hands over, whatever it would have waited for.
        forgiven = not (wait.guessed and in_time)
        self._runs.rest(leg.hold, wait.seconds, wait.for_what, forgiven=forgiven)
        return Outcome(min(wait.seconds, LONGEST_DELAY))

    def _end(self, leg: Leg, ending: Ending) -> Outcome:
        """The reference says how a run ended; who sees it there must find the last numbers too."""
        if self._runs.renew(leg.hold):
            leg.report.closing(ending.state, ending.more)
        ended = self._runs.finish(leg.hold, ending) or self._runs.table.read(leg.hold.instance_id)
        if is_held(ended, leg.hold) and ended is not None and ended.run is not None:
            leg.report.record["digest"] = ending.digest
            leg.report.ended(ended.run["state"], ended.run["stop"] or None, ending.more)
        tell = _log.warning if ending.state == "failed" else _log.info
        named = {"instance_id": leg.hold.instance_id, "run_id": leg.hold.run_id}
        tell("import run ended", state=ending.state, reason=ending.reason, **named)
        return DONE

    def _bungled(self, asked: RunMessage) -> Outcome:
        """A bug outside of any leg: some tries, then the run ends, or it would loop for ever."""
        try:
            instance = self._runs.table.read(asked.instance)
            if instance is None or instance.run is None or not is_for(asked, instance):
                return DONE
            failures = int(instance.run["failures"]) + 1
            if failures < MOST_FAILURES:
                self._runs.stumbled(instance, failures)
                return Outcome(RETRY_DELAY)
            self._runs.end(instance, "failed", "unexpected")
        except AppError:
            return Outcome(RETRY_DELAY)
        except Exception as bug:  # noqa: BLE001 - the message goes; the sweep ends the run
            _log.error("import run not ended", run_id=asked.run, error=type(bug).__name__)
        return DONE

    def _stumbled(self, leg: Leg, bug: Exception) -> Outcome:
        """Something nobody foresaw. Its text may hold a person: only its kind is logged."""
        _log.error("import leg stumbled", run_id=leg.hold.run_id, error=type(bug).__name__)
        if leg.hold.failures + 1 >= MOST_FAILURES:
            return self._end(leg, Ending("failed", "unexpected"))
        self._runs.let_go(leg.hold, forgiven=False)
        return Outcome(RETRY_DELAY)
