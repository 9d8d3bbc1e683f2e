"""Saving and opening: only pointers say what is set; whatever else lies in Jira is noise."""

from __future__ import annotations

import json

import pytest

from app.errors import Clash, InputRefused, ServiceUnreachable, SettingsUnreadable
from app.instances.table import Change
from app.vault.envelope import MOST_CHARACTERS
from app.vault.parts import RoleMayNot
from app.words import Secret
from tests.vault.world import G1, G2, TOKEN, A, B, World, text_of


@pytest.fixture
def world() -> World:
    return World()


def test_what_is_saved_opens_again_in_another_process(world: World) -> None:
    world.shelf().save({"assets-access": Secret(TOKEN), "visibility": Secret("{}")})
    later = world.shelf()
    assert text_of(later.open("assets-access")) == TOKEN
    assert text_of(later.open("visibility")) == "{}"


def test_what_was_never_saved_is_none_whatever_lies_in_the_site(world: World) -> None:
    world.site.properties[f"{G1}.visibility.1-aaaaaaaaaaaa"] = "planted"
    assert world.shelf().open("visibility") is None
    assert not world.shelf().is_set("visibility")
    assert world.kms.calls == {}


def test_versions_name_what_is_set_and_nothing_else(world: World) -> None:
    shelf = world.shelf()
    assert shelf.versions() == {}
    shelf.save({"consent": Secret("1")})
    assert set(shelf.versions()) == {"consent", "encryption-string"}
    assert shelf.versions()["consent"].startswith("1-")
    shelf.save({"consent": Secret("2")})
    assert shelf.versions()["consent"].startswith("2-")


def test_a_saved_document_replaces_the_one_before_and_its_property(world: World) -> None:
    shelf = world.shelf()
    shelf.save({"consent": Secret("1")})
    before = world.name("consent")
    shelf.save({"consent": Secret("2")})
    assert before not in world.site.properties
    assert text_of(world.shelf().open("consent")) == "2"
    assert len(world.site.properties) == 2


def test_nothing_of_a_secret_rests_anywhere_in_clear(world: World) -> None:
    world.shelf().save({"assets-access": Secret(TOKEN)})
    stored = repr(world.site.properties) + repr(vars(world.table)) + repr(world.kms.log)
    assert TOKEN not in stored


def test_two_seals_of_one_value_differ_in_every_store(world: World) -> None:
    shelf = world.shelf()
    shelf.save({"consent": Secret("same")})
    first = (world.site.properties[world.name("consent")], world.entry("consent")["wrapped"])
    shelf.save({"consent": Secret("same")})
    second = (world.site.properties[world.name("consent")], world.entry("consent")["wrapped"])
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_the_context_of_every_key_names_the_whole_place(world: World) -> None:
    world.shelf().save({"consent": Secret("1")})
    version = world.shelf().versions()["consent"]
    wanted = {
        "app": "com.example.my-assets",
        "instance": A,
        "generation": G1,
        "part": "consent",
        "version": version,
    }
    assert wanted in [call.context for call in world.kms.log if call.operation == "GenerateDataKey"]


def test_saving_over_what_was_not_seen_clashes_and_changes_nothing(world: World) -> None:
    shelf = world.shelf()
    shelf.save({"consent": Secret("1")})
    seen = shelf.versions()
    shelf.save({"consent": Secret("2")}, seen)
    with pytest.raises(Clash):
        shelf.save({"consent": Secret("3")}, seen)
    with pytest.raises(Clash):
        shelf.save({"consent": Secret("3")}, {})
    assert text_of(shelf.open("consent")) == "2"
    assert len(world.site.properties) == 2


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


def test_what_is_forgotten_is_gone_at_once_also_where_it_was_opened_before(world: World) -> None:
    shelf = world.shelf()
    shelf.save({"consent": Secret("1"), "visibility": Secret("2")})
    other = world.shelf()
    assert text_of(other.open("consent")) == "1"
    name = world.name("consent")
    kept = world.site.properties[name]
    shelf.forget(["consent", "requests"])
    assert other.open("consent") is None
    assert shelf.open("consent") is None
    assert name not in world.site.properties
    world.site.properties[name] = kept
    assert world.shelf().open("consent") is None
    assert text_of(other.open("visibility")) == "2"


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


def test_a_property_that_jira_may_or_may_not_have_stored_is_taken_back(world: World) -> None:
    shelf = world.shelf()
    shelf.save({"consent": Secret("1")})
    kept = dict(world.site.properties)
    world.site.fail("write", "after")
    with pytest.raises(ServiceUnreachable):
        shelf.save({"consent": Secret("2")})
    assert world.site.properties == kept


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


@pytest.mark.parametrize("document", ["entra-secret", "import-secret", "delta-links"])
def test_the_web_may_make_but_not_open_what_only_the_worker_opens(
    world: World, document: str
) -> None:
    web = world.shelf("web")
    web.save({document: Secret(TOKEN)})
    assert web.is_set(document)
    calls = world.kms.calls
    with pytest.raises(RoleMayNot):
        web.open(document)
    assert world.kms.calls == calls
    assert text_of(world.shelf("worker").open(document)) == TOKEN


