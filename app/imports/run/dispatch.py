"""Puts the messages of runs into the queue: once, and again where one may never have been sent.

A message too many does no harm: the run's fence decides which one still matters.
"""

from __future__ import annotations

import structlog

from app.errors import AppError
from app.imports.run.messages import RunMessage
from app.imports.run.ports import Queue
from app.imports.run.runs import ATTEMPTS, Runs
from app.instances.reference import InstanceReference

_log = structlog.get_logger()


class Dispatch:
    """From the instance reference, where each run stands, to the queue."""

    def __init__(self, runs: Runs, queue: Queue) -> None:
        self._runs = runs
        self._queue = queue

    def send(self, instance: InstanceReference) -> None:
        """Raises ServiceUnreachable."""
        run = instance.run or {}
        leg = int(run["fence"]) // ATTEMPTS
        message = RunMessage(instance.instance_id, instance.generation, str(run["id"]), leg)
        self._queue.put(message.packed(), instance.instance_id)

    def send_or_end(self, instance: InstanceReference) -> None:
        """For whoever waits for an answer. Raises ServiceUnreachable; the run has failed then."""
        try:
            self.send(instance)
        except AppError:
            self._runs.end(instance, "failed", "queue_failed")
            raise

    def send_sometime(self, instance: InstanceReference) -> None:
        """For a scheduled run: if the queue does not take it now, it is sent again later."""
        try:
            self.send(instance)
        except AppError as failure:
            named = {"instance_id": instance.instance_id, "error": type(failure).__name__}
            _log.warning("import not sent yet", **named)

    def send_again(self, instance: InstanceReference) -> None:
        """Where a queued run has waited long. Raises ServiceUnreachable of the table only."""
        if self._runs.send_again(instance):
            _log.warning("import sent again", instance_id=instance.instance_id)
            self.send_sometime(instance)

    def resume_all(self) -> None:
        """After a start without a queue: put the runs that were open back to work."""
        for instance in self._runs.table.all():
            state = (instance.run or {}).get("state")
            if instance.state != "installed" or state not in ("queued", "running"):
                continue
            try:
                self.send_or_end(instance)
            except Exception as failure:  # noqa: BLE001 - one instance must not stop the others
                _log.warning("import not resumed", error=type(failure).__name__)
