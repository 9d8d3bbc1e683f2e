"""A token of Entra ID for as long as a read goes on: asked for anew shortly before it ends.

A token lives about an hour; a read that Graph makes wait may last six.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Lock
from typing import Final

from app.outside.credentials import Bearer
from app.outside.microsoft.entra import EntraToken
from app.words import Clock

EARLY: Final = timedelta(minutes=5)


class LastingToken:
    """A Credential. `ask` gives a new token; the first is asked for at once, and raises as it."""

    def __init__(self, ask: Callable[[], EntraToken], clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._lock = Lock()  # pages are fetched beside each other
        self._renew()

    def authorization(self, method: str, url: str) -> str:
        """Raises what `ask` raises."""
        with self._lock:
            if self._clock() >= self._until:
                self._renew()
            return self._bearer.authorization(method, url)

    def _renew(self) -> None:
        began = self._clock()
        token = self._ask()
        self._bearer = Bearer(token.access)
        # A token that is short-lived is used to its half: it must not be asked for each time.
        lives = timedelta(seconds=token.expires_in)
        self._until = began + max(lives - EARLY, lives / 2)
