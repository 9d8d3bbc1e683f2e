"""Rewrapping on the real engine: what it writes, and the conditions that let another writer win."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.instances.pointers import InstancePointers
from app.instances.reference import InstanceReference
from app.instances.rewrapping import Rewrapping
from app.instances.table import Change, InstanceTable
from app.vault.keys import KeyIds
from app.vault.parts import Role
from app.vault.ports import PartKey
from app.vault.rewrapping import Rewrapper
from app.vault.vault import Vault
from app.words import Generation, InstanceId, Secret
from tests.stand_ins.kms import INSTANCE, SETTINGS, StrictKms

ONE, G1 = InstanceId("one"), Generation("g1")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
APP_KEY = "com.example.my-assets"
BOTH: tuple[Role, ...] = ("rewrap-open", "rewrap-rest")


class Keyring:
    """A key service whose keys were changed after a reference was written."""

    def __init__(self, table: InstanceTable) -> None:
        self.kms = StrictKms()
        self.former = (self.kms.key(SETTINGS).arn, self.kms.key(INSTANCE).arn)
        vault = self.vault(KeyIds(SETTINGS, INSTANCE))
        made = self.kms.make(INSTANCE, {"app": APP_KEY, "instance": ONE, "generation": G1,
                                        "part": "encryption-string", "version": "1-a"})  # fmt: skip
        self.string = PartKey("1-a", "", made.key_id, made.wrapped)
        secret = vault.seal_in_reference(ONE, G1, "connect_secret", Secret("shared"))
        keys = {"encryption-string@1-a": vars(self.string)}
        table.create(InstanceReference(ONE, "connect", "installed", G1, part_keys=keys,
                                       connect_secret=secret))  # fmt: skip
        self.kms.add_key(SETTINGS)
        self.kms.add_key(INSTANCE)
        self.ids = KeyIds(SETTINGS, INSTANCE, (self.former[0],), (self.former[1],))

    def vault(self, ids: KeyIds) -> Vault:
        return Vault("web", self.kms, ids, APP_KEY, lambda: NOW, os.urandom)

    def rewrapping(self, table: InstanceTable) -> Rewrapping:
        return Rewrapping(table, Rewrapper(BOTH, self.kms, self.ids, APP_KEY, lambda: NOW))


@pytest.fixture
def ring(table: InstanceTable) -> Keyring:
    return Keyring(table)


def test_each_key_is_wrapped_anew_and_the_secret_opens_without_the_former_keys(
    table: InstanceTable, ring: Keyring
) -> None:
    rewrapping = ring.rewrapping(table)
    assert [each.instance_id for each in rewrapping.walk()] == [ONE]
    assert (rewrapping.tally.rewrapped, rewrapping.tally.left) == (3, [])
    for arn in ring.former:
        ring.kms.set_state(arn, "Disabled")
    reference = table.read(ONE)
    assert reference is not None
    assert reference.connect_secret is not None
    vault = ring.vault(KeyIds(SETTINGS, INSTANCE))
    opened = vault.open_from_reference(ONE, G1, "connect_secret", reference.connect_secret)
    assert opened.reveal() == b"shared"
    again = ring.rewrapping(table)
    list(again.walk())
    assert (again.tally.rewrapped, again.tally.current) == (0, 3)


def test_whoever_wrote_meanwhile_wins(table: InstanceTable, ring: Keyring) -> None:
    """The walk read the reference before: what it would write no longer belongs there."""
    before = list(table.all())
    newer = ring.vault(ring.ids).seal_in_reference(ONE, G1, "connect_secret", Secret("newer"))
    table.change(
        ONE, Change({("connect_secret",): newer}, [("part_keys", "encryption-string@1-a")])
    )

    class Late:
        """The table as it was when the walk began."""

        def all(self) -> list[InstanceReference]:
            return before

        def read(self, instance_id: InstanceId) -> InstanceReference | None:
            return table.read(instance_id)

        def change(self, instance_id: InstanceId, change: Change) -> InstanceReference | None:
            return table.change(instance_id, change)

    rewrapping = ring.rewrapping(Late())  # type: ignore[arg-type]
    list(rewrapping.walk())
    assert rewrapping.tally.left == []
    reference = table.read(ONE)
    assert reference is not None
    assert reference.connect_secret == newer
    assert reference.part_keys == {}


def test_a_pointer_stands_only_while_it_is_exactly_what_was_seen(
    table: InstanceTable, ring: Keyring
) -> None:
    pointers = InstancePointers(table, ONE)
    key, seen = "encryption-string@1-a", ring.string
    next_one = PartKey("2-b", "", "k", b"w")
    list(ring.rewrapping(table).walk())
    assert not pointers.flip(G1, {key: seen}, {"encryption-string": next_one})
    now = pointers.read_now().part_keys[key]
    assert now == replace(seen, key_id=now.key_id, wrapped=now.wrapped) != seen
    assert pointers.flip(G1, {key: now}, {"encryption-string": next_one})
    assert pointers.flip(G1, {key: "1-a"}, {"encryption-string": next_one})
