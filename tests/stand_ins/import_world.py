"""One instance with everything an import needs, in memory, and a clock that only waits move."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from app.errors import AppError, CredentialRefused, Problem, SettingsUnreadable
from app.imports.desk.desk import ImportDesk
from app.imports.desk.sample_desk import SampleDesk
from app.imports.legs.worker import ImportWorker
from app.imports.run.pass_ports import AccountLinks
from app.imports.run.ports import NamedImport
from app.imports.run.runs import Runs
from app.instances.reference import InstanceReference
from app.site_settings.documents import ImportRules
from app.words import Generation, InstanceId, Json
from tests.stand_ins.assets_world import WORKSPACE, AssetsWorld, ImportsOf
from tests.stand_ins.entra_directory import EntraDirectory
from tests.stand_ins.table import InMemoryTable

START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Store:
    content: bytes | None = None
    writes: int = 0

    def read(self) -> bytes | None:
        return self.content

    def write(self, content: bytes) -> None:
        assert len(content) < 24 * 1024
        self.content = content
        self.writes += 1


@dataclass
class Samples(Store):
    """`fault` is raised by whoever reads or writes."""

    fault: AppError | None = None

    def read(self) -> bytes | None:
        if self.fault is not None:
            raise self.fault
        return super().read()

    def write(self, content: bytes) -> None:
        if self.fault is not None:
            raise self.fault
        super().write(content)

    def forget(self) -> None:
        self.content = None


@dataclass
class Connected:
    """The Connections of the import's port."""

    world: AssetsWorld
    imports: ImportsOf
    graph: EntraDirectory
    import_rules: ImportRules
    store: Store = field(default_factory=Store)
    sampled: Samples = field(default_factory=Samples)
    expiry_asked: int = 0
    expiry_fault: AppError | None = None
    links: Store = field(default_factory=Store)
    tenant: str = "tenant-1"
    lacking: Sequence[Problem] = ()
    unreadable: bool = False
    consent: bool = True
    entra_refuses: bool = False
    entra_code: int | None = None
    tidied: int = 0
    named: NamedImport | None = None
    passes: Samples = field(default_factory=Samples)
    linking: Callable[[Sequence[str]], AccountLinks] | None = None

    def require_readable(self, instance: InstanceReference) -> None:
        if self.unreadable:
            raise SettingsUnreadable

    def missing(self, instance: InstanceReference) -> Sequence[Problem]:
        return self.lacking

    def consented(self, instance: InstanceReference) -> bool:
        return self.consent

    def rules(self, instance: InstanceReference) -> ImportRules:
        return self.import_rules

    def import_named(self, instance: InstanceReference) -> NamedImport | None:
        return self.named

    def workspace_id(self, instance: InstanceReference) -> str:
        return WORKSPACE

    def assets(self, instance: InstanceReference) -> AssetsWorld:
        return self.world

    def executions(self, instance: InstanceReference) -> ImportsOf:
        return self.imports

    def directory(self, instance: InstanceReference) -> EntraDirectory:
        if self.entra_refuses:
            raise CredentialRefused("no token", code=self.entra_code)
        self.graph.before("entra.token")
        return self.graph

    def source(self, instance: InstanceReference) -> str:
        return self.tenant

    def delta_links(self, instance: InstanceReference) -> Store:
        return self.links

    def history(self, instance: InstanceReference) -> Store:
        return self.store

    def learn_secret_expiry(self, instance: InstanceReference) -> None:
        self.expiry_asked += 1
        if self.expiry_fault is not None:
            raise self.expiry_fault

    def samples(self, instance: InstanceReference) -> Samples:
        return self.sampled

    def pass_store(self, instance: InstanceReference) -> Samples:
        return self.passes

    def account_links(self, instance: InstanceReference, spared: Sequence[str]) -> AccountLinks:
        assert self.linking is not None
        return self.linking(spared)

    def tidy(self, instance: InstanceReference) -> None:
        self.tidied += 1


class QueueInMemory:
    def __init__(self) -> None:
        self.messages: list[str] = []

    def put(self, message: str, group: str, delay: float = 0.0) -> None:
        self.messages.append(message)


class ImportWorld:
    """`run()` starts a run and works it off; time passes only by waiting."""

    def __init__(self, rules: ImportRules | None = None) -> None:
        rules = rules or ImportRules(missing_objects="ignore")
        self.clock = Clock()
        missing = "remove" if rules.missing_objects == "remove" else "ignore"
        self.assets = AssetsWorld(missing=missing)
        self.graph = EntraDirectory()
        self.connected = Connected(self.assets, ImportsOf(self.assets), self.graph, rules)
        self.table = InMemoryTable()
        self.instance = InstanceReference(
            InstanceId("instance-1"), "connect", "installed", Generation("g1"),
            base_url="https://one.example",
        )  # fmt: skip
        self.table.create(self.instance)
        self.queue = QueueInMemory()
        numbers = itertools.count(1)
        self.random = lambda size: next(numbers).to_bytes(size, "big")
        self.runs = Runs(self.table, self.clock)
        self.desk = ImportDesk(self.runs, self.connected, self.queue, self.clock, self.random)
        self.samples = SampleDesk(self.desk, self.connected, self.clock)
        self.worker = self.new_worker()

    def new_worker(self) -> ImportWorker:
        """A process of its own: it knows nothing of another's parked legs."""
        return ImportWorker(
            self.runs, self.connected, self.clock, lambda size: bytes(size), self.clock.wait
        )

    def rule(self, **changes: object) -> None:
        old = self.connected.import_rules
        self.connected.import_rules = ImportRules.model_validate({**old.model_dump(), **changes})

    def instance_with(self, document: str) -> InstanceReference:
        """The reference with a sealed document in it."""
        return replace(self.instance, part_keys={document: {}})

    def start(self, mode: str = "full", **more: str) -> str:
        return str(self.desk.start(self.instance, {"mode": mode, **more})["id"])

    def work_off(self, most: int = 2000) -> None:
        for _ in range(most):
            if not self.queue.messages:
                return
            outcome = self.worker.work(self.queue.messages[0])
            if outcome.again is None:
                self.queue.messages.pop(0)
            else:
                self.clock.wait(max(outcome.again, 0.01))
        raise AssertionError("the run did not come to its end")

    def run(self, mode: str = "full", **more: str) -> Json:
        run_id = self.start(mode, **more)
        self.work_off()
        return self.desk.get(self.instance, run_id)
