"""A message that asks the worker to put one site's sealed settings in order.

It carries ids of ours. What it asks for may be done twice, late or not at all: an import's start
does the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final

import structlog

from app.errors import AppError, SettingsUnreadable
from app.imports.legs.queue_runner import Works
from app.imports.legs.worker import Outcome
from app.imports.run.ports import Queue
from app.instances.reference import InstanceReference
from app.instances.table import InstanceTable
from app.vault.rewrapping import Fate
from app.vault.tidying import put_in_order
from app.wiring.rooms import Rooms
from app.words import Generation, InstanceId

DONE: Final = Outcome()
LATER: Final = Outcome(300.0)  # a thousand deliveries are three days; then it is a dead letter
_RUNNING: Final = ("queued", "running")
_log = structlog.get_logger()

Tidy = Callable[[InstanceReference], Mapping[str, Fate]]


def tidy_as_worker(rooms: Rooms) -> Tidy:
    """Tidies in this process, opening as the worker. Raises ServiceFailed and its kinds."""
    vault = rooms.vault("worker")
    return lambda instance: put_in_order(rooms.sites.shelf(vault, instance))


def ask_to_tidy(queue: Queue, instance: InstanceReference) -> None:
    """Ask the worker. In a group of its own: waiting for a site holds no import up."""
    body = {"tidy": instance.instance_id, "generation": instance.generation}
    queue.put(json.dumps(body, separators=(",", ":")), f"tidy-{instance.instance_id}")


def asking(queue: Queue) -> Callable[[InstanceReference], None]:
    """Asks, and never fails: what was saved is saved, and an import's start tidies too."""

    def ask(instance: InstanceReference) -> None:
        try:
            ask_to_tidy(queue, instance)
        except AppError as fault:
            name = type(fault).__name__
            _log.warning("not_tidied_yet", instance_id=instance.instance_id, error=name)

    return ask


class TidyingWorker:
    """The import's worker, which also takes the messages that ask to tidy."""

    def __init__(self, worker: Works, table: InstanceTable, tidy: Tidy) -> None:
        self._worker = worker
        self._table = table
        self._tidy = tidy

    def stop(self) -> None:
        self._worker.stop()

    def work(self, message: str | bytes) -> Outcome:
        """One message, of either kind."""
        asked = _asked(message)
        if asked is None:
            return self._worker.work(message)
        try:
            return self._put_in_order(*asked)
        except SettingsUnreadable as fault:
            _log.warning("not_tidied", instance_id=asked[0], error=type(fault).__name__)
            return DONE
        except AppError as fault:
            _log.warning("not_tidied_yet", instance_id=asked[0], error=type(fault).__name__)
            return LATER

    def _put_in_order(self, instance_id: InstanceId, generation: Generation) -> Outcome:
        instance = self._table.read(instance_id)
        if instance is None or instance.generation != generation or not instance.is_alive:
            return DONE
        if instance.run is not None and instance.run["state"] in _RUNNING:
            return LATER  # a run writes its history in place while it is sealed anew
        for fate in self._tidy(instance).values():
            _log.info("encryption_string_key", instance_id=instance_id, state=fate)
        return DONE


def _asked(message: str | bytes) -> tuple[InstanceId, Generation] | None:
    try:
        found = json.loads(message)
        names = found["tidy"], found["generation"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not all(isinstance(each, str) and each for each in names):
        return None
    return InstanceId(names[0]), Generation(names[1])
