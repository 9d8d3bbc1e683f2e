"""The table and the site as one actor reaches them, and every text that the site ever held."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.instances.reference import InstanceReference
from app.instances.table import Change
from app.words import InstanceId
from tests.stand_ins.site_storage import InMemorySiteStorage
from tests.stand_ins.table import InMemoryTable
from tests.vault.simulation import fates
from tests.vault.simulation.baton import Actor


@dataclass(kw_only=True)
class Outside(fates.Writes):
    """What all actors share."""

    table: InMemoryTable
    site: InMemorySiteStorage
    written: dict[str, set[str]] = field(default_factory=dict)  # every text a property ever had


class Reach(fates.Reach):
    """How one actor reaches the table and the site."""

    def __init__(self, outside: Outside, actor: Actor) -> None:
        super().__init__(outside, actor)
        self.table: Any = _Table(self, outside.table)
        self.site: Any = _Site(self, outside)


class _Table:
    def __init__(self, reach: Reach, real: InMemoryTable) -> None:
        self._reach, self._real = reach, real

    def read(self, instance: InstanceId) -> InstanceReference | None:
        self._reach.wait()
        return self._real.read(instance)

    def all(self) -> Iterator[InstanceReference]:
        self._reach.wait()
        return self._real.all()

    def change(self, instance: InstanceId, change: Change) -> InstanceReference | None:
        self._reach.wait()
        paths = ", ".join("/".join(path) for path in (*change.set, *change.remove))
        found: InstanceReference | None = self._reach.write(
            f"table {paths}", lambda: self._real.change(instance, change)
        )
        return found


class _Site:
    def __init__(self, reach: Reach, outside: Outside) -> None:
        self._reach, self._real, self._written = reach, outside.site, outside.written

    def read(self, name: str) -> str | None:
        self._reach.wait()
        return self._real.read(name)

    def names(self) -> list[str]:
        self._reach.wait()
        return self._real.names()

    def write(self, name: str, value: str) -> None:
        self._reach.wait()
        self._written.setdefault(name, set()).add(value)
        self._reach.write(f"write {name}", lambda: self._real.write(name, value))

    def delete(self, name: str) -> None:
        self._reach.wait()
        self._reach.write(f"delete {name}", lambda: self._real.delete(name))
