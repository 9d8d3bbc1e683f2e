"""How a process does several things at once: its threads, and the room there is for their work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Protocol

LOOK_EVERY: Final = 0.5


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


class Room:
    """`slots` may work at once; those who rest meanwhile, at most `most_resting`, take none.

    Whoever comes back from a rest goes before whoever is new.
    """

    def __init__(self, slots: int, most_resting: int, hands: Hands) -> None:
        self._slots = slots
        self._most_resting = most_resting
        self._hands = hands
        self._lock = threading.Lock()
        self._working = self._resting = self._coming_back = 0
        self._changed = threading.Event()

    def enter(self) -> None:
        """Wait for a slot and take it."""
        while not self._entered():
            self._hands.wait(self._changed, LOOK_EVERY)

    def _come_back(self) -> None:
        self._count(coming_back=1)
        while not self._entered(coming_back=1):
            self._hands.wait(self._changed, LOOK_EVERY)

    def leave(self) -> None:
        self._count(working=-1)

    def may_rest(self) -> bool:
        """Whether one more may."""
        return self._resting < self._most_resting

    @contextmanager
    def resting(self) -> Iterator[None]:
        """Give the slot away while inside, and wait for one before going on."""
        self._count(working=-1, resting=1)
        try:
            yield
        finally:
            self._come_back()
            self._count(resting=-1)

    def until_empty(self) -> None:
        """Wait until nobody works or rests."""
        while self._working or self._resting:
            self._changed.clear()
            self._hands.wait(self._changed, LOOK_EVERY)

    def _entered(self, coming_back: int = 0) -> bool:
        with self._lock:
            self._changed.clear()
            gives_way = self._coming_back > 0 and not coming_back
            if self._working >= self._slots or gives_way:
                return False
            self._working += 1
            self._coming_back -= coming_back
            return True

    def _count(self, working: int = 0, resting: int = 0, coming_back: int = 0) -> None:
        with self._lock:
            self._working += working
            self._resting += resting
            self._coming_back += coming_back
        self._changed.set()
