"""Takes messages from a queue between processes and hands them to the worker, some at a time.

A message stays invisible to others while it is worked on, and comes back when this process dies.
Each slot works on one message, so that an instance that hangs holds one slot and not the process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
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
REST: Final = 2.0  # after a queue that did not answer
SLOTS: Final = 8
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
    """Who works on messages, several at once: the import's worker, or one that stands before it."""

    def work(self, message: str | bytes) -> Outcome: ...

    def stop(self) -> None: ...


class Hands(Protocol):
    """How something is done beside, and how one waits: passed in, as time is."""

    def begin(self, work: Callable[[], None]) -> None: ...

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Until the event or so long. True: the event came."""
        ...


class Threads:
    """Hands of a real process."""

    def begin(self, work: Callable[[], None]) -> None:
        threading.Thread(target=work, daemon=True).start()

    def wait(self, event: threading.Event, seconds: float) -> bool:
        return event.wait(seconds)


class QueueRunner:
    def __init__(
        self,
        inbox: Inbox,
        worker: Works,
        grace: float = GRACE,
        *,
        slots: int = 1,
        hands: Hands | None = None,
    ) -> None:
        self._inbox = inbox
        self._grace = grace
        self._worker = worker
        self._slots = slots
        self._hands = hands or Threads()
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Finish or hand back the messages at hand, then take no more."""
        self._stopped.set()
        self._worker.stop()

    def run(self) -> None:
        """Work in all slots until stopped."""
        others = [threading.Event() for _ in range(self._slots - 1)]
        for over in others:
            self._hands.begin(lambda over=over: self._serve(over))  # type: ignore[misc]
        self._serve(threading.Event())
        for over in others:
            while not self._hands.wait(over, LOOK_EVERY):
                pass

    def _serve(self, over: threading.Event) -> None:
        """One slot."""
        while not self._stopped.is_set():
            try:
                self.once()
            except AppError:
                _log.warning("import queue not reached")
                self._hands.wait(self._stopped, REST)
            except Exception as bug:  # noqa: BLE001 - one message must not end the worker
                _log.error("import message failed", error=type(bug).__name__)
                self._hands.wait(self._stopped, REST)
        over.set()

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

    def handle(self, received: Received) -> bool:
        """Work on a message that somebody else received, and deletes if this gives True.

        False: it comes back, when its visibility says so. Raises ServiceUnreachable.
        """
        self._inbox.extend(received, VISIBLE_AGAIN)
        outcome = self._work(received)
        if outcome.again is not None:
            self._inbox.extend(received, outcome.again)
        return outcome.again is None

    def _work(self, received: Received) -> Outcome:
        """Work beside this thread: a call that hangs must not keep a stop waiting.

        A message that is not done in time goes back; its leg ends with this process.
        """
        outcomes: list[Outcome] = []
        over, kept = threading.Event(), threading.Event()

        def work() -> None:
            try:
                outcomes.append(self._worker.work(received.body))
            except Exception as bug:  # noqa: BLE001 - one message must not end the worker
                _log.error("import message failed", error=type(bug).__name__)
                outcomes.append(Outcome(RETRY_DELAY))
            finally:
                over.set()

        self._hands.begin(work)
        self._hands.begin(lambda: self._keep(received, over, kept))
        while not self._hands.wait(over, LOOK_EVERY):
            if self._stopped.is_set() and not self._hands.wait(over, self._grace):
                break
        over.set()
        while not self._hands.wait(kept, LOOK_EVERY):
            pass
        return outcomes[0] if outcomes else Outcome(0.0)

    def _keep(self, received: Received, over: threading.Event, kept: threading.Event) -> None:
        try:
            while not self._hands.wait(over, EXTEND_EVERY):
                self._extend(received)
        finally:
            kept.set()

    def _extend(self, received: Received) -> None:
        try:
            self._inbox.extend(received, VISIBLE_AGAIN)
        except AppError:
            _log.warning("import message not extended")
