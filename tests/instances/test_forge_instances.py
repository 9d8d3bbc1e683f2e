"""The Forge door's instances: one a site, one life an installation, and nothing by being late."""

from __future__ import annotations

import pytest

from app.errors import Refused, ServiceUnreachable
from app.instances.reference import InstanceReference
from app.instances.table import Change
from tests.stand_ins.atlassian import AT, SITE
from tests.stand_ins.forge_site import ForgeWorld, called, system_token
from tests.stand_ins.forge_tokens import (
    CLOUD,
    FORGE_SITE,
    INSTALLATION,
    OTHER_CLOUD,
    OTHER_INSTALLATION,
)
from tests.stand_ins.table import InMemoryTable

PART = {"version": "1-a", "string_version": "", "key_id": "k", "wrapped": b"w"}


class World(ForgeWorld):
    """A world whose table a test may make fail."""

    table: InMemoryTable

    def set_up(self) -> InstanceReference:
        """An installed instance with a setting, a token and a run."""
        made = self.forge.instance(called())
        self.tokens.keep(made, system_token(), licensed=True)
        values = {("part_keys", "visibility"): PART, ("run",): {"id": "r1", "state": "running"}}
        changed = self.table.change(made.instance_id, Change(values))
        self.directory.forget(made.instance_id)
        assert changed is not None
        return changed


@pytest.fixture
def world() -> World:
    return World(InMemoryTable())


def test_the_first_call_of_an_installation_makes_a_new_and_empty_instance(world: World) -> None:
    made = world.forge.instance(called())
    assert made == world.reference
    assert (made.door, made.state, made.region) == ("forge", "installed", "eu-central-1")
    assert (made.cloud_id, made.installation_id) == (CLOUD, INSTALLATION)
    assert made.base_url == FORGE_SITE
    assert made.part_keys == {}
    assert (made.client_key, made.connect_secret, made.site_token) == (None, None, None)


def test_a_call_of_an_instance_that_stands_writes_nothing(world: World) -> None:
    made = world.forge.instance(called())
    world.table.calls.clear()
    for second in range(5):
        assert world.forge.instance(called(AT + second)) == made
    assert world.table.calls["change"] == world.table.calls["create"] == 0
    assert world.table.calls["read"] <= 1


def test_an_install_event_before_any_call_makes_the_instance(world: World) -> None:
    assert world.forge.installed(called(site_url=None)) == "create"
    assert world.reference.base_url == ""
    assert world.forge.instance(called(AT + 1)).base_url == FORGE_SITE


def test_A14_install_and_upgrade_events_of_what_stands_change_nothing(world: World) -> None:
    before = world.set_up()
    for second in (-5, 0, 5):
        assert world.forge.installed(called(AT + second, site_url=None)) == "nothing"
        assert world.forge.upgraded(called(AT + second, site_url=None)) == "nothing"
    assert world.reference == before


def test_two_sites_are_two_instances(world: World) -> None:
    first = world.forge.instance(called())
    second = world.forge.instance(called(cloud=OTHER_CLOUD, installation=OTHER_INSTALLATION))
    assert first.instance_id != second.instance_id


def test_another_forge_environment_is_another_instance() -> None:
    table = InMemoryTable()
    first = ForgeWorld(table, "PRODUCTION").forge.instance(called())
    second = ForgeWorld(table, "DEVELOPMENT").forge.instance(
        called(installation=OTHER_INSTALLATION)
    )
    assert first.instance_id != second.instance_id


def test_a_new_installation_of_a_known_site_starts_empty_under_the_same_id(world: World) -> None:
    before = world.set_up()
    found = world.forge.instance(called(AT + 60, installation=OTHER_INSTALLATION))
    assert found.instance_id == before.instance_id
    assert found.generation != before.generation
    assert found.installation_id == OTHER_INSTALLATION
    assert (found.part_keys, found.site_token, found.run) == ({}, None, None)


@pytest.mark.parametrize("earlier", [0, -1, -60])
def test_C4_an_installation_that_is_not_newer_takes_nothing_over(
    world: World, earlier: int
) -> None:
    before = world.set_up()
    with pytest.raises(Refused):
        world.forge.instance(called(AT + earlier, installation=OTHER_INSTALLATION))
    assert world.forge.installed(
        called(AT + earlier, installation=OTHER_INSTALLATION, site_url=None)
    ) == "nothing"  # fmt: skip
    assert world.reference == before


def test_C4_the_installation_of_one_site_is_refused_at_another(world: World) -> None:
    before = world.set_up()
    mixed = called(AT + 60, cloud=OTHER_CLOUD, site_url=None)
    for ask in (world.forge.instance, world.forge.installed, world.forge.upgraded):
        with pytest.raises(Refused):
            ask(mixed)
    assert world.forge.leaving(mixed) == "nothing"
    assert world.reference == before


