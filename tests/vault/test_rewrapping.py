"""Another KMS key: everything is wrapped anew unopened, and the former key can be switched off."""

from __future__ import annotations

import base64
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from app.errors import ServiceFailed, ServiceUnreachable, SettingsUnreadable
from app.instances.reference import InstanceReference
from app.instances.table import Change
from app.vault.keys import KeyIds
from app.vault.roles import RoleMayNot
from app.words import InstanceId, Secret
from tests.stand_ins.kms import INSTANCE, SETTINGS
from tests.vault.interrupting import Crash, Interruption, When
from tests.vault.rotating import (
    EVERYTHING,
    FEW,
    FEW_OPENED,
    IN_REFERENCE,
    IN_SITE,
    PARTS,
    REWRAPPERS,
    RotatingWorld,
)
from tests.vault.world import A, B, text_of

WRAPPED = len(IN_SITE) + 2 * len(IN_REFERENCE)  # keys that lie with the vendor


@pytest.fixture
def world() -> RotatingWorld:
    made = RotatingWorld()
    made.rotate()
    return made


def test_after_the_rewrap_the_former_keys_can_be_disabled_and_everything_opens(
    world: RotatingWorld,
) -> None:
    tally = world.rewrap()
    assert world.worker().rewrap() == {"encryption-string": "rewrapped"}
    assert (tally.rewrapped, tally.current, tally.left) == (WRAPPED, 0, [])
    world.retire()
    assert world.everything() == EVERYTHING
    web = world.shelf("web", vault=world.vault("web", world.ids))
    assert text_of(web.open("consent")) == EVERYTHING["consent"]


def test_after_the_rewrap_the_former_keys_need_not_be_listed(world: RotatingWorld) -> None:
    world.rewrap()
    world.worker().rewrap()
    world.ids = KeyIds(SETTINGS, INSTANCE)
    assert world.everything() == EVERYTHING


def test_without_the_rewrap_a_disabled_former_key_is_missed(world: RotatingWorld) -> None:
    """The tests above would see a rewrap that did nothing."""
    world.retire()
    with pytest.raises(SettingsUnreadable):
        world.everything()


@pytest.mark.parametrize("forgotten", ["rewrap-open", "rewrap-rest", "worker"])
def test_each_of_the_three_is_needed(world: RotatingWorld, forgotten: str) -> None:
    for role in REWRAPPERS:
        if role != forgotten:
            world.rewrap(role)
    if forgotten != "worker":
        world.worker().rewrap()
    world.retire()
    with pytest.raises(SettingsUnreadable):
        world.everything()


def test_a_repeated_rewrap_finds_everything_current_and_writes_nothing(
    world: RotatingWorld,
) -> None:
    world.rewrap()
    world.worker().rewrap()
    before, texts = world.table.calls["change"], dict(world.site.properties)
    tally = world.rewrap()
    assert (tally.rewrapped, tally.current, tally.left) == (0, WRAPPED, [])
    assert world.worker().rewrap() == {"encryption-string": "current"}
    assert world.table.calls["change"] == before
    assert world.site.properties == texts


def test_each_identity_counts_what_is_another_ones(world: RotatingWorld) -> None:
    rest = world.rewrap("rewrap-rest")
    assert (rest.rewrapped, rest.not_asked) == (3, WRAPPED - 3)
    first = world.rewrap("rewrap-open")
    assert (first.rewrapped, first.not_asked) == (WRAPPED - 3, 3)


def test_nothing_is_opened_or_made_and_the_context_stays_the_same(world: RotatingWorld) -> None:
    made = {call.context["part"]: call.context for call in world.kms.log if call.context}
    world.kms.log.clear()
    world.rewrap()
    assert set(world.kms.calls) == {"ReEncrypt", "DescribeKey"}
    for call in world.kms.log:
        if call.operation == "ReEncrypt":
            assert call.context == made[call.context["part"]]
            assert call.source in world.former


def test_nothing_but_key_id_and_wrapped_key_changes_and_the_site_is_not_asked(
    world: RotatingWorld,
) -> None:
    before, texts = world.table.read(A), dict(world.site.properties)
    world.site.calls.clear()
    world.rewrap()
    after = world.table.read(A)
    assert before is not None
    assert after is not None
    for name, old in before.part_keys.items():
        new = after.part_keys[name]
        assert {key for key in old if old[key] != new[key]} == {"key_id", "wrapped"}
    for name in IN_REFERENCE:
        old, new = getattr(before, name), getattr(after, name)
        assert (old["version"], old["sealed"]) == (new["version"], new["sealed"])
    assert world.site.calls == {}
    assert world.site.properties == texts


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("error", [Crash, lambda: ServiceUnreachable("no answer")])
def test_wherever_the_rewrap_stops_everything_opens_and_it_can_be_repeated(
    error: Callable[[], BaseException], when: When
) -> None:
    for number in range(1, 200):
        world = RotatingWorld(FEW)
        world.rotate()
        stopped = Interruption(number, when, error())
        try:
            for role in REWRAPPERS:
                keys = stopped.around(world.kms.as_role(role))
                world.rewrap(role, table=stopped.around(world.table), keys=keys)
        except (Crash, ServiceUnreachable):
            assert world.everything() == FEW_OPENED
        if not stopped.happened:
            assert number > len(FEW) + 2 * len(IN_REFERENCE)
            return
        assert world.rewrap().left == []
        world.worker().rewrap()
        world.retire()
        assert world.everything() == FEW_OPENED
    pytest.fail("the rewrap never came to its end")


