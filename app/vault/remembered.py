"""What was opened, remembered for a short while: bounded, and loaded once however many ask.

Nothing outlives its time, and a failure is never remembered.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from app.words import HIDDEN, Clock

KEPT_FOR: Final = timedelta(seconds=300)
KEPT_AT_MOST: Final = 10_000
T = TypeVar("T")
Key = tuple[Hashable, ...]


class Remembered:
    """Values by key. Those who ask while the first one loads wait for it and share the outcome."""

    def __init__(
        self, clock: Clock, *, keep: timedelta = KEPT_FOR, at_most: int = KEPT_AT_MOST
    ) -> None:
        self._clock = clock
        self._keep = keep
        self._at_most = at_most
        self._kept: OrderedDict[Key, tuple[datetime, Future[Any]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, load: Callable[[], T]) -> T:
        """The value, loaded if it is not there. Raises what `load` raises."""
        coming, mine = self._claimed(key)
        if mine:
            self._settle(key, coming, load)
        value: T = coming.result()
        return value

    def has(self, key: Key) -> bool:
        """Whether a value is there and may be used without loading anything."""
        with self._lock:
            kept = self._kept.get(key)
            return kept is not None and kept[0] > self._clock() and kept[1].done()

    def drop(self, unwanted: Callable[[Key], bool]) -> None:
        """Let go of every key that is unwanted, at once."""
        with self._lock:
            for key in [key for key in self._kept if unwanted(key)]:
                del self._kept[key]

    def _claimed(self, key: Key) -> tuple[Future[Any], bool]:
        now = self._clock()
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept[0] > now:
                return kept[1], False
            self._make_room(now)
            coming: Future[Any] = Future()
            self._kept[key] = (now + self._keep, coming)
            self._kept.move_to_end(key)
            return coming, True

    def _make_room(self, now: datetime) -> None:
        # Keys are in the order of their end, so the stale ones are the first.
        while self._kept:
            key, (until, _) = next(iter(self._kept.items()))
            if until > now and len(self._kept) < self._at_most:
                return
            del self._kept[key]

    def _settle(self, key: Key, coming: Future[Any], load: Callable[[], T]) -> None:
        try:
            coming.set_result(load())
        except BaseException as error:  # noqa: BLE001 - whoever waits must not wait forever
            with self._lock:
                if self._kept.get(key, (None, None))[1] is coming:
                    del self._kept[key]
            coming.set_exception(error)

    def __repr__(self) -> str:
        return HIDDEN