def test_C4_the_installation_of_one_site_starts_no_new_life_at_another(world: World) -> None:
    world.forge.instance(called())
    other = world.forge.instance(called(cloud=OTHER_CLOUD, installation=OTHER_INSTALLATION))
    with pytest.raises(Refused):
        world.forge.instance(called(AT + 60, cloud=OTHER_CLOUD))
    assert world.table.read(other.instance_id) == other


def test_C4_an_installation_stays_its_sites_own_after_the_uninstall(world: World) -> None:
    world.forge.instance(called())
    world.forge.leaving(called(AT + 1, site_url=None))
    with pytest.raises(Refused):
        world.forge.instance(called(AT + 60, cloud=OTHER_CLOUD))


def test_leaving_forgets_every_key_and_sets_the_erase_date(world: World) -> None:
    world.set_up()
    assert world.forge.leaving(called(AT + 60, site_url=None)) == "uninstall"
    gone = world.reference
    assert gone.state == "uninstalled"
    assert (gone.part_keys, gone.site_token, gone.run) == ({}, None, None)
    assert gone.uninstalled_at == "2026-11-21T12:00:00Z"
    assert gone.erase_due_at == "2026-12-21T12:00:00Z"


def test_leaving_twice_keeps_the_first_erase_date(world: World) -> None:
    world.set_up()
    world.forge.leaving(called(AT + 60, site_url=None))
    world.clock.pass_(days=3)
    assert world.forge.leaving(called(AT + 90, site_url=None)) == "note"
    assert world.forge.leaving(called(AT + 90, site_url=None)) == "nothing"
    assert world.reference.erase_due_at == "2026-12-21T12:00:00Z"


def test_A16_the_leaving_of_an_unknown_site_writes_nothing(world: World) -> None:
    assert world.forge.leaving(called(site_url=None)) == "nothing"
    assert list(world.table.all()) == []


def test_A14_the_leaving_of_another_installation_or_an_older_one_changes_nothing(
    world: World,
) -> None:
    before = world.set_up()
    other = called(AT + 60, installation=OTHER_INSTALLATION, site_url=None)
    assert world.forge.leaving(other) == "nothing"
    assert world.forge.leaving(called(AT - 1, site_url=None)) == "nothing"
    assert world.reference == before


@pytest.mark.parametrize("installation", [INSTALLATION, OTHER_INSTALLATION])
def test_a_later_call_after_leaving_starts_a_new_and_empty_life(
    world: World, installation: str
) -> None:
    before = world.set_up()
    world.forge.leaving(called(AT + 60, site_url=None))
    again = world.forge.instance(called(AT + 61, installation=installation))
    assert again.instance_id == before.instance_id
    assert again.generation != before.generation
    assert (again.state, again.part_keys) == ("installed", {})
    assert (again.uninstalled_at, again.erase_due_at, again.site_token) == (None, None, None)


@pytest.mark.parametrize("installation", [INSTALLATION, OTHER_INSTALLATION])
def test_within_one_second_leaving_wins(world: World, installation: str) -> None:
    world.set_up()
    assert world.forge.leaving(called(site_url=None)) == "uninstall"
    for second in (0, -1):
        with pytest.raises(Refused):
            world.forge.instance(called(AT + second, installation=installation))
        late = called(AT + second, installation=installation, site_url=None)
        assert world.forge.installed(late) == "nothing"
    assert world.reference.state == "uninstalled"


def test_an_install_between_two_leavings_does_not_win_by_being_late(world: World) -> None:
    world.set_up()
    world.forge.leaving(called(AT + 60, site_url=None))
    world.forge.leaving(called(AT + 90, site_url=None))
    assert world.forge.installed(called(AT + 75, site_url=None)) == "nothing"
    assert world.reference.state == "uninstalled"


def test_this_process_sees_a_leaving_at_once_and_others_within_two_seconds(world: World) -> None:
    made = world.set_up()
    assert world.directory.find(made.instance_id) is not None
    world.forge.leaving(called(AT + 1, site_url=None))
    found = world.directory.find(made.instance_id)
    assert found is not None
    assert not found.is_alive


def test_an_erased_instance_begins_anew_and_its_address_is_the_first_seen(world: World) -> None:
    made = world.set_up()
    names = ("base_url", "cloud_id", "installation_id", "part_keys", "last_event_at", "site_token")
    erased = Change({("state",): "erased", ("receipt",): "x"}, [(name,) for name in names])
    world.table.change(made.instance_id, erased)
    world.directory.forget(made.instance_id)
    other = "https://renamed.atlassian.net"
    again = world.forge.instance(
        called(AT + 90, installation=OTHER_INSTALLATION, site_url=other)
    )  # fmt: skip
    assert (again.state, again.base_url, again.receipt) == ("installed", other, None)
    assert again.generation != made.generation
    assert again.instance_id == made.instance_id


