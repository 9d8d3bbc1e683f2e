"""Planted bugs: each must be found by a night's end, or the proof proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from unittest import mock

from app.imports.desk.desk import ImportDesk
from app.imports.desk.schedule import Scheduler
from app.imports.legs import worker
from app.imports.legs.queue_runner import QueueRunner, Received
from app.imports.legs.worker import Outcome
from app.imports.run.dispatch import Dispatch
from app.imports.run.due import DueTime
from app.imports.run.guard import Guard
from app.imports.run.runs import ATTEMPTS, LEASE, Hold, Runs
from app.instances.reference import InstanceReference
from app.instances.table import Change
from app.words import Json

_begin_desk = ImportDesk.start
_set, _look = Runs._set, Guard._look


@contextmanager
def _moves_first() -> Iterator[None]:
    """The due time goes on to the next hour, and only then the run is begun."""

    def start(
        desk: ImportDesk, instance: InstanceReference, body: Json, due: DueTime | None = None
    ) -> Json:
        if due is not None:
            desk._runs.table.change(instance.instance_id, due.moved(Change()))
        return _begin_desk(desk, instance, body)

    with mock.patch.object(ImportDesk, "start", start):
        yield


@contextmanager
def _never_sent_again() -> Iterator[None]:
    with mock.patch.object(Dispatch, "send_again"):
        yield


@contextmanager
def _deleted_whatever_comes() -> Iterator[None]:
    """A message is taken off the queue when its first piece of work is over."""

    def see_through(runner: QueueRunner, received: Received) -> None:
        try:
            runner._work(received)
            runner._inbox.delete(received)
        finally:
            runner._room.leave()

    with mock.patch.object(QueueRunner, "_see_through", see_through):
        yield


@contextmanager
def _one_bad_instance_ends_the_tick() -> Iterator[None]:
    real = Scheduler._begin

    def begin(scheduler: Scheduler, instance: InstanceReference, now: Any) -> int:
        current = scheduler._desk.sweep(instance)
        due = instance.import_due_at is not None
        if due and current is not None:
            scheduler._connections.rules(instance)
        return real(scheduler, instance, now)

    with mock.patch.object(Scheduler, "_begin", begin):
        yield


@contextmanager
def _queued_is_stalled() -> Iterator[None]:
    """A run that waits for its turn for a while is ended."""
    with mock.patch("app.imports.run.idle.DEADLINE", timedelta(seconds=20)):
        yield


@contextmanager
def _poison_comes_back() -> Iterator[None]:
    """What cannot be read is handed back instead of dropped."""
    with mock.patch.object(worker, "DONE", Outcome(30.0)):
        yield


@contextmanager
def _nobodys_fence() -> Iterator[None]:
    """A write asks for the run, and not for who holds it; nor does the look before a call."""

    def unfenced(
        runs: Runs, hold: Hold, values: Any, fence: int | None, *more: Any
    ) -> InstanceReference | None:
        return _set(runs, hold, values, None, *more)

    def look(guard: Guard, now: datetime) -> None:
        found = guard._runs.table.read(guard._hold.instance_id)
        if found is not None and found.run is not None:
            guard._hold = replace(guard._hold, fence=found.run["fence"])
        _look(guard, now)

    with mock.patch.object(Runs, "_set", unfenced), mock.patch.object(Guard, "_look", look):
        yield


@contextmanager
def _same_fence() -> Iterator[None]:
    """Who takes a run over writes down its lease, and leaves the fence as the one before had it."""

    def take(runs: Runs, instance: InstanceReference, leg: int) -> Hold | None:
        run = instance.run or {}
        fence = int(run["fence"])
        first = max(fence, leg * ATTEMPTS + 1)
        hold = Hold(instance.instance_id, instance.generation, str(run["id"]), first)
        values = {"state": "running", "fence": first, "lease": runs._lease(LEASE), "stop": ""}
        held = _set(runs, hold, values, fence, ("queued", "running"))
        return hold if held is not None and fence // ATTEMPTS == leg else None

    with mock.patch.object(Runs, "take", take):
        yield


def _leaves_it_open() -> AbstractContextManager[Any]:
    """What the one before has begun is looked for only where it is in the way."""
    return mock.patch("app.imports.assets.survey.end_what_was_left", return_value=())


BUGS: Final[Mapping[str, Callable[[], AbstractContextManager[None]]]] = {
    "the due time moves before the run is begun": _moves_first,
    "a message that may not have been sent is not sent again": _never_sent_again,
    "two workers may hold the same run": _nobodys_fence,
    "who takes a run over leaves its fence as it was": _same_fence,
    "who takes a run over leaves open what the one before began": _leaves_it_open,
    "a message is deleted after its first piece of work": _deleted_whatever_comes,
    "one instance whose Jira is silent ends the tick": _one_bad_instance_ends_the_tick,
    "a run that waits for its turn is ended as stalled": _queued_is_stalled,
    "what cannot be read is handed back": _poison_comes_back,
}
