"""One instance: its Jira with sealed settings, its Assets, its directory, its trouble."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Final, Literal

from app.errors import ServiceFailed, ServiceTimedOut, SlowDown
from app.instances.reference import InstanceReference
from app.words import Generation, InstanceId
from tests.load.virtual_time import VirtualTime
from tests.stand_ins.assets_world import AssetsWorld, ImportsOf
from tests.stand_ins.entra_directory import Device, EntraDirectory, Group, Person
from tests.stand_ins.site_storage import InMemorySiteStorage

Trouble = Literal["none", "dead_jira", "dead_graph", "throttled_graph", "flood", "bug"]
REGION: Final = "eu-central-1"
GENERATION: Final = Generation("g1700000000")
GIVEN_UP_AFTER: Final = 30.0  # app.outside.http.READ_SECONDS
LATENCY: Final = {"graph": 0.6, "entra": 0.4, "assets": 0.25, "imports": 0.4}
TROUBLES: Final[tuple[Trouble, ...]] = (
    "dead_jira", "dead_graph", "throttled_graph", "flood", "bug",
)  # fmt: skip


@dataclass
class Site:
    """`wrong_from` to `wrong_until`: the seconds of the play in which its trouble lasts."""

    id: InstanceId
    time: VirtualTime
    trouble: Trouble
    seed: int
    wrong_from: float = 0.0
    wrong_until: float = float("inf")
    assets: AssetsWorld = field(default_factory=AssetsWorld)
    graph: EntraDirectory = field(default_factory=lambda: EntraDirectory(page_size=5))
    storage: InMemorySiteStorage = field(default_factory=InMemorySiteStorage)
    calls: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self.assets.page_size = 50
        self.imports = ImportsOf(self.assets)
        self.assets.before = self.graph.before = self._call
        self._fill()

    @property
    def reference(self) -> InstanceReference:
        return InstanceReference(
            self.id, "connect", "installed", GENERATION,
            base_url=f"https://{self.id}.example", region=REGION,
        )  # fmt: skip

    @property
    def is_wrong(self) -> bool:
        return self.wrong_from <= self.time.now < self.wrong_until

    def begin_play(self) -> None:
        """From now on its storage takes time, too, and may be silent."""
        self.storage.pause = self._stored

    def change_somebody(self) -> None:
        """As happens in a company: somebody moves, somebody comes."""
        people = self.graph.people_by_id
        people[f"{self.id}-p1"].department = "Moved"
        people[f"{self.id}-new"] = Person(f"{self.id}-new", "New Person", department="Office")

    def _fill(self) -> None:
        people = {
            f"{self.id}-p{n}": Person(
                f"{self.id}-p{n}", f"Person {n}", f"p{n}@{self.id}.example",
                f"p{n}@{self.id}.example", "Office", manager=f"{self.id}-p0" if n else None,
            )
            for n in range(self._random.randint(5, 12))
        }  # fmt: skip
        self.graph.people_by_id = people
        self.graph.groups_by_id = {
            f"{self.id}-g": Group(f"{self.id}-g", "Everybody", tuple(people))
        }
        self.graph.devices_by_id = {
            f"{self.id}-d{n}": Device(f"{self.id}-d{n}", f"Laptop {n}", "Model", owner=owner)
            for n, owner in enumerate(list(people)[:4])
        }

    def _call(self, call: str) -> None:
        self.calls += 1
        where = call.split(".")[0]
        if self.is_wrong and self.trouble == "dead_graph" and where == "graph":
            self.time.sleep(GIVEN_UP_AFTER)
            raise ServiceTimedOut("A service did not answer in time.")
        self.time.sleep(LATENCY[where] * self._random.uniform(0.5, 2.0))
        if self.is_wrong and self.trouble == "throttled_graph" and where == "graph":
            if self._random.random() < 0.5:
                raise SlowDown(retry_after=self._random.choice([1, 20, 120, None]))
            if self._random.random() < 0.1:
                raise ServiceFailed
        if self.is_wrong and self.trouble == "bug" and call == "assets.schema":
            raise ZeroDivisionError

    def _stored(self) -> None:
        if self.is_wrong and self.trouble == "dead_jira":
            self.time.sleep(GIVEN_UP_AFTER)
            raise ServiceTimedOut("A service did not answer in time.")
        self.time.sleep(0.1)
