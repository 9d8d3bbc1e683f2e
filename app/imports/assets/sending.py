"""Sends entries to an execution in chunks. Nothing is applied before the bare end is sent.

The execution starts with the first chunk, so a run without changes starts none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.errors import LinkElsewhere, ServiceFailed, SlowDown, TooLarge
from app.imports.assets.chunks import CHUNK_BYTES, CHUNK_OBJECTS, FRAME_BYTES, Entry, chunk, encode
from app.imports.assets.left_open import LOOKS, cancel_if_begun, execution_id
from app.imports.assets.setting_up import set_up
from app.imports.kinds.table import Kind
from app.imports.run.ground import Ground
from app.imports.run.patience import TRIES, Result, RunEnds, Steps, Wait
from app.imports.run.ports import ConfigStatus, ExecutionLinks, StartRefused, SubmitRefused
from app.imports.run.work import Work


class Sender:
    """Of one leg. `sent` counts entries, `changed` says whether one of them changes anything."""

    def __init__(self, work: Work, ground: Ground) -> None:
        self.ground = ground
        self.sent = 0
        self.changed = False
        self.execution: ExecutionLinks | None = None
        self._work = work
        self._waiting: list[Entry] = []
        self._bytes = 0
        self._chunks = 0
        self._unanswered = False  # a start was asked for and nobody knows whether it came about
        self._unheard = 0  # how many such starts there were

    def add(self, kind: Kind, entry: Mapping[str, str], *, changed: bool) -> Steps[None]:
        encoded = encode(entry)
        if self._bytes + len(encoded) + 1 > CHUNK_BYTES - FRAME_BYTES:
            yield from self.flush()
        self._waiting.append((kind.selector, encoded))
        self._bytes += len(encoded) + 1
        self.changed |= changed
        if len(self._waiting) >= CHUNK_OBJECTS:
            yield from self.flush()

    def flush(self) -> Steps[None]:
        """Send what waits. Raises RunEnds."""
        if not self._waiting:
            return
        entries, self._waiting, self._bytes = self._waiting, [], 0
        execution = self.execution or (yield from self._begin())
        yield from self._submit(execution, entries)
        self.sent += len(entries)

    def complete(self) -> Steps[None]:
        """The first write: everything sent so far is applied. Waits until Assets is done."""
        yield from self.flush()
        execution = self.execution
        if execution is None:
            return
        self._work.report.phase("processing", self.sent)
        try:
            yield from self._call(lambda: self._end(execution))
        except SubmitRefused:
            raise RunEnds("import_refused") from None
        yield from self._wait_until_done(execution)
        self._work.report.advance(self.sent)
        self.execution = None
        self._work.report.execution(None)

    def abandon(self) -> Steps[None]:
        """Take back what was only sent. If Assets cannot be told now, a later run does it."""
        execution, self.execution = self.execution, None
        self._waiting = []
        if execution is None and not self._unanswered:
            return
        for pause in (0.5, 1.0, 0.0):
            try:
                self._cancel(execution)
            except (ServiceFailed, SlowDown):
                yield Wait(pause or 0.05)
            else:
                self._work.report.execution(None)
                return

    def _cancel(self, execution: ExecutionLinks | None) -> None:
        """The execution, or the one that began without our hearing of it."""
        if execution is not None:
            self._work.executions.cancel(execution.cancel)
        elif link := self._work.executions.config_status(self.ground.links).execution:
            self._work.executions.cancel(link.removesuffix("/status"))

    def _end(self, execution: ExecutionLinks) -> None:
        """Say that this was all: the first write, so the run must not have been cancelled since.

        A refusal may mean that it was heard the time before.
        """
        self._work.patience.check_anew()
        try:
            self._work.executions.submit(execution, b'{"completed":true}')
        except SubmitRefused:
            if self._work.executions.status(execution.status).state not in ("PROCESSING", "DONE"):
                raise

    def _begin(self) -> Steps[ExecutionLinks]:
        self.ground = yield from set_up(self._work, self.ground)
        self._work.report.phase("sending", self._work.report.record["progress"]["total"])
        links = self.ground.links
        before = yield from self._call(lambda: self._work.executions.config_status(links))
        for _ in range(LOOKS):
            try:
                self.execution = yield from self._call(lambda: self._start(before))
            except StartRefused as refused:
                yield from self._make_way(refused.code)
            else:
                self._work.report.execution(execution_id(self.execution.status))
                return self.execution
        raise RunEnds("import_in_progress")

    def _start(self, before: ConfigStatus) -> ExecutionLinks:
        try:
            begun = self._work.executions.start(self.ground.links)
        except ServiceFailed as failure:
            # It may have begun all the same: what is open then and was not before is ours.
            begun_unheard = failure.retryable or isinstance(failure, LinkElsewhere)
            self._unanswered |= begun_unheard and before.status != "RUNNING"
            self._unheard += begun_unheard
            raise
        self._unanswered = False
        return begun

    def _make_way(self, code: str) -> Steps[None]:
        """Another execution is open: only one that we began may be cancelled or waited for."""
        if self._unheard >= TRIES:  # each began, and was cancelled again
            raise RunEnds("assets_failed")
        known = {"DISABLED": "import_disabled", "INVALID_IMPORT_MODULE_KEY": "import_refused"}
        if code != "IN_PROGRESS":
            raise RunEnds(known.get(code, "mapping_refused"))
        links = self.ground.links
        status = yield from self._call(lambda: self._work.executions.config_status(links))
        link = status.execution
        own = self._work.resumed or self._unanswered
        if link is None or not (own or execution_id(link) in self._work.own):
            raise RunEnds("import_in_progress")
        yield from cancel_if_begun(self._work, link)
        yield Wait(1.0)

    def _submit(self, execution: ExecutionLinks, entries: list[Entry]) -> Steps[None]:
        """One chunk, halved if it is too large. A retry carries the same id, so it counts once."""
        self._chunks += 1
        body = chunk(f"{self._work.run_id}-{self._work.leg}-{self._chunks:05}", entries)
        try:
            yield from self._call(lambda: self._work.executions.submit(execution, body))
        except TooLarge:
            if len(entries) == 1:
                raise RunEnds("import_refused") from None
            half = len(entries) // 2
            yield from self._submit(execution, entries[:half])
            yield from self._submit(execution, entries[half:])
        except SubmitRefused:
            raise RunEnds("import_refused") from None

    def _wait_until_done(self, execution: ExecutionLinks) -> Steps[None]:
        look = 0
        while True:
            status = yield from self._call(lambda: self._work.executions.status(execution.status))
            if status.state == "CANCELLED":
                raise RunEnds("import_refused")
            if status.state == "DONE":
                break
            yield self._work.patience.wait(min(5.0, 0.2 + 0.1 * look))
            look += 1
        lost = status.entries is not None and status.entries < self.sent
        if not status.ok or status.odd or lost:
            self.execution = None
            self._work.report.execution(None)
            raise RunEnds("import_refused")

    def _call(self, action: Callable[[], Result]) -> Steps[Result]:
        return (yield from self._work.patience.call(self._work.import_way, action))
