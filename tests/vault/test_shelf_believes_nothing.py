"""Only pointers say what is set, and for one life; whatever else lies in Jira is noise."""

from __future__ import annotations

import pytest

from app.errors import Clash, SettingsUnreadable
from app.instances.table import Change
from app.words import Secret
from tests.vault.world import G1, G2, TOKEN, A, B, World, text_of


@pytest.fixture
def world() -> World:
    return World()


def test_what_was_never_saved_is_none_whatever_lies_in_the_site(world: World) -> None:
    world.site.properties[f"{G1}.visibility.1-aaaaaaaaaaaa"] = "planted"
    assert world.shelf().open("visibility") is None
    assert not world.shelf().is_set("visibility")
    assert world.kms.calls == {}


def test_nothing_of_a_secret_rests_anywhere_in_clear(world: World) -> None:
    world.shelf().save({"assets-access": Secret(TOKEN)})
    stored = repr(world.site.properties) + repr(vars(world.table)) + repr(world.kms.log)
    assert TOKEN not in stored


def test_a_document_that_is_deleted_in_jira_is_unreadable_not_unset(world: World) -> None:
    world.shelf().save({"consent": Secret("1")})
    del world.site.properties[world.name("consent")]
    shelf = world.shelf()
    with pytest.raises(SettingsUnreadable) as refused:
        shelf.open("consent")
    assert "consent" in refused.value.detail
    assert shelf.is_set("consent")


def test_not_opening_is_decided_after_exactly_one_consistent_look_more(world: World) -> None:
    world.shelf().save({"consent": Secret("1")})
    del world.site.properties[world.name("consent")]
    before = world.table.calls["read"]
    with pytest.raises(SettingsUnreadable):
        world.shelf().open("consent")
    assert world.table.calls["read"] == before + 2


def test_an_unreadable_document_can_be_saved_anew(world: World) -> None:
    world.shelf().save({"consent": Secret("1")})
    world.site.properties[world.name("consent")] = "rubbish"
    shelf = world.shelf()
    shelf.save({"consent": Secret("2")})
    assert text_of(shelf.open("consent")) == "2"


def test_everything_can_be_saved_anew_after_the_whole_site_storage_is_lost(world: World) -> None:
    world.shelf().save({"consent": Secret("1"), "visibility": Secret("v")})
    world.site.properties.clear()
    shelf = world.shelf()
    shelf.save({"consent": Secret("2")})
    assert text_of(world.shelf().open("consent")) == "2"
    with pytest.raises(SettingsUnreadable):
        world.shelf().open("visibility")
    shelf.save({"visibility": Secret("w")})
    assert text_of(world.shelf().open("visibility")) == "w"
    assert set(shelf.versions()) == {"consent", "visibility", "encryption-string"}
    assert len(world.site.properties) == 3


def test_a_document_of_one_instance_does_not_open_in_another(world: World) -> None:
    world.shelf().save({"consent": Secret("of A")})
    world.shelf(instance=B).save({"consent": Secret("of B")})
    world.sites[B].properties[world.name("consent", B)] = world.site.properties[
        world.name("consent")
    ]
    with pytest.raises(SettingsUnreadable):
        world.shelf(instance=B).open("consent")


def test_a_reference_moved_to_another_instance_opens_nothing(world: World) -> None:
    world.shelf().save({"consent": Secret("of A")})
    reference = world.table.read(A)
    assert reference is not None
    world.table.change(B, Change({("part_keys",): reference.part_keys}))
    world.sites[B].properties.update(world.site.properties)
    with pytest.raises(SettingsUnreadable):
        world.shelf(instance=B).open("consent")


def test_an_older_property_put_back_does_not_open(world: World) -> None:
    shelf = world.shelf()
    shelf.save({"consent": Secret("old")})
    name, old = world.name("consent"), world.site.properties[world.name("consent")]
    shelf.save({"consent": Secret("new")})
    world.site.properties[name] = old
    world.site.properties[world.name("consent")] = old
    with pytest.raises(SettingsUnreadable):
        world.shelf().open("consent")


@pytest.mark.parametrize("field", ["version", "string_version", "key_id", "wrapped"])
def test_an_edited_pointer_opens_nothing_even_where_it_was_opened_before(
    world: World, field: str
) -> None:
    world.shelf().save({"consent": Secret("1"), "visibility": Secret("2")})
    shelf = world.shelf()
    assert text_of(shelf.open("consent")) == "1"
    other = world.entry("visibility")[field]
    edited = {
        "version": other,
        "string_version": other,
        "key_id": f"{other}0",
        "wrapped": other,
    }
    if field == "string_version":
        edited[field] = "9-aaaaaaaaaaaa"
    world.table.change(A, Change({("part_keys", "consent", field): edited[field]}))
    with pytest.raises(SettingsUnreadable):
        shelf.open("consent")


def test_after_an_uninstall_nothing_opens_and_nothing_can_be_saved(world: World) -> None:
    shelf = world.shelf()
    shelf.save({"consent": Secret("1")})
    assert text_of(shelf.open("consent")) == "1"
    world.uninstall()
    assert shelf.open("consent") is None
    assert shelf.versions() == {}
    with pytest.raises(Clash):
        shelf.save({"consent": Secret("2")})
    with pytest.raises(Clash):
        shelf.rewrite("run-history", Secret("2"))


def test_after_an_uninstall_a_save_calls_neither_the_site_nor_the_key_service(
    world: World,
) -> None:
    shelf = world.shelf()
    world.uninstall()
    for attempt in (
        lambda: shelf.save({"consent": Secret("2")}),
        lambda: shelf.save({"encryption-string": Secret("x" * 16)}),
    ):
        with pytest.raises(Clash):
            attempt()
    assert (world.site.calls, world.kms.calls) == ({}, {})


def test_a_new_generation_sees_nothing_of_the_old_and_the_old_sees_nothing_new(
    world: World,
) -> None:
    old = world.shelf()
    old.save({"consent": Secret("old")})
    world.uninstall()
    world.install_again()
    new = world.shelf(generation=G2)
    assert new.open("consent") is None
    new.save({"consent": Secret("new")})
    assert old.open("consent") is None
    with pytest.raises(Clash):
        old.save({"consent": Secret("old again")})
    assert text_of(new.open("consent")) == "new"
