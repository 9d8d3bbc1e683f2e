"""Takes messages from a queue between processes and hands them to the worker, some at a time.

A message stays invisible to others while it is worked on, and comes back when this process dies.
One that has to wait rests here, where its leg is, and takes no slot; others get it if we die.
An instance that hangs holds one slot and not the process.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol

import structlog

from app.errors import AppError
from app.imports.legs.hands import LOOK_EVERY, Hands, Room, Threads
from app.imports.legs.worker import RETRY_DELAY, Outcome

# After a kill a message is to be visible again within 60 s (contract).
VISIBLE_AGAIN: Final = 45
AFTER_A_REST: Final = 25  # a rest of an import is half a minute at most
EXTEND_EVERY: Final = 15.0
GRACE: Final = 8.0  # of the fifteen seconds that a stop may take (contract)
REST: Final = 2.0  # after a queue that did not answer
SLOTS: Final = 8
MOST_RESTING: Final = 200  # each may hold a leg in memory
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


class QueueRunner:
    """`slots`: how many messages are worked on at once."""

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
        self._hands = hands or Threads()
        self._stopped = threading.Event()
        self._room = Room(slots, MOST_RESTING, self._hands)

    def stop(self) -> None:
        """Finish or hand back the messages at hand, then take no more."""
        self._stopped.set()
        self._worker.stop()

    def run(self) -> None:
        """Take and work until stopped."""
        while not self._stopped.is_set():
            self._room.enter()
            try:
                received = None if self._stopped.is_set() else self._inbox.receive(VISIBLE_AGAIN)
            except Exception as fault:  # noqa: BLE001 - nothing may end the worker
                _tell("import queue not reached", fault)
                received = None
                self._hands.wait(self._stopped, REST)
            if received is None:
                self._room.leave()
            else:
                self._hands.begin(partial(self._see_through, received))
        self._room.until_empty()

    def _see_through(self, received: Received) -> None:
        """Work on a message until it is done with, or goes back to the queue."""
        try:
            while (again := self._work(received).again) is not None:
                if not self._rested(received, again):
                    return
            self._inbox.delete(received)
        except Exception as fault:  # noqa: BLE001 - one message must not end the worker
            _tell("import message not seen through", fault)
        finally:
            self._room.leave()

    def _rested(self, received: Received, again: float) -> bool:
        """True: the wait is over, and the message is still ours. False: it went back."""
        if again <= 0 or self._stopped.is_set() or not self._room.may_rest():
            self._inbox.extend(received, again)
            return False
        self._inbox.extend(received, again + AFTER_A_REST)
        with self._room.resting():
            self._hands.wait(self._stopped, again)
        self._inbox.extend(received, 0 if self._stopped.is_set() else VISIBLE_AGAIN)
        return not self._stopped.is_set()

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


def _tell(what: str, fault: Exception) -> None:
    say = _log.warning if isinstance(fault, AppError) else _log.error
    say(what, error=type(fault).__name__)
