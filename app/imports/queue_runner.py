"""Takes messages from a queue between processes and hands them to the worker, one at a time.

A message stays invisible to others while it is worked on, and comes back when this process dies.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final, Protocol

import structlog

from app.errors import AppError
from app.imports.worker import ImportWorker

# After a kill a message is to be visible again within 60 s (contract).
VISIBLE_AGAIN: Final = 45
EXTEND_EVERY: Final = 15.0
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


class QueueRunner:
    def __init__(self, inbox: Inbox, worker: ImportWorker) -> None:
        self._inbox = inbox
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

    def once(self) -> bool:
        """Take one message, if there is one. Raises ServiceUnreachable."""
        received = self._inbox.receive(VISIBLE_AGAIN)
        if received is None:
            return False
        over = threading.Event()
        keeper = threading.Thread(target=self._keep, args=(received, over), daemon=True)
        keeper.start()
        try:
            outcome = self._worker.work(received.body)
        finally:
            over.set()
            keeper.join()
        if outcome.again is None:
            self._inbox.delete(received)
        else:
            self._inbox.extend(received, outcome.again)
        return True

    def _keep(self, received: Received, over: threading.Event) -> None:
        while not over.wait(EXTEND_EVERY):
            try:
                self._inbox.extend(received, VISIBLE_AGAIN)
            except AppError:
                _log.warning("import message not extended")