class Meddling:
    """The table, with something else happening before the first write."""

    def __init__(self, world: RotatingWorld, meanwhile: Callable[[], object]) -> None:
        self._table = world.table
        self._meanwhile = [meanwhile]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._table, name)

    def change(self, instance_id: InstanceId, change: Change) -> InstanceReference | None:
        if self._meanwhile:
            self._meanwhile.pop()()
        return self._table.change(instance_id, change)


def test_a_save_that_comes_between_wins(world: RotatingWorld) -> None:
    def save() -> None:
        world.worker().save({name: Secret("newer") for name in PARTS})

    tally = world.rewrap("rewrap-open", table=Meddling(world, save))  # type: ignore[arg-type]
    assert tally.left == []
    world.rewrap("rewrap-rest")
    world.worker().rewrap()
    world.retire()
    assert {world.everything()[name] for name in PARTS} == {"newer"}


def test_an_uninstall_that_comes_between_wins(world: RotatingWorld) -> None:
    table = Meddling(world, world.uninstall)
    tally = world.rewrap("rewrap-open", table=table)  # type: ignore[arg-type]
    assert tally.left == []
    reference = world.table.read(A)
    assert reference is not None
    assert reference.part_keys == {}


def test_a_new_life_that_comes_between_is_not_touched(world: RotatingWorld) -> None:
    entry = {"version": "1-x", "string_version": "", "key_id": "k", "wrapped": b"w"}

    def begin_again() -> None:
        world.install_again()
        world.table.change(A, Change({("part_keys", "consent"): entry}))

    world.rewrap("rewrap-open", table=Meddling(world, begin_again))  # type: ignore[arg-type]
    assert world.entry("consent") == entry


def test_an_entry_that_never_holds_still_is_left_and_says_so(world: RotatingWorld) -> None:
    class Restless(Meddling):
        def change(self, instance_id: InstanceId, change: Change) -> InstanceReference | None:
            return None

    table = Restless(world, lambda: None)
    tally = world.rewrap("rewrap-rest", table=table)  # type: ignore[arg-type]
    assert {each.reason for each in tally.left} == {"changes-too-fast"}
    assert tally.rewrapped == 0


def test_a_key_that_is_not_listed_is_never_asked_and_named(world: RotatingWorld) -> None:
    world.ids = KeyIds(SETTINGS, INSTANCE, (world.former[0],), ())
    tally = world.rewrap()
    outer = [each for each in tally.left if each.lock == "instance"]
    assert {each.reason for each in outer} == {"key-not-listed"}
    assert len(outer) == len(IN_SITE) + len(IN_REFERENCE)
    assert all(call.source != world.former[1] for call in world.kms.log)


@pytest.mark.parametrize("state", ["Disabled", "PendingDeletion"])
def test_a_former_key_that_is_switched_off_too_early_is_named(
    world: RotatingWorld, state: str
) -> None:
    world.kms.set_state(world.former[1], state)  # type: ignore[arg-type]
    tally = world.rewrap()
    assert {each.reason for each in tally.left} == {"refused"}
    assert {each.lock for each in tally.left} == {"instance"}
    assert tally.rewrapped == len(IN_REFERENCE)  # their settings keys
    world.kms.set_state(world.former[1], "Enabled")
    assert world.rewrap().left == []


def test_a_former_key_whose_policy_still_says_current_gives_nothing_away(
    world: RotatingWorld,
) -> None:
    world.put_policy("instance", world.former[1], "current")
    assert {each.reason for each in world.rewrap().left} == {"refused"}


def test_without_the_current_key_nothing_begins(world: RotatingWorld) -> None:
    world.ids = KeyIds(SETTINGS, "alias/nowhere", (), (world.former[1],))
    with pytest.raises(ServiceFailed, match="INSTANCE_KEY_ID"):
        world.rewrap()
    assert "ReEncrypt" not in world.kms.calls


def test_with_kms_down_the_walk_ends_and_the_keys_are_as_they_were(world: RotatingWorld) -> None:
    before = world.table.read(A)
    world.kms.down = True
    with pytest.raises(ServiceUnreachable):
        world.rewrap()
    assert world.table.read(A) == before


