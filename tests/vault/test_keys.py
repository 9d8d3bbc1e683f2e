"""KMS keys are chosen by id: the current one makes, the accepted ones open, no other is asked."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest

from app.errors import ServiceUnreachable, SettingsUnreadable
from app.outside.aws.kms import KmsDataKeys
from app.vault.keys import KeyIds
from app.vault.parts import DOCUMENTS
from app.vault.ports import DataKey
from app.vault.roles import TABLE, RoleMayNot, opens
from app.vault.vault import Vault
from app.words import Secret
from tests.stand_ins.kms import INSTANCE, SETTINGS
from tests.vault.world import APP_KEY, G1, G2, A, B, World, text_of


@pytest.fixture
def world() -> World:
    made = World()
    made.shelf().save({"consent": Secret("1")})
    return made


def arn_of(world: World, alias: str) -> str:
    return world.kms.key(alias).arn


def test_a_new_key_makes_and_the_previous_still_opens(world: World) -> None:
    new_settings, new_instance = world.kms.add_key("alias/s2"), world.kms.add_key("alias/i2")
    ids = KeyIds("alias/s2", "alias/i2", (SETTINGS,), (INSTANCE,))
    shelf = world.shelf(vault=world.vault(key_ids=ids))
    assert text_of(shelf.open("consent")) == "1"
    world.kms.log.clear()
    shelf.save({"consent": Secret("2")})
    assert world.entry("consent")["key_id"] == new_instance
    shelf.forget(["encryption-string"])
    made = {call.key_id for call in world.kms.log if call.operation == "GenerateDataKey"}
    assert made == {"alias/s2", "alias/i2"}
    assert new_settings != new_instance


def test_a_previous_key_that_is_no_longer_accepted_opens_nothing(world: World) -> None:
    world.kms.add_key("alias/s2")
    ids = KeyIds("alias/s2", INSTANCE)
    world.kms.log.clear()
    with pytest.raises(SettingsUnreadable):
        world.shelf(vault=world.vault(key_ids=ids)).open("consent")


def test_an_alias_that_moved_on_still_opens_what_its_former_key_wrapped(world: World) -> None:
    former = (arn_of(world, SETTINGS), arn_of(world, INSTANCE))
    world.kms.add_key(SETTINGS)
    world.kms.add_key(INSTANCE)
    with pytest.raises(SettingsUnreadable):
        world.shelf().open("consent")
    ids = KeyIds(SETTINGS, INSTANCE, (former[0],), (former[1],))
    assert text_of(world.shelf(vault=world.vault(key_ids=ids)).open("consent")) == "1"


def test_an_alias_that_moves_while_its_name_is_remembered_loses_nothing(world: World) -> None:
    former = arn_of(world, INSTANCE)
    vault = world.vault(key_ids=KeyIds(SETTINGS, INSTANCE, (), (former,)))
    assert text_of(world.shelf(vault=vault).open("consent")) == "1"
    moved = world.kms.add_key(INSTANCE)
    world.shelf(vault=vault).save({"consent": Secret("2")})
    assert world.entry("consent")["key_id"] == moved
    assert text_of(world.shelf(vault=vault).open("consent")) == "2"


def test_of_another_key_than_the_one_in_use_no_data_key_is_taken(world: World) -> None:
    world.kms.add_key("alias/other")

    class Mixed(KmsDataKeys):
        def make(self, key_id: str, context: Mapping[str, str]) -> DataKey:
            return world.kms.make("alias/other", context)

    ids = KeyIds(SETTINGS, INSTANCE)
    data_keys = Mixed(world.kms.client("web"))  # type: ignore[arg-type]
    vault = Vault("web", data_keys, ids, APP_KEY, world.clock, os.urandom)
    kept = dict(world.site.properties)
    with pytest.raises(ServiceUnreachable):
        world.shelf(vault=vault).save({"consent": Secret("2")})
    assert world.site.properties == kept
    assert text_of(world.shelf().open("consent")) == "1"


@pytest.mark.parametrize("short", [True, False])
def test_a_key_may_be_named_by_alias_id_or_arn(world: World, short: bool) -> None:
    names = [arn_of(world, alias) for alias in (SETTINGS, INSTANCE)]
    if short:
        names = [name.partition("key/")[2] for name in names]
    vault = world.vault(key_ids=KeyIds(*names))
    world.kms.log.clear()
    assert text_of(world.shelf(vault=vault).open("consent")) == "1"
    assert world.kms.calls["DescribeKey"] == (2 if short else 0)


def test_a_previous_key_that_is_gone_does_not_hinder_the_others(world: World) -> None:
    world.kms.add_key("alias/s2")
    world.kms.add_key("alias/i2")
    ids = KeyIds("alias/s2", "alias/i2", ("alias/gone", SETTINGS), ("alias/gone", INSTANCE))
    assert text_of(world.shelf(vault=world.vault(key_ids=ids)).open("consent")) == "1"


@pytest.mark.parametrize("state", ["Disabled", "PendingDeletion"])
def test_with_a_key_disabled_nothing_opens_and_nothing_is_stored(world: World, state: str) -> None:
    world.kms.set_state(INSTANCE, state)  # type: ignore[arg-type]
    with pytest.raises(SettingsUnreadable):
        world.shelf().open("consent")
    kept = dict(world.site.properties)
    with pytest.raises(ServiceUnreachable):
        world.shelf().save({"visibility": Secret("2")})
    assert world.site.properties == kept


def test_the_key_service_alone_keeps_the_web_from_what_the_worker_opens(world: World) -> None:
    """Even a web process that ignores its own table gets no key: the key policy says no."""

    world.shelf("web").save({"entra-secret": Secret("2")})
    ids = KeyIds(SETTINGS, INSTANCE)
    liar = Vault("worker", world.kms.as_role("web"), ids, APP_KEY, world.clock, os.urandom)
    with pytest.raises(SettingsUnreadable):
        world.shelf(vault=liar).open("entra-secret")
    assert text_of(world.shelf("worker").open("entra-secret")) == "2"


def test_the_inner_key_of_a_settings_part_never_comes_from_the_instance_key(world: World) -> None:
    made = [call for call in world.kms.log if call.operation == "GenerateDataKey"]
    used = {(call.key_id, call.context["part"]) for call in made}
    assert (SETTINGS, "encryption-string") in used
    assert (INSTANCE, "encryption-string") in used
    assert (INSTANCE, "consent") in used
    assert (SETTINGS, "consent") not in used


def test_every_document_has_an_opener_and_the_web_opens_none_of_the_three() -> None:
    closed = {name for name in DOCUMENTS if not opens("web", name)}
    assert closed == {"entra-secret", "import-secret", "delta-links"}
    assert all(opens("worker", name) for name in DOCUMENTS)
    assert set(TABLE["web"].makes) == set(DOCUMENTS)


@pytest.mark.parametrize("name", ["connect_secret", "site_token"])
def test_a_secret_in_the_reference_opens_again_for_every_function_that_calls_the_site(
    world: World, name: str
) -> None:
    value = world.vault("web").seal_in_reference(A, G1, name, Secret("shared"))
    assert b"shared" not in repr(value).encode()
    for role in ("web", "worker", "scheduler"):
        opened = world.vault(role).open_from_reference(A, G1, name, value)  # type: ignore[arg-type]
        assert opened.reveal() == b"shared"


def test_a_secret_in_the_reference_opens_only_where_it_belongs(world: World) -> None:
    vault = world.vault()
    value = vault.seal_in_reference(A, G1, "connect_secret", Secret("shared"))
    vault.open_from_reference(A, G1, "connect_secret", value)
    for place in [(B, G1, "connect_secret"), (A, G2, "connect_secret"), (A, G1, "site_token")]:
        with pytest.raises(SettingsUnreadable):
            vault.open_from_reference(*place, value)


def test_a_changed_value_in_the_reference_does_not_open_even_when_warm(world: World) -> None:
    vault = world.vault()
    value = vault.seal_in_reference(A, G1, "connect_secret", Secret("shared"))
    vault.open_from_reference(A, G1, "connect_secret", value)
    other = vault.seal_in_reference(A, G1, "connect_secret", Secret("another"))
    for name, part in value.items():
        edited = f"{part}x" if isinstance(part, str) else part[:-1] + bytes((part[-1] ^ 1,))
        for change in ({name: edited}, {name: None}, {"more": "x"}):
            with pytest.raises(SettingsUnreadable):
                vault.open_from_reference(A, G1, "connect_secret", {**value, **change})
        if not name.endswith("key_id"):
            mixed = {**value, name: other[name]}
            with pytest.raises(SettingsUnreadable):
                vault.open_from_reference(A, G1, "connect_secret", mixed)
    with pytest.raises(SettingsUnreadable):
        vault.open_from_reference(A, G1, "connect_secret", {})


def test_a_warm_secret_of_the_reference_makes_no_call(world: World) -> None:
    vault = world.vault()
    value = vault.seal_in_reference(A, G1, "connect_secret", Secret("shared"))
    vault.open_from_reference(A, G1, "connect_secret", value)
    world.kms.log.clear()
    vault.open_from_reference(A, G1, "connect_secret", dict(value))
    assert world.kms.log == []


def test_only_declared_secrets_rest_in_the_reference_and_only_the_web_makes_them(
    world: World,
) -> None:
    for name in ("consent", "payroll"):
        with pytest.raises(RoleMayNot):
            world.vault().seal_in_reference(A, G1, name, Secret("x"))
        with pytest.raises(RoleMayNot):
            world.vault().open_from_reference(A, G1, name, {})
    with pytest.raises(RoleMayNot):
        world.vault("worker").seal_in_reference(A, G1, "connect_secret", Secret("x"))
