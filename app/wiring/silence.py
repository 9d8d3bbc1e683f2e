"""Watches over instances that fell silent: asks Connect sites, misses the ticks of Forge's.

With a queue the worker asks, by a message of ids of ours; without one it is done here.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from app.errors import AppError, CredentialRefused, NotThere
from app.goodbye.silence import Sign, after_asking, after_missed_ticks, is_to_be_asked
from app.imports.legs.queue_runner import Works
from app.imports.legs.worker import Outcome
from app.imports.run.ports import Queue
from app.instances.reference import InstanceReference, stamp
from app.instances.table import Change, InstanceTable
from app.wiring.daily import OncePerDay
from app.words import Clock, Generation, InstanceId

DONE: Final = Outcome()
Asking = Callable[[InstanceReference, datetime], None]
Life = tuple[InstanceId, Generation]
_log = structlog.get_logger()


def sign_of(ask: Callable[[], object]) -> Sign:
    """What the answer to a question says. Only 401 and 404 say that the app is gone there."""
    try:
        ask()
    except (CredentialRefused, NotThere):
        return "gone"
    except AppError:
        return "unknown"
    return "alive"


class Asker:
    """Asks one site, and remembers what that says. `ask` makes the one call; see `sign_of`."""

    def __init__(self, table: InstanceTable, ask: Callable[[InstanceReference], object]) -> None:
        self._table = table
        self._ask = ask

    def __call__(self, instance: InstanceReference, now: datetime) -> None:
        """Raises ServiceUnreachable: the table does not answer."""
        sign = sign_of(lambda: self._ask(instance))
        _write(self._table, instance, after_asking(instance, sign, now))


class SilenceWatch:
    """A chore of each tick. `asking` asks the site, or has the worker do it, once a day at most."""

    def __init__(self, table: InstanceTable, days: OncePerDay, asking: Asking) -> None:
        self._table = table
        self._days = days
        self._asking = asking

    def look(self, instance: InstanceReference, now: datetime) -> None:
        """Never raises an AppError: nobody can say now, so at the next tick."""
        try:
            if instance.door == "forge":
                _write(self._table, instance, after_missed_ticks(instance, now))
            elif is_to_be_asked(instance, now) and self._days.first(instance, now.date()):
                self._asking(instance, now)
        except AppError as fault:
            name = type(fault).__name__
            _log.warning("not_asked", instance_id=instance.instance_id, error=name)


def having_asked(queue: Queue) -> Asking:
    """Has the worker ask. In a group of its own: a slow site holds no import up."""

    def put(instance: InstanceReference, now: datetime) -> None:
        named = {"ask": instance.instance_id, "generation": instance.generation, "at": stamp(now)}
        queue.put(json.dumps(named, separators=(",", ":")), f"ask-{instance.instance_id}")

    return put


class AskingWorker:
    """The worker behind it, which also takes the messages that ask a site whether it lives.

    `free`: in the sandbox a message may move the clock. Otherwise none makes it later than it is,
    and a message that lay long only makes the silence shorter.
    """

    def __init__(
        self, worker: Works, table: InstanceTable, asking: Asking, clock: Clock, *, free: bool
    ) -> None:
        self._worker = worker
        self._table = table
        self._asking = asking
        self._clock = clock
        self._free = free

    def stop(self) -> None:
        self._worker.stop()

    def work(self, message: str | bytes) -> Outcome:
        """One message. A question that could not be noted is dropped: tomorrow is another day."""
        asked = _asked(message)
        if asked is None:
            return self._worker.work(message)
        (instance_id, generation), at = asked
        now = at if self._free else min(at, self._clock())
        try:
            instance = self._table.read(instance_id)
            same = instance is not None and instance.generation == generation
            if instance is not None and same and instance.is_alive:
                self._asking(instance, now)
        except AppError as fault:
            _log.warning("not_asked", instance_id=instance_id, error=type(fault).__name__)
        return DONE


def _write(table: InstanceTable, instance: InstanceReference, change: Change | None) -> None:
    changed = table.change(instance.instance_id, change) if change is not None else None
    if changed is not None and changed.state != instance.state:
        tell = _log.error if changed.state == "silent" else _log.info
        tell(
            "silence", kind="instance_silent", state=changed.state, instance_id=instance.instance_id
        )


def _asked(message: str | bytes) -> tuple[Life, datetime] | None:
    try:
        found = json.loads(message)
        names, at = (found["ask"], found["generation"]), datetime.fromisoformat(found["at"])
    except (ValueError, KeyError, TypeError):
        return None
    if not all(isinstance(each, str) for each in names) or at.tzinfo is None:
        return None
    return (InstanceId(names[0]), Generation(names[1])), at