def test_what_nobody_declared_or_understands_is_named_and_left(world: RotatingWorld) -> None:
    odd = {"version": "1-x", "string_version": "", "key_id": "k", "wrapped": b"w"}
    world.table.change(B, Change({("part_keys", "payroll"): odd, ("connect_secret",): {"a": "b"}}))
    tally = world.rewrap("rewrap-open")
    assert {(each.instance_id, each.document, each.reason) for each in tally.left} == {
        (B, "payroll", "not-understood"),
        (B, "connect_secret", "not-understood"),
    }


def test_what_was_left_is_said_without_a_key(world: RotatingWorld) -> None:
    world.ids = KeyIds(SETTINGS, INSTANCE)
    shown = world.rewrap("rewrap-rest").shown()
    assert shown["rewrapped"] == 0
    assert {"instance_id": A, "document": "entra-secret", "lock": "instance",
            "reason": "key-not-listed"} in shown["left"]  # fmt: skip
    assert all(set(each) == {"instance_id", "document", "lock", "reason"} for each in shown["left"])


# What lies in Jira: the inner key of the Encryption String, by the worker.


def test_only_the_worker_wraps_what_lies_in_jira(world: RotatingWorld) -> None:
    with pytest.raises(RoleMayNot):
        world.shelf("web", vault=world.vault("web", world.ids)).rewrap()


def test_in_jira_only_the_wrapped_key_and_its_name_change(world: RotatingWorld) -> None:
    name = world.name("encryption-string")
    before = world.site.properties[name].split(".")
    assert world.worker().rewrap() == {"encryption-string": "rewrapped"}
    after = world.site.properties[name].split(".")
    assert [one == two for one, two in zip(before, after, strict=True)] == [True, False, False]
    assert base64.b64decode(after[2]).decode() == world.kms.key(SETTINGS).arn
    assert world.everything() == EVERYTHING


def test_former_strings_that_are_still_named_are_wrapped_anew_too(world: RotatingWorld) -> None:
    world.worker().forget(["encryption-string"])
    world.worker().save({"consent": Secret("under the new string")})
    world.rewrap()
    fates = world.worker().rewrap()
    assert sorted(fates.values()) == ["current", "rewrapped"]
    world.retire()
    assert text_of(world.worker().open("visibility")) == EVERYTHING["visibility"]
    assert text_of(world.worker().open("consent")) == "under the new string"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("error", [Crash, lambda: ServiceUnreachable("no answer")])
def test_wherever_the_worker_stops_everything_opens_and_it_can_be_repeated(
    error: Callable[[], BaseException], when: When
) -> None:
    for number in range(1, 20):
        world = RotatingWorld(FEW)
        world.rotate()
        world.rewrap()
        stopped = Interruption(number, when, error())
        real, world.sites[A] = world.site, stopped.around(world.site)
        with suppress(Crash, ServiceUnreachable):
            world.worker().rewrap()
        world.sites[A] = real
        assert world.everything() == FEW_OPENED
        if not stopped.happened:
            return
        world.worker().rewrap()
        world.retire()
        assert world.everything() == FEW_OPENED
    pytest.fail("the worker never came to its end")


def test_a_string_that_was_tampered_with_is_left_as_it_is(world: RotatingWorld) -> None:
    name = world.name("encryption-string")
    for tampered in ("x", "", "QQ==.QQ==.QQ=="):
        world.site.properties[name] = tampered
        assert world.worker().rewrap() == {"encryption-string": "left"}
        assert world.site.properties[name] == tampered
    del world.site.properties[name]
    assert world.worker().rewrap() == {"encryption-string": "left"}


def test_a_key_of_somebody_elses_is_not_asked_for_what_lies_in_jira(world: RotatingWorld) -> None:
    name = world.name("encryption-string")
    sealed, wrapped, _ = world.site.properties[name].split(".")
    foreign = world.kms.add_key("alias/of-an-attacker")
    named = base64.b64encode(foreign.encode()).decode()
    world.site.properties[name] = f"{sealed}.{wrapped}.{named}"
    assert world.worker().rewrap() == {"encryption-string": "left"}
    assert foreign not in [call.source for call in world.kms.log]


def test_a_string_replaced_while_it_is_wrapped_leaves_nothing_the_sweep_does_not_take(
    world: RotatingWorld,
) -> None:
    """The write comes after the string has gone: what it brings back opens nothing."""
    former = world.name("encryption-string")
    shelf = world.worker()
    real_write = world.site.write

    def late(name: str, value: str) -> None:
        world.site.write = real_write  # type: ignore[method-assign]
        other = world.worker()
        other.forget(["encryption-string"])
        assert other.reseal() == ()
        real_write(name, value)

    world.site.write = late  # type: ignore[method-assign]
    shelf.rewrap()
    assert former in world.site.properties
    world.worker().sweep()
    assert former not in world.site.properties
    assert world.everything() == EVERYTHING
