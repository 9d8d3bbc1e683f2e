"""What becomes of each write of several actors: the plan says it, by the write's number.

An actor waits before each call to the outside; once it is gone it reaches nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.errors import ServiceFailed, ServiceUnreachable
from tests.vault.interrupting import Crash
from tests.vault.simulation.baton import Actor, Baton

# killed: written, and the actor is gone. lost: written, but no answer came. refused: not written.
# late: no answer came, and the write arrives at some later moment.
Fate = Literal["killed", "lost", "refused", "late"]
FATES: Final[tuple[Fate, ...]] = ("killed", "lost", "refused", "late")


@dataclass
class Writes:
    """Of all actors. `look` is called after everything that was written."""

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
        who.was_silent = who.was_silent or fate is not None
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
    """How one actor reaches the outside."""

    def __init__(self, writes: Writes, actor: Actor) -> None:
        self._writes = writes
        self.actor = actor
        self.is_gone = False
        self.was_silent = False  # whether a write of its went without an answer

    def wait(self) -> None:
        if self.is_gone:
            raise Crash
        self.actor.pause()

    def write(self, what: str, write: Callable[[], Any]) -> Any:
        return self._writes.write(self, what, write)
