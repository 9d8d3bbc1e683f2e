"""Sends entries to an execution in chunks. Nothing is applied before the bare end is sent.

The execution starts with the first chunk, so a run without changes starts none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from app.errors import ServiceFailed, TooLarge
from app.imports.ground import Ground
from app.imports.kinds import Kind
from app.imports.patience import Result, RunEnds, Steps, Wait
from app.imports.ports import ExecutionLinks, StartRefused, SubmitRefused
from app.imports.setting_up import set_up
from app.imports.work import Work

# NC: what Assets takes. Advice of the facts (2.5): at most 500 objects and 1 MB.
CHUNK_OBJECTS: Final = 500
CHUNK_BYTES: Final = 1_000_000
FRAME_BYTES: Final = 1_000  # what surrounds the entries
LOOKS: Final = 600
_encode = msgspec.json.Encoder().encode
Entry = tuple[str, bytes]  # selector and encoded entry


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

    def add(self, kind: Kind, entry: Mapping[str, str], *, changed: bool) -> Steps[None]:
        encoded = _encode(entry)
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
        yield from self._call(
            lambda: self._work.executions.submit(execution, b'{"completed":true}')
        )
        yield from self._wait_until_done(execution)
        self._work.report.advance(self.sent)
        self.execution = None
        self._work.report.execution(None)

    def abandon(self) -> Steps[None]:
        """Take back what was only sent. If Assets cannot be told now, a later run does it."""
        execution, self.execution = self.execution, None
        self._waiting = []
        if execution is None:
            return
        for pause in (0.5, 1.0, 0.0):
            try:
                self._work.executions.cancel(execution.cancel)
            except ServiceFailed:
                yield Wait(pause or 0.05)
            else:
                self._work.report.execution(None)
                return

    def _begin(self) -> Steps[ExecutionLinks]:
        self.ground = yield from set_up(self._work, self.ground)
        self._work.report.phase("sending", self._work.report.record["progress"]["total"])
        for _ in range(LOOKS):
            try:
                self.execution = yield from self._call(
                    lambda: self._work.executions.start(self.ground.links)
                )
            except StartRefused as refused:
                yield from self._make_way(refused.code)
            else:
                self._work.report.execution(execution_id(self.execution.status))
                return self.execution
        raise RunEnds("import_in_progress")

    def _make_way(self, code: str) -> Steps[None]:
        """Another execution is open: only one that we began may be cancelled or waited for."""
        known = {"DISABLED": "import_disabled", "INVALID_IMPORT_MODULE_KEY": "import_refused"}
        if code != "IN_PROGRESS":
            raise RunEnds(known.get(code, "mapping_refused"))
        links = self.ground.links
        status = yield from self._call(lambda: self._work.executions.config_status(links))
        link = status.execution
        if link is None or not (self._work.resumed or execution_id(link) in self._work.own):
            raise RunEnds("import_in_progress")
        state = yield from self._call(lambda: self._work.executions.status(link))
        if state.state == "INGESTING":
            yield from self._call(
                lambda: self._work.executions.cancel(link.removesuffix("/status"))
            )
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


def chunk(client_id: str, entries: list[Entry]) -> bytes:
    """The body of one chunk: entries by selector, an id of its own, not the end."""
    by_selector: dict[str, list[bytes]] = {}
    for selector, encoded in entries:
        by_selector.setdefault(selector, []).append(encoded)
    lists = b",".join(
        _encode(selector) + b":[" + b",".join(encoded) + b"]"
        for selector, encoded in by_selector.items()
    )
    return b'{"data":{%b},"clientGeneratedId":%b,"completed":false}' % (lists, _encode(client_id))


def execution_id(status_link: str) -> str:
    """The id in an execution's status link, which alone may be remembered, never the link."""
    return status_link.split("?")[0].removesuffix("/status").rpartition("/")[2]
