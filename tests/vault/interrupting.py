"""Stops a flow at any of its calls to the outside, before or after the call took effect."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Literal

When = Literal["before", "after"]


class Crash(BaseException):
    """The process is gone: nothing after this runs. No `except` of ours may catch it."""


class Interruption:
    """Raises `error` at the call with this number. After a Crash every later call crashes too."""

    def __init__(self, number: int, when: When, error: BaseException) -> None:
        self._number = number
        self._when = when
        self.error = error
        self._count = 0
        self._lock = threading.Lock()
        self.happened = False

    def around(self, target: Any) -> Any:
        """The same object, whose calls are counted."""
        return _Counted(target, self)

    def call(self, real: Callable[..., Any], *args: Any) -> Any:
        with self._lock:
            self._count += 1
            mine = self._count == self._number
            gone = self.happened and isinstance(self.error, Crash)
        if gone or (mine and self._when == "before"):
            self.happened = True
            raise self.error
        result = real(*args)
        if mine:
            self.happened = True
            raise self.error
        return result


class _Counted:
    def __init__(self, target: Any, interruption: Interruption) -> None:
        self._target = target
        self._interruption = interruption

    def __getattr__(self, name: str) -> Callable[..., Any]:
        real = getattr(self._target, name)
        return lambda *args: self._interruption.call(real, *args)
