"""The instance table with latency, throttling and lost answers; it notes what becomes of runs."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.errors import OwnServiceUnreachable
from app.imports.run.runs import ENDED
from app.instances.reference import InstanceReference
from app.instances.table import EVERYTHING, Change, InstanceTable, Share
from app.words import InstanceId
from tests.load.virtual_time import VirtualTime

CALL = 0.004


@dataclass
class Fate:
    """One run as the table saw it. Seconds of the play."""

    instance: InstanceId
    mode: str
    accepted: float
    taken: int = 0  # by how many workers, one after the other
    endings: list[tuple[float, str, str]] = field(default_factory=list)


@dataclass
class WatchedTable:
    """`app.instances.table.InstanceTable`. `throttled`: in these seconds `share` of calls fail."""

    real: InstanceTable
    time: VirtualTime
    seed: int
    throttled: tuple[range, ...] = ()
    share: float = 0.9
    fates: dict[str, Fate] = field(default_factory=dict)
    due_moves: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    calls: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def read(self, instance_id: InstanceId) -> InstanceReference | None:
        self._call()
        return self.real.read(instance_id)

    def create(self, reference: InstanceReference) -> bool:
        return self.real.create(reference)

    def change(self, instance_id: InstanceId, change: Change) -> InstanceReference | None:
        lost = self._fails() and self._random.random() < 0.3
        if not lost:
            self._call()
        before = self.real.read(instance_id)
        changed = self.real.change(instance_id, change)
        if changed is not None:
            self._watch(before, changed)
        if lost:
            raise OwnServiceUnreachable("The instance table cannot be reached.")
        return changed

    def by_installation(self, installation_id: str) -> InstanceReference | None:
        return self.real.by_installation(installation_id)

    def due(self, region: str, until: str) -> Iterator[InstanceReference]:
        self._call()
        yield from self.real.due(region, until)

    def all(self, share: Share = EVERYTHING) -> Iterator[InstanceReference]:
        self._call()
        yield from self.real.all(share)

    def _call(self) -> None:
        self.calls += 1
        self.time.sleep(CALL)
        if self._fails():
            raise OwnServiceUnreachable("The instance table cannot be reached.")

    def _fails(self) -> bool:
        slow = any(int(self.time.now) in window for window in self.throttled)
        return slow and self._random.random() < self.share

    def _watch(self, before: InstanceReference | None, after: InstanceReference) -> None:
        old, new = (before.run if before else None) or {}, after.run or {}
        if new and new["id"] not in self.fates:
            self.fates[new["id"]] = Fate(after.instance_id, str(new["mode"]), self.time.now)
        if new and new["state"] == "running" and new["fence"] != old.get("fence"):
            self.fates[new["id"]].taken += 1
        if new and new["state"] in ENDED and old.get("state") not in ENDED:
            ending = (self.time.now, str(new["state"]), str(new["stop"]))
            self.fates[new["id"]].endings.append(ending)
        if before is not None and before.import_due_at != after.import_due_at:
            self.due_moves[after.instance_id].append(str(before.import_due_at))
