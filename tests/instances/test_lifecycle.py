"""Install and uninstall: repeated, late, out of order, and at the same time."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest

from app.errors import Refused, ServiceUnreachable, SettingsUnreadable
from app.instances.connect_secret import ConnectSecrets
from app.instances.directory import ConnectInstances, Directory
from app.instances.events import LifecycleEvent
from app.instances.lifecycle import Home, Lifecycle
from app.instances.reference import InstanceReference
from app.instances.table import Change
from app.words import Secret
from tests.stand_ins.atlassian import AT, SITE
from tests.stand_ins.clock import StoppedClock
from tests.stand_ins.sealer import LabelledSealer
from tests.stand_ins.table import InMemoryTable

HOME = Home("my-assets-for-jira", "sandbox", "eu-central-1")


class World:
    """A lifecycle with its table, its clock and what a door would ask."""

    def __init__(self) -> None:
        self.table = InMemoryTable()
        self.clock = StoppedClock()
        self.sealer = LabelledSealer()
        self.secrets = ConnectSecrets(self.sealer, self.clock)
        self.lifecycle = Lifecycle(self.table, self.secrets, HOME, self.clock)
        self.instances = ConnectInstances(
            Directory(self.table, self.clock), self.secrets, HOME, self.clock
        )

    def install(self, at: int = AT, secret: str = "secret-1", digest: str = "", **more: str) -> str:
        return self.lifecycle.apply(event("installed", at, secret, digest, **more))

    def uninstall(self, at: int = AT, digest: str = "") -> str:
        return self.lifecycle.apply(event("uninstalled", at, None, digest))

    @property
    def reference(self) -> InstanceReference:
        (only,) = self.table.all()
        return only

    def in_force(self, client_key: str = "client-a") -> list[str]:
        self.instances.forget(client_key)
        return [each.reveal_text() for each in self.instances.secrets(client_key)]


def event(
    kind: str, at: int, secret: str | None = None, digest: str = "", client: str = "client-a"
) -> LifecycleEvent:
    body = digest or f"{kind}-{at}-{secret}"
    made = Secret(secret) if secret else None
    assert kind in ("installed", "uninstalled")
    return LifecycleEvent(kind, client, SITE, at, body, made, None, None)  # type: ignore[arg-type]


def told(event: LifecycleEvent, **site: str) -> LifecycleEvent:
    return replace(event, **site)  # type: ignore[arg-type]


@pytest.fixture
def world() -> World:
    return World()


def test_an_install_makes_a_reference_and_nothing_more(world: World) -> None:
    assert world.install() == "create"
    assert world.reference.state == "installed"
    assert world.reference.base_url == SITE
    assert world.reference.part_keys == {}
    assert world.in_force() == ["secret-1"]


def test_A14_the_same_install_twice_is_one_write(world: World) -> None:
    world.install()
    before = world.reference
    assert world.install() == "nothing"
    assert world.reference == before


def test_A14_another_install_in_the_same_second_is_refused(world: World) -> None:
    world.install()
    before = world.reference
    with pytest.raises(Refused):
        world.install(secret="secret-2")
    assert world.reference == before


def test_A14_an_older_event_changes_nothing(world: World) -> None:
    world.install(AT + 10)
    before = world.reference
    assert world.install(AT + 5, "stolen") == "nothing"
    assert world.uninstall(AT + 5) == "nothing"
    assert world.reference == before


def test_A16_the_uninstall_of_an_unknown_instance_writes_nothing(world: World) -> None:
    assert world.uninstall() == "nothing"
    assert list(world.table.all()) == []


def test_A18_the_same_address_with_a_new_client_key_is_a_new_instance(world: World) -> None:
    world.install()
    world.lifecycle.apply(event("installed", AT, "secret-b", client="client-b"))
    first, second = world.table.all()
    assert first.instance_id != second.instance_id
    assert world.in_force("client-b") == ["secret-b"]


def test_A19_a_new_secret_works_and_the_old_one_stops_after_its_grace(world: World) -> None:
    world.install()
    assert world.install(AT + 60, "secret-2") == "renew"
    assert world.in_force() == ["secret-1", "secret-2"]
    world.clock.pass_(minutes=4, seconds=59)
    assert world.in_force() == ["secret-1", "secret-2"]
    world.clock.pass_(seconds=1)
    assert world.in_force() == ["secret-2"]


def test_A18_a_restored_site_shares_nothing_but_its_address(world: World) -> None:
    world.install()
    old = world.reference
    world.lifecycle.apply(told(event("installed", AT + 60, "secret-b", client="client-b")))
    (restored,) = [each for each in world.table.all() if each.client_key == "client-b"]
    assert restored.base_url == old.base_url
    assert (restored.part_keys, restored.run) == ({}, None)
    assert world.table.read(old.instance_id) == old
    assert world.in_force("client-a") == ["secret-1"]
    assert world.in_force("client-b") == ["secret-b"]
    world.lifecycle.apply(event("uninstalled", AT + 90, client="client-b"))
    assert world.table.read(old.instance_id) == old


def test_A18_the_secret_of_a_restored_site_does_not_open_in_the_other_instance(
    world: World,
) -> None:
    world.install()
    world.lifecycle.apply(event("installed", AT, "secret-b", client="client-b"))
    first, second = world.table.all()
    stolen = Change({("connect_secret",): dict(second.connect_secret or {})})
    world.table.change(first.instance_id, stolen)
    moved = world.table.read(first.instance_id)
    assert moved is not None
    with pytest.raises(SettingsUnreadable):
        world.secrets.open(moved)


def test_A19_the_grace_does_not_begin_anew_when_the_same_secret_comes_again(world: World) -> None:
    world.install()
    world.install(AT + 60, "secret-2")
    world.clock.pass_(minutes=4)
    world.install(AT + 300, "secret-2", digest="again")
    assert world.in_force() == ["secret-1", "secret-2"]
    world.clock.pass_(minutes=1)
    assert world.in_force() == ["secret-2"]


def test_A19_a_third_secret_leaves_grace_to_the_one_before_it_only(world: World) -> None:
    world.install()
    world.install(AT + 60, "secret-2")
    world.install(AT + 120, "secret-3")
    assert world.in_force() == ["secret-2", "secret-3"]


def test_A19_the_secret_before_an_uninstall_has_no_grace(world: World) -> None:
    world.install()
    world.install(AT + 60, "secret-2")
    world.uninstall(AT + 61)
    world.install(AT + 62, "secret-3")
    assert world.in_force() == ["secret-3"]


def test_A19_of_two_rotations_out_of_order_the_newer_stays(world: World) -> None:
    world.install()
    assert world.install(AT + 120, "secret-3") == "renew"
    assert world.install(AT + 60, "secret-2") == "nothing"
    assert world.in_force() == ["secret-1", "secret-3"]


def test_a_renamed_site_keeps_its_settings_at_its_new_address(world: World) -> None:
    world.install()
    before = world.reference
    moved = "https://renamed.atlassian.net"
    world.lifecycle.apply(told(event("installed", AT + 60, "secret-1"), base_url=moved))
    now = world.reference
    assert now.base_url == moved
    assert (now.instance_id, now.generation) == (before.instance_id, before.generation)


def test_what_an_install_does_not_say_stays_in_one_life_and_goes_with_it(world: World) -> None:
    site = {"cloud_id": "cloud-1", "installation_id": "i-1"}
    world.lifecycle.apply(told(event("installed", AT, "secret-1"), **site))
    world.install(AT + 1)
    assert (world.reference.cloud_id, world.reference.installation_id) == ("cloud-1", "i-1")
    world.uninstall(AT + 2)
    world.install(AT + 3)
    assert (world.reference.cloud_id, world.reference.installation_id) == (None, None)


def test_an_uninstall_with_the_very_bytes_of_the_install_still_wins_its_second(
    world: World,
) -> None:
    world.install(digest="the same bytes")
    assert world.uninstall(digest="the same bytes") == "uninstall"


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_A14_events_in_any_order_and_repeated_end_as_the_newest_says(
    world: World, order: tuple[int, ...]
) -> None:
    world.install(AT)
    told_in_order = [
        lambda: world.install(AT + 1, "secret-2"),
        lambda: world.uninstall(AT + 2),
        lambda: world.install(AT + 3, "secret-3"),
        lambda: world.uninstall(AT + 4),
    ]
    for number in (*order, *order):
        told_in_order[number]()
    assert (world.reference.state, world.reference.last_event_at) == ("uninstalled", AT + 4)
    assert world.in_force() == []
    assert world.install(AT + 5, "secret-4") == "start over"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_install_uninstall_install_within_one_second_end_uninstalled(
    world: World, order: tuple[int, ...]
) -> None:
    world.install(AT - 1, "secret-0")
    events = [
        lambda: world.install(digest="first"),
        lambda: world.uninstall(),
        lambda: world.install(digest="second"),
    ]
    for number in order:
        with suppress(Refused):
            events[number]()
    assert world.reference.state == "uninstalled"
    assert world.install(AT + 1, "secret-2") == "start over"
    assert world.in_force() == ["secret-2"]


def test_an_erased_reference_takes_nothing_but_an_install(world: World) -> None:
    world.install()
    names = ("base_url", "client_key", "part_keys", "last_event_at", "last_event_digest",
             "connect_secret")  # fmt: skip
    erased = Change({("state",): "erased", ("receipt",): "x"}, [(name,) for name in names])
    world.table.change(world.reference.instance_id, erased)
    before = world.reference
    assert world.uninstall(AT + 60) == "nothing"
    assert world.reference == before
    assert world.install(AT + 90, "secret-2") == "start over"
    assert (world.reference.receipt, world.reference.client_key) == (None, "client-a")
    assert world.reference.generation != before.generation


def test_a_renewed_install_keeps_settings_and_generation(world: World) -> None:
    world.install()
    key = {"version": "1-a", "string_version": "", "key_id": "k", "wrapped": b"w"}
    world.table.change(world.reference.instance_id, Change({("part_keys",): {"visibility": key}}))
    generation = world.reference.generation
    world.install(AT + 60, "secret-2")
    assert world.reference.part_keys == {"visibility": key}
    assert world.reference.generation == generation


def test_the_same_secret_sent_again_starts_no_grace(world: World) -> None:
    world.install()
    world.install(AT + 60, digest="other")
    assert world.in_force() == ["secret-1"]


def test_a_secret_that_does_not_open_any_more_is_replaced_all_the_same(world: World) -> None:
    world.install()
    world.table.change(
        world.reference.instance_id, Change({("connect_secret",): {"label": "lost"}})
    )
    assert world.install(AT + 60, "secret-2") == "renew"
    assert world.in_force() == ["secret-2"]


def test_an_uninstall_forgets_every_key_and_sets_the_erase_date(world: World) -> None:
    world.install()
    assert world.uninstall(AT + 60) == "uninstall"
    gone = world.reference
    assert gone.state == "uninstalled"
    assert (gone.part_keys, gone.connect_secret, gone.site_token, gone.run) == (
        {},
        None,
        None,
        None,
    )
    assert gone.uninstalled_at == "2026-11-21T12:00:00Z"
    assert gone.erase_due_at == "2026-12-21T12:00:00Z"
    assert world.instances.find("client-a") is None
    assert world.in_force() == []


def test_an_uninstall_twice_keeps_the_first_erase_date(world: World) -> None:
    world.install()
    world.uninstall(AT + 60)
    before = world.reference
    world.clock.pass_(days=3)
    assert world.uninstall(AT + 90) == "note"
    assert world.reference.erase_due_at == before.erase_due_at
    assert world.reference.uninstalled_at == before.uninstalled_at
    assert world.uninstall(AT + 90) == "nothing"


def test_A14_an_install_between_two_uninstalls_does_not_win_by_being_late(world: World) -> None:
    world.install()
    world.uninstall(AT + 60)
    world.uninstall(AT + 90)
    assert world.install(AT + 75, "secret-2") == "nothing"
    assert world.reference.state == "uninstalled"
    assert world.install(AT + 91, "secret-3") == "start over"


def test_a_reinstall_is_a_new_generation_that_sees_nothing_old(world: World) -> None:
    world.install()
    old = world.reference.generation
    world.uninstall(AT + 60)
    assert world.install(AT + 120, "secret-2") == "start over"
    assert world.reference.generation != old
    assert world.reference.erase_due_at is None
    assert world.reference.uninstalled_at is None
    assert world.reference.part_keys == {}
    assert world.in_force() == ["secret-2"]


def test_within_one_second_an_uninstall_wins(world: World) -> None:
    world.install()
    assert world.uninstall() == "uninstall"
    assert world.install(secret="secret-2") == "nothing"
    assert world.install() == "nothing"
    assert world.reference.state == "uninstalled"


def test_an_install_revives_a_silent_instance_with_its_settings(world: World) -> None:
    world.install()
    silent = Change({("state",): "silent", ("silent_since",): "2026-11-01T00:00:00Z"})
    world.table.change(world.reference.instance_id, silent)
    assert world.install(AT + 60) == "renew"
    assert (world.reference.state, world.reference.silent_since) == ("installed", None)


def test_a_table_that_does_not_answer_is_no_success(world: World) -> None:
    world.table.fail("create", "before")
    with pytest.raises(ServiceUnreachable):
        world.install()
    assert world.install() == "create"


def test_a_lost_answer_is_a_repeat_when_the_event_comes_again(world: World) -> None:
    world.table.fail("create", "after")
    with pytest.raises(ServiceUnreachable):
        world.install()
    assert world.install() == "nothing"
    assert world.in_force() == ["secret-1"]


def test_many_installs_at_once_leave_one_reference_with_the_newest_secret(world: World) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: world.install(AT + n, f"secret-number-{n}"), range(20)))
    assert world.reference.last_event_at == AT + 19
    assert world.in_force()[-1] == "secret-number-19"


def test_another_process_sees_a_reinstall_when_it_looks_again(world: World) -> None:
    other = ConnectInstances(Directory(world.table, world.clock), world.secrets, HOME, world.clock)
    world.install()
    world.uninstall(AT + 60)
    assert other.find("client-a") is None
    world.install(AT + 120, "secret-2")
    assert other.find("client-a") is None
    assert not other.look_again("client-a")  # it looked a moment ago
    world.clock.pass_(seconds=0.5)
    assert other.look_again("client-a")
    assert other.find("client-a") is not None


def test_no_secret_shows_in_a_reference(world: World) -> None:
    world.install(secret="canary-4711-secret", digest="a-digest")
    assert "canary" not in repr(world.reference)
