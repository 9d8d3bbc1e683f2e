"""Saving and opening: all of them or none, as the role may, and never over the unseen."""

from __future__ import annotations

import json

import pytest

from app.errors import Clash, InputRefused, ServiceUnreachable, SettingsUnreadable
from app.vault.envelope import MOST_CHARACTERS
from app.vault.roles import RoleMayNot
from app.words import Secret
from tests.vault.world import G1, TOKEN, A, World, text_of


@pytest.fixture
def world() -> World:
    return World()


def test_what_is_saved_opens_again_in_another_process(world: World) -> None:
    world.shelf().save({"assets-access": Secret(TOKEN), "visibility": Secret("{}")})
    later = world.shelf()
    assert text_of(later.open("assets-access")) == TOKEN
    assert text_of(later.open("visibility")) == "{}"


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


def test_a_property_that_jira_may_or_may_not_have_stored_is_taken_back(world: World) -> None:
    shelf = world.shelf()
    shelf.save({"consent": Secret("1")})
    kept = dict(world.site.properties)
    world.site.fail("write", "after")
    with pytest.raises(ServiceUnreachable):
        shelf.save({"consent": Secret("2")})
    assert world.site.properties == kept


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
