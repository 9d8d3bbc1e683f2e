"""Planted bugs: each must be found by a night's end, or the proof proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any, Final
from unittest import mock

from app.imports.desk.desk import ImportDesk
from app.imports.desk.schedule import Scheduler
from app.imports.legs import worker
from app.imports.legs.queue_runner import QueueRunner, Received
from app.imports.legs.worker import Outcome
from app.imports.run.dispatch import Dispatch
from app.imports.run.due import DueTime
from app.instances.reference import InstanceReference
from app.instances.table import Change
from app.words import Json

_begin_desk = ImportDesk.start


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


BUGS: Final[Mapping[str, Callable[[], AbstractContextManager[None]]]] = {
    "the due time moves before the run is begun": _moves_first,
    "a message that may not have been sent is not sent again": _never_sent_again,
    "a message is deleted after its first piece of work": _deleted_whatever_comes,
    "one instance whose Jira is silent ends the tick": _one_bad_instance_ends_the_tick,
    "a run that waits for its turn is ended as stalled": _queued_is_stalled,
    "what cannot be read is handed back": _poison_comes_back,
}