def test_nobody_opens_a_document_that_is_not_declared(world: World) -> None:
    with pytest.raises(RoleMayNot):
        world.shelf().open("payroll")
    with pytest.raises(RoleMayNot):
        world.shelf().save({"payroll": Secret("1")})


def test_with_the_key_service_down_nothing_is_stored(world: World) -> None:
    world.kms.down = True
    with pytest.raises(ServiceUnreachable):
        world.shelf().save({"consent": Secret(TOKEN)})
    assert world.site.properties == {}
    assert world.shelf().versions() == {}


def test_with_the_key_service_down_opening_says_so_and_not_unreadable(world: World) -> None:
    world.shelf().save({"consent": Secret("1")})
    world.kms.down = True
    with pytest.raises(ServiceUnreachable) as failed:
        world.shelf().open("consent")
    assert not isinstance(failed.value, SettingsUnreadable)


def test_what_would_not_fit_into_jira_is_refused_before_anything_is_written(world: World) -> None:
    with pytest.raises(InputRefused) as refused:
        world.shelf().save({"visibility": Secret("x" * 24_000)})
    assert f"{MOST_CHARACTERS:,}" in refused.value.problems[0].message
    assert refused.value.problems[0].field == "visibility"
    assert not world.shelf().is_set("visibility")


def test_a_run_history_is_written_again_in_place_without_moving_a_pointer(world: World) -> None:
    shelf = world.shelf("worker")
    shelf.rewrite("run-history", Secret("1"))
    version, name = shelf.versions()["run-history"], world.name("run-history")
    first = world.site.properties[name]
    calls, changes = world.kms.calls, world.table.calls["change"]
    shelf.rewrite("run-history", Secret("2"))
    assert shelf.versions()["run-history"] == version
    assert world.site.properties[name] != first
    assert (world.kms.calls, world.table.calls["change"]) == (calls, changes)
    assert text_of(world.shelf("web").open("run-history")) == "2"


def test_a_run_history_that_is_rewritten_elsewhere_is_seen_at_once(world: World) -> None:
    worker, web = world.shelf("worker"), world.shelf("web")
    worker.rewrite("run-history", Secret("1"))
    assert text_of(web.open("run-history")) == "1"
    worker.rewrite("run-history", Secret("2"))
    assert text_of(web.open("run-history")) == "2"


def test_a_run_history_that_does_not_open_does_not_stop_the_next(world: World) -> None:
    world.shelf("worker").rewrite("run-history", Secret("1"))
    world.site.properties[world.name("run-history")] = "rubbish"
    world.shelf("worker").rewrite("run-history", Secret("2"))
    assert text_of(world.shelf("worker").open("run-history")) == "2"


def test_only_a_rewritable_document_is_rewritten(world: World) -> None:
    with pytest.raises(ValueError, match="never rewritten"):
        world.shelf().rewrite("consent", Secret("1"))


def test_sweeping_deletes_what_was_passed_by_and_other_generations_only(world: World) -> None:
    shelf = world.shelf()
    shelf.save({"consent": Secret("1")})
    shelf.save({"consent": Secret("2")})
    kept = dict(world.site.properties)
    under_way = f"{G1}.consent.3-bbbbbbbbbbbb"
    unset = f"{G1}.visibility.1-bbbbbbbbbbbb"
    world.site.properties |= {
        f"{G1}.consent.1-aaaaaaaaaaaa": "x",
        f"{G1}.consent.2-aaaaaaaaaaaa": "x",
        f"{G2}.consent.7-aaaaaaaaaaaa": "x",
        under_way: "x",
        unset: "x",
        "somebody.else": "x",
        "some.body.else": "x",
    }
    assert shelf.sweep() == 3
    assert set(world.site.properties) == {
        *kept, under_way, unset, "somebody.else", "some.body.else",
    }  # fmt: skip
    assert text_of(world.shelf().open("consent")) == "2"


def test_a_shelf_of_an_old_generation_never_sweeps_what_the_new_one_wrote(world: World) -> None:
    old = world.shelf()
    old.save({"consent": Secret("old")})
    world.install_again()
    world.shelf(generation=G2).save({"consent": Secret("new")})
    assert old.sweep() == 2
    assert set(world.site.properties) == {
        name for name in world.site.properties if name.startswith(G2)
    }
    assert text_of(world.shelf(generation=G2).open("consent")) == "new"


def test_sweeping_spares_a_former_encryption_string_that_is_still_needed(world: World) -> None:
    shelf = world.shelf()
    shelf.save({"consent": Secret("1")})
    shelf.forget(["encryption-string"])
    assert shelf.sweep() == 0
    assert text_of(world.shelf().open("consent")) == "1"


def test_an_encryption_string_shows_whether_it_was_given_and_when_but_never_itself(
    world: World,
) -> None:
    shelf = world.shelf()
    assert shelf.open("encryption-string") is None
    shelf.save({"consent": Secret("1")})
    drawn = shelf.open("encryption-string")
    assert drawn is not None
    assert json.loads(drawn.reveal()) == {"given": False, "changed_at": "2026-11-21T12:00:00Z"}
    shelf.save({"encryption-string": Secret("a string of their own")})
    given = world.shelf().open("encryption-string")
    assert given is not None
    assert json.loads(given.reveal())["given"] is True
    assert b"their own" not in given.reveal()
