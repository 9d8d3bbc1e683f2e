"""The table and the site as one actor reaches them: it waits before each call, and writes may fail.

Each write has a number. What happens to it is said by the plan: nothing, or one of FATES.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.errors import ServiceUnreachable
from app.instances.reference import InstanceReference
from app.instances.table import Change
from app.words import InstanceId
from tests.stand_ins.site_storage import InMemorySiteStorage
from tests.stand_ins.table import InMemoryTable
from tests.vault.interrupting import Crash
from tests.vault.simulation.baton import Actor, Baton

# killed: written, and the actor is gone. lost: written, but no answer came. refused: not written.
# late: no answer came, and the write arrives at some later moment.
Fate = Literal["killed", "lost", "refused", "late"]
FATES: Final[tuple[Fate, ...]] = ("killed", "lost", "refused", "late")


@dataclass
class Outside:
    """What all actors share. `look` is called after everything that was written."""

    baton: Baton
    table: InMemoryTable
    site: InMemorySiteStorage
    plan: Mapping[int, Fate]
    look: Callable[[str], None]
    writes: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    written: dict[str, set[str]] = field(default_factory=dict)  # every text a property ever had

    def write(self, who: Reach, what: str, write: Callable[[], Any]) -> Any:
        """One write of an actor, and what becomes of it."""
        self.writes += 1
        number = self.writes
        fate = self.plan.get(number)
        self.fates[fate or "well"] += 1
        told = f"write {number} ({fate or 'well'}) by {who.actor.name}: {what}"
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
        write()
        self.look(told)


class Reach:
    """How one actor reaches the outside. Once it is gone it reaches nothing."""

    def __init__(self, outside: Outside, actor: Actor) -> None:
        self.outside, self.actor = outside, actor
        self.is_gone = False
        self.was_silent = False  # whether a write of its went without an answer

    def wait(self) -> None:
        if self.is_gone:
            raise Crash
        self.actor.pause()

    @property
    def table(self) -> Any:
        return _Table(self)

    @property
    def site(self) -> Any:
        return _Site(self)


class _Table:
    def __init__(self, reach: Reach) -> None:
        self._reach, self._real = reach, reach.outside.table

    def read(self, instance: InstanceId) -> InstanceReference | None:
        self._reach.wait()
        return self._real.read(instance)

    def all(self) -> Iterator[InstanceReference]:
        self._reach.wait()
        return self._real.all()

    def change(self, instance: InstanceId, change: Change) -> InstanceReference | None:
        self._reach.wait()
        paths = ", ".join("/".join(path) for path in (*change.set, *change.remove))
        found: InstanceReference | None = self._reach.outside.write(
            self._reach, f"table {paths}", lambda: self._real.change(instance, change)
        )
        return found


class _Site:
    def __init__(self, reach: Reach) -> None:
        self._reach, self._real = reach, reach.outside.site

    def read(self, name: str) -> str | None:
        self._reach.wait()
        return self._real.read(name)

    def names(self) -> list[str]:
        self._reach.wait()
        return self._real.names()

    def write(self, name: str, value: str) -> None:
        self._reach.wait()
        outside = self._reach.outside
        outside.written.setdefault(name, set()).add(value)
        outside.write(self._reach, f"write {name}", lambda: self._real.write(name, value))

    def delete(self, name: str) -> None:
        self._reach.wait()
        self._reach.outside.write(self._reach, f"delete {name}", lambda: self._real.delete(name))
