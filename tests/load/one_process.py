"""What a process of a deployment is made of: a vault of its own, on services all share."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Problem, SettingsUnreadable
from app.imports.run.ports import NamedImport
from app.imports.run.runs import Runs
from app.instances.directory import Directory
from app.instances.pointers import InstancePointers
from app.instances.reference import InstanceReference
from app.instances.table import InstanceTable
from app.site_settings.documents import ImportRules
from app.site_settings.reading import SettingsReader
from app.vault.keys import KeyIds
from app.vault.parts import Role
from app.vault.shelf import Shelf
from app.vault.tidying import put_in_order
from app.vault.vault import Vault
from app.wiring.imports import FIRST, DeltaLinks, PreviewSamples, RunHistory
from app.words import InstanceId, RandomBytes
from tests.load.fifo_queue import FifoQueue
from tests.load.instances import Site
from tests.load.virtual_time import Process, VirtualTime
from tests.stand_ins.assets_world import WORKSPACE, AssetsWorld, ImportsOf
from tests.stand_ins.entra_directory import EntraDirectory
from tests.stand_ins.kms import INSTANCE, SETTINGS, StrictKms
from tests.vault.world import APP_KEY


@dataclass
class Outside:
    """What all processes share."""

    time: VirtualTime
    table: InstanceTable
    kms: StrictKms
    queue: FifoQueue
    sites: Mapping[InstanceId, Site]
    seed: int

    def random(self, process: str) -> RandomBytes:
        return random.Random(f"{self.seed} {process}").randbytes


class OneProcess:
    """`app.imports.run.connections.Connections` of one process, with the settings truly sealed."""

    def __init__(self, outside: Outside, role: Role, name: str) -> None:
        time = outside.time
        self.outside = outside
        self.process = Process(name)
        self.random = outside.random(name)
        self._vault = Vault(
            role, outside.kms.as_role(role), KeyIds(SETTINGS, INSTANCE), APP_KEY, time.clock,
            self.random,
        )  # fmt: skip
        self._directory = Directory(outside.table, time.clock)
        self._reader = SettingsReader(lambda instance: self.shelf(self._vault, instance))
        self.runs = Runs(outside.table, time.clock)

    def shelf(self, vault: Vault, instance: InstanceReference) -> Shelf:
        """As `app.wiring.sites.Sites` has it."""
        storage = self.outside.sites[instance.instance_id].storage
        pointers = InstancePointers(self.outside.table, instance.instance_id, self._directory)
        return vault.shelf(instance.instance_id, instance.generation, storage, pointers)

    def own_shelf(self, instance: InstanceReference) -> Shelf:
        return self.shelf(self._vault, instance)

    def site(self, instance: InstanceReference) -> Site:
        return self.outside.sites[instance.instance_id]

    def require_readable(self, instance: InstanceReference) -> None:
        self._reader.require_readable_for_import(instance)

    def missing(self, instance: InstanceReference) -> Sequence[Problem]:
        return [Problem(each, FIRST[each]) for each in self._reader.missing_for_import(instance)]

    def consented(self, instance: InstanceReference) -> bool:
        return self._reader.consent(instance).entra_import

    def rules(self, instance: InstanceReference) -> ImportRules:
        rules = self._reader.import_rules(instance)
        assert rules is not None
        return rules

    def import_named(self, instance: InstanceReference) -> NamedImport | None:
        return None

    def workspace_id(self, instance: InstanceReference) -> str:
        return WORKSPACE

    def assets(self, instance: InstanceReference) -> AssetsWorld:
        assert self._reader.assets_access(instance) is not None
        return self.site(instance).assets

    def executions(self, instance: InstanceReference) -> ImportsOf:
        assert self._reader.container_token(instance) is not None
        return self.site(instance).imports

    def directory(self, instance: InstanceReference) -> EntraDirectory:
        secret = self._reader.entra_secret(instance)
        if secret is None or secret.tenant_id != instance.instance_id:
            raise SettingsUnreadable("The secret of another instance.")
        self.site(instance).graph.before("entra.token")
        return self.site(instance).graph

    def source(self, instance: InstanceReference) -> str:
        return str(instance.instance_id)

    def delta_links(self, instance: InstanceReference) -> DeltaLinks:
        return DeltaLinks(self._as_sites(), self._vault, instance)

    def history(self, instance: InstanceReference) -> RunHistory:
        return RunHistory(self._as_sites(), self._vault, instance)

    def samples(self, instance: InstanceReference) -> PreviewSamples:
        return PreviewSamples(self._as_sites(), self._vault, instance)

    def learn_secret_expiry(self, instance: InstanceReference) -> None:
        return

    def tidy(self, instance: InstanceReference) -> None:
        put_in_order(self.own_shelf(instance))

    def _as_sites(self) -> Any:
        return self
