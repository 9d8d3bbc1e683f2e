"""Table, chain and folder as one actor reaches them: it waits before each call; writes may fail.

Each write has a number. What becomes of it is said by the plan: nothing, or one of FATES.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.errors import ServiceFailed, ServiceUnreachable
from tests.vault.interrupting import Crash
from tests.vault.simulation.baton import Actor, Baton
from tests.vault.simulation.outside import FATES, Fate

WRITES: Final = ("change", "append", "remove", "keep")
__all__ = ["FATES", "Fate", "InMemoryReceipts", "Outside", "Reach"]


class InMemoryReceipts:
    """A folder in memory: a file is there whole or not at all, and is never overwritten."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}

    def read(self, name: str) -> str | None:
        return self.files.get(name)

    def keep(self, name: str, text: str) -> None:
        if self.files.setdefault(name, text) != text:
            raise ServiceFailed


@dataclass
class Outside:
    """What all actors share. `look` is called after everything that was written."""

    baton: Baton
    plan: Mapping[int, Fate]
    look: Callable[[str], None]
    writes: int = 0
    fates: Counter[str] = field(default_factory=Counter)

    def write(self, who: Reach, what: str, write: Callable[[], Any]) -> Any:
        """One write of an actor, and what becomes of it."""
        self.writes += 1
        fate = self.plan.get(self.writes)
        self.fates[fate or "well"] += 1
        told = f"write {self.writes} ({fate or 'well'}) by {who.actor.name}: {what}"
        if fate in ("refused", "late"):
            if fate == "late":
                self.baton.delayed.append(lambda: self._arrive(told, write))
            raise ServiceUnreachable("no answer")
        result = write()
        self.look(told)
        if fate == "killed":
            who.is_gone = True
            raise Crash
        if fate == "lost":
            raise ServiceUnreachable("no answer")
        return result

    def _arrive(self, told: str, write: Callable[[], Any]) -> None:
        try:
            write()
        except ServiceFailed:
            return  # refused where it arrived, and nobody is there to hear it
        self.look(told)


class Reach:
    """How one actor reaches the outside. Once it is gone it reaches nothing."""

    def __init__(self, outside: Outside, actor: Actor) -> None:
        self.outside, self.actor = outside, actor
        self.is_gone = False

    def to(self, target: Any) -> Any:
        """The same object, reached by this actor."""
        return _Reached(target, self)


class _Reached:
    def __init__(self, target: Any, reach: Reach) -> None:
        self._target, self._reach = target, reach

    def __getattr__(self, name: str) -> Callable[..., Any]:
        real = getattr(self._target, name)

        def call(*how: Any) -> Any:
            if self._reach.is_gone:
                raise Crash
            self._reach.actor.pause()
            if name not in WRITES:
                return real(*how)
            return self._reach.outside.write(self._reach, name, lambda: real(*how))

        return call
