"""A small world for the vault's tests: a site, a reference, a key service, a clock that is set."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from app.instances.pointers import InstancePointers
from app.instances.reference import InstanceReference
from app.instances.table import Change
from app.vault.key_policies import Arns, Standing, key_policy
from app.vault.keys import KeyIds
from app.vault.parts import Lock, Role
from app.vault.roles import ROLES
from app.vault.shelf import Shelf
from app.vault.vault import Vault
from app.words import Generation, InstanceId, Secret
from tests.stand_ins.kms import INSTANCE, SETTINGS, StrictKms, role_arn
from tests.stand_ins.site_storage import InMemorySiteStorage
from tests.stand_ins.table import InMemoryTable

APP_KEY = "com.example.my-assets"
A = InstanceId("a" * 32)
B = InstanceId("b" * 32)
G1 = Generation("g1700000000")
G2 = Generation("g1800000000")
ARNS: Arns = {role: [role_arn(role)] for role in ROLES}
TOKEN = "the-token-nobody-may-see-123456789"


class SetClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class World:
    """Two instances, A and B, each with a site of its own, under one table and one KMS."""

    def __init__(self) -> None:
        self.kms = StrictKms()
        self.put_policy("settings", SETTINGS)
        self.put_policy("instance", INSTANCE)
        self.table = InMemoryTable()
        self.clock = SetClock()
        self.sites = {A: InMemorySiteStorage(), B: InMemorySiteStorage()}
        for instance in (A, B):
            self.table.create(InstanceReference(instance, "connect", "installed", G1))

    def put_policy(self, lock: Lock, key_id: str, standing: Standing = "current") -> None:
        """The key policy that the role table gives this key."""
        self.kms.put_policy(key_id, key_policy(lock, ARNS, APP_KEY, standing))

    @property
    def site(self) -> InMemorySiteStorage:
        return self.sites[A]

    def vault(self, role: Role = "web", key_ids: KeyIds | None = None) -> Vault:
        """A process that has just started: nothing is remembered."""
        ids = key_ids or KeyIds(SETTINGS, INSTANCE)
        return Vault(role, self.kms.as_role(role), ids, APP_KEY, self.clock, os.urandom)

    def shelf(
        self,
        role: Role = "web",
        instance: InstanceId = A,
        generation: Generation = G1,
        vault: Vault | None = None,
    ) -> Shelf:
        pointers = InstancePointers(self.table, instance)
        mine = vault or self.vault(role)
        return mine.shelf(instance, generation, self.sites[instance], pointers)

    def uninstall(self, instance: InstanceId = A) -> None:
        self.table.change(instance, Change({("state",): "uninstalled", ("part_keys",): {}}))

    def install_again(self, instance: InstanceId = A) -> None:
        self.table.change(
            instance,
            Change({("state",): "installed", ("part_keys",): {}, ("generation",): G2}),
        )

    def entry(self, document: str, instance: InstanceId = A) -> dict[str, object]:
        """The stored pointer of a document."""
        reference = self.table.read(instance)
        assert reference is not None
        return dict(reference.part_keys[document])

    def name(self, document: str, instance: InstanceId = A) -> str:
        """The name of the property that a document rests in."""
        return f"{G1}.{document}.{self.entry(document, instance)['version']}"


def text_of(found: Secret | None) -> str | None:
    """What was opened, as text."""
    return None if found is None else found.reveal_text()
