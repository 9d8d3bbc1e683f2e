"""What both doors ask of a living instance: the same questions, the same answers."""

from __future__ import annotations

import pytest

from app.errors import Refused, SettingsUnreadable
from app.instances.connect_secret import ConnectSecrets
from app.instances.lifecycle import Lifecycle
from app.instances.reference import InstanceReference
from app.instances.table import Change
from app.words import Door
from tests.instances.test_lifecycle import event
from tests.stand_ins.atlassian import AT
from tests.stand_ins.forge_site import HOME, ForgeWorld, called, system_token


class World(ForgeWorld):
    def __init__(self) -> None:
        super().__init__()
        secrets = ConnectSecrets(self.sealer, self.clock)
        self.lifecycle = Lifecycle(self.table, secrets, HOME, self.clock)

    def install(self, door: Door) -> InstanceReference:
        if door == "connect":
            self.lifecycle.apply(event("installed", AT, "secret-1"))
            return self.reference
        made = self.forge.instance(called())
        return self.tokens.keep(made, system_token(), licensed=True)

    def uninstall(self, door: Door) -> None:
        if door == "connect":
            self.lifecycle.apply(event("uninstalled", AT + 1))
        else:
            self.forge.leaving(called(AT + 1, site_url=None))


@pytest.fixture
def world() -> World:
    return World()


both = pytest.mark.parametrize("door", ["connect", "forge"])


@both
def test_an_instance_as_it_is_now_is_read_anew(world: World, door: Door) -> None:
    made = world.install(door)
    world.directory.find(made.instance_id)
    world.table.change(made.instance_id, Change({("seen_at",): "2026-11-21T12:00:00Z"}))
    assert world.living.as_it_is_now(made).seen_at == "2026-11-21T12:00:00Z"


@both
def test_a_life_that_is_over_is_refused(world: World, door: Door) -> None:
    made = world.install(door)
    world.uninstall(door)
    with pytest.raises(Refused):
        world.living.as_it_is_now(made)


@both
def test_the_digest_key_is_the_instances_own_and_goes_with_it(world: World, door: Door) -> None:
    made = world.install(door)
    assert len(world.living.digest_key(made)) >= 8
    world.uninstall(door)
    with pytest.raises(SettingsUnreadable):
        world.living.digest_key(world.reference)
