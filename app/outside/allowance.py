"""How often something may be done that a stranger can cause: some at once, then a steady drip."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from app.words import Clock


class Allowance:
    """`at_once` times at once, and once more after each `every` that passed."""

    def __init__(self, at_once: int, every: timedelta, clock: Clock) -> None:
        self._whole = at_once * every
        self._every = every
        self._clock = clock
        self._whole_again = datetime(2000, 1, 1, tzinfo=UTC)
        self._lock = threading.Lock()

    def spend(self) -> bool:
        """Take one; False, and nothing is taken, if there is none left."""
        with self._lock:
            now = self._clock()
            after = max(self._whole_again, now) + self._every
            if after - now > self._whole:
                return False
            self._whole_again = after
            return True
