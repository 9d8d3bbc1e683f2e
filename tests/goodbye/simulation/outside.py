"""Table, chain and folder as one actor reaches them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from app.errors import ServiceFailed
from tests.vault.simulation import fates

WRITES: Final = ("change", "append", "remove", "keep")


class InMemoryReceipts:
    """A folder in memory: a file is there whole or not at all, and is never overwritten."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}

    def read(self, name: str) -> str | None:
        return self.files.get(name)

    def keep(self, name: str, text: str) -> None:
        if self.files.setdefault(name, text) != text:
            raise ServiceFailed


class Reach(fates.Reach):
    """How one actor reaches whatever it is given."""

    def to(self, target: Any) -> Any:
        """The same object, reached by this actor."""
        return _Reached(target, self)


class _Reached:
    def __init__(self, target: Any, reach: Reach) -> None:
        self._target, self._reach = target, reach

    def __getattr__(self, name: str) -> Callable[..., Any]:
        real = getattr(self._target, name)

        def call(*how: Any) -> Any:
            self._reach.wait()
            if name not in WRITES:
                return real(*how)
            return self._reach.write(name, lambda: real(*how))

        return call
