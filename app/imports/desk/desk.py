"""What administrators do with imports: start, look, cancel, release. It imports nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from app.errors import AppError, Clash, InputRefused, NotThere, Problem
from app.imports.desk import refusals
from app.imports.desk.asking import asked
from app.imports.desk.skipping import note_skipped
from app.imports.run.connections import Connections
from app.imports.run.dispatch import Dispatch
from app.imports.run.due import DueTime
from app.imports.run.history import ENDED, History, fresh, merged, new_record, shown
from app.imports.run.ports import Queue
from app.imports.run.runs import OPEN, Runs
from app.instances.reference import InstanceReference
from app.words import Clock, Json, RandomBytes


class ImportDesk:
    """Runs as the contract shows them. Raises Clash, NotThere, InputRefused, ServiceUnreachable."""

    def __init__(
        self,
        runs: Runs,
        connections: Connections,
        queue: Queue,
        clock: Clock,
        random: RandomBytes,
    ) -> None:
        self._runs = runs
        self._connections = connections
        self._dispatch = Dispatch(runs, queue)
        self._clock = clock
        self._random = random

    def start(self, instance: InstanceReference, body: Json, due: DueTime | None = None) -> Json:
        """Queue a run: `{"mode", "preview"?}`. Clash: one is open, or something is missing.

        The due time that a scheduled run comes from moves with its start, or not at all.
        """
        mode, preview = asked(body)
        current = self._fresh(instance)
        self._require_set_up(current)
        if mode == "accounts" and self._connections.rules(current).link_accounts is None:
            problem = Problem("link_accounts", refusals.ACCOUNTS_FIRST())
            raise Clash(refusals.ACCOUNTS_OFF(), problems=[problem])
        if due is None and mode != "accounts":  # who waits is told now; a due run says it itself
            self._connections.require_readable(current)
        digest = self._digest(current, preview)
        self._remember_last(current)
        run_id = self._random(16).hex()
        claimed = self._runs.claim(current, run_id, mode, digest, due)
        if claimed is None:
            raise Clash(refusals.ANOTHER())
        if due is None:
            self._dispatch.send_or_end(claimed)
        else:
            self._dispatch.send_sometime(claimed)
        return shown(new_record(run_id, mode, self._clock()))

    def _require_set_up(self, instance: InstanceReference) -> None:
        """Raises Clash naming each part that is missing, the consent among them."""
        missing = list(self._connections.missing(instance))
        consent = self._connections.consented(instance)
        problems = missing if consent else [*missing, Problem("consent", refusals.CONSENT_FIRST())]
        if problems:
            raise Clash(
                refusals.NOT_SET_UP() if missing else refusals.NO_CONSENT(), problems=problems
            )

    def list(self, instance: InstanceReference) -> Sequence[Json]:
        """The runs of 28 days, newest first."""
        current = self._fresh(instance)
        records = self._records(current)
        run = current.run
        if run is not None:
            old = next((each for each in records if each["id"] == run["id"]), None)
            others = [each for each in records if each["id"] != run["id"]]
            records = [merged(old, dict(run)), *others]
        return [shown(each) for each in fresh(records, self._clock())]

    def get(self, instance: InstanceReference, run_id: str) -> Json:
        found = next((each for each in self.list(instance) if each["id"] == run_id), None)
        if found is None:
            raise NotThere
        return found

    def cancel(self, instance: InstanceReference, run_id: str) -> Json:
        """End a run at once; whoever works on it stops before its next call."""
        current = self._current(instance, run_id)
        ended = self._runs.end(current, "cancelled", "cancelled")
        if ended is None:
            raise Clash(refusals.ENDED_ALREADY())
        return self._told(ended)

    def cancel_open(self, instance: InstanceReference) -> None:
        """End the open run, whichever it is; that there is none is fine."""
        run = self._fresh(instance).run
        if run is not None and run["state"] in OPEN:
            with suppress(Clash):  # it ended in this very moment
                self.cancel(instance, str(run["id"]))

    def release(self, instance: InstanceReference, run_id: str) -> Json:
        """Let a braked run go on. It reads again, and stays braked if the harm grew."""
        current = self._current(instance, run_id)
        released = self._runs.release(current)
        if released is None:
            raise Clash(refusals.NOT_BRAKED())
        self._dispatch.send_or_end(released)
        return self._told(released)

    def skip(self, instance: InstanceReference, mode: str, reason: str) -> None:
        """Note in the history that a run did not begin, and why. Raises as the history does."""
        history = History(self._connections.history(instance))
        note_skipped(history, self._random(16).hex(), mode, reason, self._clock())

    def sweep(self, instance: InstanceReference) -> InstanceReference:
        """End a run that nobody works on any more. Gives the reference as it is then.

        The message of one that waits long is put again: it may have been lost before it was sent.
        """
        overdue = self._runs.overdue(instance)
        if overdue is None:
            self._dispatch.send_again(instance)
            return instance
        ended = self._runs.end(instance, *overdue)
        if ended is not None:
            self._told(ended)
        return ended or instance

    def resume_all(self) -> None:
        """After a start without a queue: put the runs that were open back to work."""
        self._dispatch.resume_all()

    def _fresh(self, instance: InstanceReference) -> InstanceReference:
        found = self._runs.table.read(instance.instance_id)
        if found is None or found.generation != instance.generation:
            raise NotThere
        return self.sweep(found)

    def _current(self, instance: InstanceReference, run_id: str) -> InstanceReference:
        """The reference while this run is its own. Clash: it ended; NotThere: unknown."""
        current = self._fresh(instance)
        if current.run is not None and current.run["id"] == run_id:
            return current
        if any(each["id"] == run_id for each in self._records(current)):
            raise Clash(refusals.ENDED_ALREADY())
        raise NotThere

    def _told(self, instance: InstanceReference) -> Json:
        """Write the run's state, as decided in the reference, into the history."""
        run = dict(instance.run or {})
        history = History(self._connections.history(instance))
        try:
            records = history.read()
            old = next((each for each in records if each["id"] == run["id"]), None)
            record = merged(old, run)
            history.put(record, self._clock())
        except AppError:
            record = merged(None, run)
        return shown(record)

    def _remember_last(self, instance: InstanceReference) -> None:
        """The reference forgets its run with the next one, so its end goes to the history first."""
        run = instance.run
        if run is None or run["state"] not in ENDED:
            return
        records = self._records(instance)
        old = next((each for each in records if each["id"] == run["id"]), None)
        if old is None or old["state"] != run["state"]:
            self._told(instance)

    def _records(self, instance: InstanceReference) -> Sequence[Json]:
        try:
            return History(self._connections.history(instance)).read()
        except AppError:
            return []

    def _digest(self, instance: InstanceReference, preview: str | None) -> str:
        """The plan that an administrator has seen; empty where none is named."""
        if preview is None:
            return ""
        run: Any = instance.run or {}
        if run.get("id") == preview and run["mode"] == "preview" and run["digest"]:
            return str(run["digest"])
        for each in self._records(instance):
            if each["id"] == preview and each["mode"] == "preview" and each.get("digest"):
                return str(each["digest"])
        raise InputRefused(
            refusals.PREVIEW_UNKNOWN(), problems=[Problem("preview", refusals.NO_SUCH_PREVIEW())]
        )
