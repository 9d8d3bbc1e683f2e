"""The site token: the newest, for four hours at most, sealed, and never a write a request."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from app.errors import Refused, ServiceUnreachable, SettingsUnreadable
from app.instances.reference import InstanceReference
from app.instances.site_token import SiteTokenMissing, SiteTokens
from app.instances.table import Change
from app.words import Generation, Secret
from tests.stand_ins.atlassian import AT
from tests.stand_ins.forge_site import ForgeWorld, called, system_token
from tests.stand_ins.table import InMemoryTable
from tests.vault.world import World as VaultWorld


class World(ForgeWorld):
    table: InMemoryTable

    def __init__(self) -> None:
        super().__init__(InMemoryTable())
        self.made = self.forge.instance(called())

    def keep(self, token: Secret, *, licensed: bool = True) -> InstanceReference:
        return self.tokens.keep(self.reference, token, licensed=licensed)

    def now(self) -> str:
        return self.tokens.token(self.reference).reveal_text()


@pytest.fixture
def world() -> World:
    return World()


def text(token: Secret) -> str:
    return token.reveal_text()


def test_without_a_token_there_is_none_and_the_licence_is_not_doubted(world: World) -> None:
    with pytest.raises(SiteTokenMissing) as caught:
        world.tokens.token(world.made)
    assert (caught.value.status, caught.value.retryable) == (503, True)
    assert world.tokens.licensed(world.made)
    with pytest.raises(SettingsUnreadable):
        world.tokens.digest_key(world.made)


def test_the_first_token_is_kept_and_given(world: World) -> None:
    kept = world.keep(system_token())
    assert kept == world.reference
    assert world.tokens.token(kept).reveal() == system_token().reveal()


def test_a_longer_lasting_token_replaces_the_stored_one(world: World) -> None:
    world.keep(system_token(2, "a"))
    newer = Secret(text(system_token(0, "b", AT + 7201)))
    assert world.tokens.wants(world.reference, newer)
    world.keep(newer)
    assert world.now() == text(newer)


@pytest.mark.parametrize("hours", [0, 1, 2])
def test_an_older_or_equal_token_is_no_write(world: World, hours: float) -> None:
    world.keep(system_token(2, "a"))
    before = world.reference
    world.table.calls.clear()
    assert not world.tokens.wants(before, system_token(hours, "b"))
    assert world.keep(system_token(hours, "b"), licensed=False) == before
    assert world.table.calls["change"] == 0


def test_a_token_counts_for_four_hours_at_most_whatever_it_says(world: World) -> None:
    world.keep(system_token(1000))
    world.clock.pass_(hours=3, minutes=59)
    assert world.now()
    world.clock.pass_(minutes=1)
    with pytest.raises(SiteTokenMissing):
        world.tokens.token(world.reference)


def test_an_expired_token_is_absent(world: World) -> None:
    world.keep(system_token(2))
    world.clock.pass_(hours=2)
    with pytest.raises(SiteTokenMissing):
        world.tokens.token(world.reference)


@pytest.mark.parametrize(
    "opaque",
    ["opaque", "a.b.c", "a.bm90IGpzb24.c", "a.W10.c", "a.e30.c", "a.eyJleHAiOm51bGx9.c",
     "a.eyJleHAiOjFlOTk5fQ.c", "." * 50, "a.eyJleHAiOiAiTmFOIn0.c"],
)  # fmt: skip
def test_a_token_whose_end_cannot_be_read_counts_for_two_hours(world: World, opaque: str) -> None:
    world.keep(Secret(opaque))
    world.clock.pass_(hours=1, minutes=59)
    assert world.now() == opaque
    world.clock.pass_(minutes=1)
    with pytest.raises(SiteTokenMissing):
        world.tokens.token(world.reference)


@pytest.mark.parametrize("pair", [("x", "y"), (text(system_token(99)), text(system_token(98)))])
def test_tokens_of_an_unclear_end_are_not_a_write_a_request(
    world: World, pair: tuple[str, str]
) -> None:
    world.table.calls.clear()
    for _ in range(30):
        for each in pair:
            world.keep(Secret(each))
            world.clock.pass_(seconds=1)
    assert world.table.calls["change"] == 1


def test_a_token_of_an_unclear_end_is_replaced_before_it_dies(world: World) -> None:
    world.keep(Secret("first"))
    world.clock.pass_(hours=1)
    world.keep(Secret("second"))
    assert world.now() == "second"


@pytest.mark.parametrize("pair", [("x", "y"), (text(system_token(99)), text(system_token(98)))])
def test_of_tokens_of_an_unclear_end_the_one_that_forge_itself_sent_last_is_kept(
    world: World, pair: tuple[str, str]
) -> None:
    world.keep(Secret(pair[0]))
    for each in reversed(pair):
        world.clock.pass_(seconds=1)
        assert world.tokens.wants(world.reference, Secret(each), newest=True)
        world.tokens.keep(world.reference, Secret(each), licensed=True, newest=True)
        assert world.now() == each
        assert not world.tokens.wants(world.reference, Secret(each), newest=True)


def test_a_token_of_a_clear_end_is_not_replaced_by_one_that_may_end_sooner(world: World) -> None:
    world.keep(system_token(3))
    for each in (Secret("opaque"), system_token(2)):
        assert not world.tokens.wants(world.reference, each, newest=True)
        world.tokens.keep(world.reference, each, licensed=True, newest=True)
    assert world.now() == text(system_token(3))


def test_what_a_call_says_of_the_licence_is_kept_though_its_token_is_not_new(world: World) -> None:
    assert world.tokens.told(world.reference, licensed=False) == world.reference  # no token yet
    assert world.tokens.licensed(world.reference)
    world.keep(system_token())
    key = world.tokens.digest_key(world.reference).reveal()
    for licensed in (False, True):
        assert world.tokens.told(world.reference, licensed=licensed) == world.reference
        assert world.tokens.licensed(world.reference) is licensed
        assert world.now() == text(system_token())
        assert world.tokens.digest_key(world.reference).reveal() == key
    world.clock.pass_(hours=4)
    world.tokens.told(world.reference, licensed=False)
    with pytest.raises(SiteTokenMissing):  # it gives no token a longer life
        world.now()


def test_what_is_known_of_the_licence_is_no_write(world: World) -> None:
    world.keep(system_token())
    world.table.calls.clear()
    world.tokens.told(world.reference, licensed=True)
    assert world.table.calls["change"] == 0


def test_a_word_of_the_licence_that_loses_to_another_write_is_dropped(world: World) -> None:
    stale = world.keep(system_token(1))
    world.keep(system_token(2))
    assert world.tokens.told(stale, licensed=False) == stale
    assert world.tokens.licensed(world.reference)
    assert world.now() == text(system_token(2))


def test_the_licence_is_what_the_newest_token_came_with(world: World) -> None:
    world.keep(system_token(2), licensed=False)
    assert not world.tokens.licensed(world.reference)
    world.keep(system_token(1), licensed=True)
    assert not world.tokens.licensed(world.reference)
    world.keep(system_token(3), licensed=True)
    assert world.tokens.licensed(world.reference)


def test_the_licence_is_still_known_when_the_token_has_expired(world: World) -> None:
    world.keep(system_token(2), licensed=False)
    world.clock.pass_(hours=9)
    assert not world.tokens.licensed(world.reference)


def test_the_digest_key_is_drawn_once_and_carried_over(world: World) -> None:
    world.keep(system_token(1))
    first = world.tokens.digest_key(world.reference).reveal()
    assert len(first) == 32
    world.keep(system_token(2))
    world.clock.pass_(hours=9)
    world.keep(system_token(12))
    assert world.tokens.digest_key(world.reference).reveal() == first
    assert world.living.digest_key(world.reference).reveal() == first
    assert world.random_asked == 1


def test_a_stored_token_that_does_not_open_is_replaced(world: World) -> None:
    world.keep(system_token(3))
    world.table.change(world.made.instance_id, Change({("site_token",): {"label": "lost"}}))
    with pytest.raises(SiteTokenMissing):
        world.tokens.token(world.reference)
    world.keep(system_token(1, "new"))
    assert world.now() == text(system_token(1, "new"))


def test_a_token_is_sealed_for_one_life_of_one_instance(world: World) -> None:
    kept = world.keep(system_token())
    world.forge.leaving(called(AT + 1, site_url=None))
    world.forge.instance(called(AT + 2))
    world.table.change(
        world.made.instance_id, Change({("site_token",): dict(kept.site_token or {})})
    )
    with pytest.raises(SiteTokenMissing):
        world.tokens.token(world.reference)


def test_no_token_is_kept_for_a_life_that_is_over(world: World) -> None:
    world.forge.leaving(called(AT + 1, site_url=None))
    with pytest.raises(Refused):
        world.tokens.keep(world.made, system_token(), licensed=True)
    world.forge.instance(called(AT + 2))
    with pytest.raises(Refused):
        world.tokens.keep(world.made, system_token(), licensed=True)
    assert world.reference.site_token is None


def test_a_token_kept_meanwhile_is_not_overwritten_by_an_older_one(world: World) -> None:
    stale = world.reference
    world.keep(system_token(3, "newest"))
    found = world.tokens.keep(stale, system_token(2, "older"), licensed=True)
    assert found == world.reference
    assert world.now() == text(system_token(3, "newest"))


def test_this_process_gives_the_new_token_at_once(world: World) -> None:
    world.directory.find(world.made.instance_id)
    world.keep(system_token())
    found = world.directory.find(world.made.instance_id)
    assert found is not None
    assert world.tokens.token(found).reveal() == system_token().reveal()


def test_a_table_that_does_not_answer_keeps_nothing_and_says_so(world: World) -> None:
    world.table.fail("change", "before")
    with pytest.raises(ServiceUnreachable):
        world.keep(system_token())
    assert world.reference.site_token is None


def test_B17_no_token_shows_in_a_reference_or_an_error(world: World) -> None:
    kept = world.keep(Secret("canary-4711-token"))
    world.clock.pass_(hours=5)
    assert "canary" not in repr(kept)
    with pytest.raises(SiteTokenMissing) as caught:
        world.tokens.token(kept)
    assert "canary" not in repr(caught.value)


def test_a_second_more_than_the_stored_end_is_newer(world: World) -> None:
    world.keep(system_token(2, "a"))
    newer = Secret(text(system_token(0, "b", AT + int(timedelta(hours=2).total_seconds()) + 1)))
    assert world.tokens.wants(world.reference, newer)


class Sealed:
    """The same with the real vault and a strict key service."""

    def __init__(self) -> None:
        self.world, self.vaults = World(), VaultWorld()
        self.tokens = self.process()

    def process(self) -> SiteTokens:
        """A process that has just started."""
        world = self.world
        vault = self.vaults.vault("web")
        return SiteTokens(world.table, world.directory, vault, world.clock, os.urandom)


def test_a_warm_token_costs_no_call_to_kms() -> None:
    sealed = Sealed()
    kept = sealed.tokens.keep(sealed.world.made, system_token(3), licensed=True)
    fresh = sealed.process()
    assert fresh.token(kept).reveal() == system_token(3).reveal()
    sealed.vaults.kms.log.clear()
    for _ in range(5):
        assert not fresh.wants(kept, system_token(3))
        assert fresh.keep(kept, system_token(2, "b"), licensed=True) == kept
        fresh.token(kept)
        fresh.digest_key(kept)
    assert sealed.vaults.kms.log == []


def test_kms_down_is_no_missing_token_and_stores_nothing() -> None:
    sealed = Sealed()
    kept = sealed.tokens.keep(sealed.world.made, system_token(2), licensed=False)
    sealed.vaults.kms.down = True
    cold = sealed.process()
    for ask in (cold.token, cold.licensed, cold.digest_key):
        with pytest.raises(ServiceUnreachable) as caught:
            ask(kept)
        assert not isinstance(caught.value, SiteTokenMissing | SettingsUnreadable)
    with pytest.raises(ServiceUnreachable):
        cold.keep(kept, system_token(3), licensed=True)
    assert sealed.world.reference == kept


def test_the_sealed_token_does_not_open_in_another_life() -> None:
    sealed = Sealed()
    kept = sealed.tokens.keep(sealed.world.made, system_token(), licensed=True)
    with pytest.raises(SiteTokenMissing):
        sealed.process().token(replace(kept, generation=Generation("g1")))