def test_a_silent_instance_that_calls_is_installed_with_its_settings(world: World) -> None:
    made = world.set_up()
    silent = {("state",): "silent", ("silent_since",): "2026-11-01T00:00:00Z"}
    world.table.change(made.instance_id, Change(silent))
    world.directory.forget(made.instance_id)
    found = world.forge.instance(called(AT + 60))
    assert (found.state, found.silent_since) == ("installed", None)
    assert found.part_keys == {"visibility": PART}


def test_the_hourly_call_is_remembered_while_the_instance_lives(world: World) -> None:
    made = world.set_up()
    world.forge.seen(made)
    assert world.reference.seen_at == "2026-11-21T12:00:00Z"
    world.forge.leaving(called(AT + 1, site_url=None))
    before = world.reference
    world.clock.pass_(hours=1)
    world.forge.seen(made)
    assert world.reference == before


def test_a_new_life_was_never_seen(world: World) -> None:
    world.forge.seen(world.set_up())
    found = world.forge.instance(called(AT + 60, installation=OTHER_INSTALLATION))
    assert found.seen_at is None


def test_A17_an_odd_address_is_never_stored(world: World) -> None:
    for odd in ("http://acme.atlassian.net", "https://acme.atlassian.net.evil.com", "x"):
        assert world.forge.instance(called(site_url=odd)).base_url == ""
    assert world.forge.instance(called()).base_url == FORGE_SITE
    assert world.addresses.asked == []


def test_C4_the_address_of_another_site_is_refused(world: World) -> None:
    said = "https://other.atlassian.net"
    before = world.set_up()
    world.addresses.cloud_ids["https://other.atlassian.net"] = OTHER_CLOUD
    with pytest.raises(Refused):
        world.forge.instance(called(AT + 1, site_url=said))
    assert world.reference == before


def test_C4_a_new_life_does_not_take_another_sites_address_either(world: World) -> None:
    before = world.set_up()
    mixed = called(AT + 60, installation=OTHER_INSTALLATION, site_url="https://other.atlassian.net")
    with pytest.raises(Refused):
        world.forge.instance(mixed)
    assert world.reference == before


def test_a_renamed_site_is_believed_once_its_new_address_confirms_it(world: World) -> None:
    before = world.set_up()
    renamed = "https://renamed.atlassian.net"
    world.addresses.cloud_ids[renamed] = CLOUD
    found = world.forge.instance(called(AT + 1, site_url=renamed))
    assert found.base_url == renamed == world.reference.base_url
    assert (found.generation, found.part_keys) == (before.generation, before.part_keys)
    world.forge.instance(called(AT + 2, site_url=renamed))
    assert world.addresses.asked == [renamed]


@pytest.mark.parametrize("said", ["https://assets.customer.example", "http://acme.atlassian.net"])
def test_an_address_outside_the_rules_says_nothing_and_is_not_asked(
    world: World, said: str
) -> None:
    """It may be a domain of the customer's own: whoever came first, the site is let in."""
    before = world.set_up()
    world.addresses.cloud_ids[said] = CLOUD
    assert world.forge.instance(called(AT + 1, site_url=said)).base_url == before.base_url
    assert world.reference == before
    assert world.addresses.asked == []


def test_a_call_without_an_address_is_fine(world: World) -> None:
    before = world.set_up()
    assert world.forge.instance(called(AT + 1, site_url=None)) == before


def test_a_connect_instance_of_the_same_installation_is_no_obstacle(world: World) -> None:
    world.table.create(
        InstanceReference(
            instance_id=world.forge.instance(
                called(cloud=OTHER_CLOUD, installation=OTHER_INSTALLATION)
            ).instance_id[::-1],  # type: ignore[arg-type]
            door="connect",
            state="installed",
            generation=world.reference.generation,
            base_url=SITE,
            installation_id=INSTALLATION,
        )
    )
    assert world.forge.instance(called()).door == "forge"


def test_a_table_that_does_not_answer_is_no_success(world: World) -> None:
    world.table.fail("create", "after")
    with pytest.raises(ServiceUnreachable):
        world.forge.instance(called())
    assert world.forge.instance(called(AT + 1)).generation == f"g{AT}"
    world.table.fail("change", "before")
    with pytest.raises(ServiceUnreachable):
        world.forge.leaving(called(AT + 2, site_url=None))
    assert world.forge.leaving(called(AT + 2, site_url=None)) == "uninstall"
