"""Takes messages from a queue between processes and hands them to the worker, one at a time.

A message stays invisible to others while it is worked on, and comes back when this process dies.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final, Protocol

import structlog

from app.errors import AppError
from app.imports.worker import RETRY_DELAY, Outcome

# After a kill a message is to be visible again within 60 s (contract).
VISIBLE_AGAIN: Final = 45
EXTEND_EVERY: Final = 15.0
LOOK_EVERY: Final = 0.5
GRACE: Final = 8.0  # of the fifteen seconds that a stop may take (contract)
_log = structlog.get_logger()


@dataclass(frozen=True)
class Received:
    body: str = field(repr=False)
    handle: str = field(repr=False)


class Inbox(Protocol):
    """The receiving side of a queue. Raises ServiceUnreachable."""

    def receive(self, visible_again: int) -> Received | None: ...

    def extend(self, received: Received, seconds: float) -> None:
        """Keep it invisible for so long from now; 0 puts it back."""
        ...

    def delete(self, received: Received) -> None: ...


class Works(Protocol):
    """Who works on messages: the import's worker, or one that stands before it."""

    def work(self, message: str | bytes) -> Outcome: ...

    def stop(self) -> None: ...


class QueueRunner:
    def __init__(self, inbox: Inbox, worker: Works, grace: float = GRACE) -> None:
        self._inbox = inbox
        self._grace = grace
        self._worker = worker
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Finish or hand back the message at hand, then take no more."""
        self._stopped.set()
        self._worker.stop()

    def run(self) -> None:
        """Work until stopped."""
        while not self._stopped.is_set():
            try:
                self.once()
            except AppError:
                _log.warning("import queue not reached")
                self._stopped.wait(2.0)
            except Exception as bug:  # noqa: BLE001 - one message must not end the worker
                _log.error("import message failed", error=type(bug).__name__)
                self._stopped.wait(2.0)

    def once(self) -> bool:
        """Take one message, if there is one. Raises ServiceUnreachable."""
        received = self._inbox.receive(VISIBLE_AGAIN)
        if received is None:
            return False
        outcome = self._work(received)
        if outcome.again is None:
            self._inbox.delete(received)
        else:
            self._inbox.extend(received, outcome.again)
        return True

    def _work(self, received: Received) -> Outcome:
        """Work beside this thread: a call that hangs must not keep a stop waiting.

        A message that is not done in time goes back; its leg ends with this process.
        """
        outcomes: list[Outcome] = []
        over = threading.Event()

        def work() -> None:
            try:
                outcomes.append(self._worker.work(received.body))
            except Exception as bug:  # noqa: BLE001 - one message must not end the worker
                _log.error("import message failed", error=type(bug).__name__)
                outcomes.append(Outcome(RETRY_DELAY))
            finally:
                over.set()

        keeper = threading.Thread(target=self._keep, args=(received, over), daemon=True)
        for thread in (threading.Thread(target=work, daemon=True), keeper):
            thread.start()
        while not over.wait(LOOK_EVERY):
            if self._stopped.is_set() and not over.wait(self._grace):
                break
        over.set()
        keeper.join()
        return outcomes[0] if outcomes else Outcome(0.0)

    def _keep(self, received: Received, over: threading.Event) -> None:
        while not over.wait(EXTEND_EVERY):
            try:
                self._inbox.extend(received, VISIBLE_AGAIN)
            except AppError:
                _log.warning("import message not extended")
