"""The Encryption String: the first is made once, a new one leaves everything readable meanwhile."""

from __future__ import annotations

import base64
import json
import os
import threading

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.errors import Clash, SettingsUnreadable
from app.vault import encryption_string
from app.vault.ports import CannotOpen
from app.words import Secret
from tests.stand_ins.kms import SETTINGS
from tests.vault.world import A, SetClock, World, text_of


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(autouse=True)
def light_derivation(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real parameters take a tenth of a second each; one test below uses them."""
    monkeypatch.setattr(encryption_string, "_MEMORY_KIB", 64)


def kept_strings(world: World) -> list[str]:
    reference = world.table.read(A)
    assert reference is not None
    return [name for name in reference.part_keys if "@" in name]


def test_a_given_string_goes_through_argon2id_with_its_parameters_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(encryption_string, "_MEMORY_KIB", 64 * 1024)
    document = encryption_string.given(Secret("a string of theirs"), SetClock(), os.urandom)
    by = json.loads(document.reveal())["derived_by"]
    assert by["name"] == "argon2id"
    assert by["memory_kib"] >= 64 * 1024
    again = Argon2id(
        salt=base64.b64decode(by["salt"]),
        length=32,
        iterations=by["iterations"],
        lanes=by["lanes"],
        memory_cost=by["memory_kib"],
    )
    assert encryption_string.key_of(document).reveal() == again.derive(b"a string of theirs")
    assert b"theirs" not in document.reveal()


def test_the_same_string_given_twice_makes_two_keys() -> None:
    one, two = (
        encryption_string.given(Secret("the same"), SetClock(), os.urandom) for _ in range(2)
    )
    assert encryption_string.key_of(one).reveal() != encryption_string.key_of(two).reveal()


@pytest.mark.parametrize("document", ["", "[]", "{}", '{"key":7}', '{"key":"QQ=="}', '{"key":"!"}'])
def test_a_document_that_holds_no_key_does_not_open(document: str) -> None:
    with pytest.raises(CannotOpen):
        encryption_string.key_of(Secret(document))


def test_the_first_string_is_made_once_however_many_save_at_once(world: World) -> None:
    documents = ["consent", "visibility", "requests", "entra", "import", "assets-access"]
    threads = [
        threading.Thread(target=world.shelf().save, args=({name: Secret(name)},))
        for name in documents
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shelf = world.shelf()
    assert [text_of(shelf.open(name)) for name in documents] == documents
    assert kept_strings(world) == []
    assert shelf.versions()["encryption-string"].startswith("1-")
    assert len(world.site.properties) == len(documents) + 1


def test_what_lies_under_the_old_string_stays_readable_and_new_saves_use_the_new_one(
    world: World,
) -> None:
    shelf = world.shelf()
    shelf.save({"consent": Secret("1"), "visibility": Secret("2")})
    old = shelf.versions()["encryption-string"]
    shelf.save({"encryption-string": Secret("a string of their own")})
    assert kept_strings(world) == [f"encryption-string@{old}"]
    assert text_of(world.shelf().open("consent")) == "1"
    shelf.save({"consent": Secret("3")})
    assert world.entry("consent")["string_version"] == shelf.versions()["encryption-string"]
    assert world.entry("visibility")["string_version"] == old
    assert text_of(world.shelf().open("visibility")) == "2"


def test_the_old_string_goes_with_the_last_document_that_names_it(world: World) -> None:
    shelf = world.shelf()
    shelf.save({"consent": Secret("1"), "visibility": Secret("2")})
    old_name = world.name("encryption-string")
    shelf.save({"encryption-string": Secret("a string of their own")})
    shelf.save({"consent": Secret("3")})
    assert len(kept_strings(world)) == 1
    shelf.forget(["visibility"])
    assert kept_strings(world) == []
    assert old_name not in world.site.properties
    assert len(world.site.properties) == 2


def test_resealing_brings_everything_under_the_new_string(world: World) -> None:
    worker = world.shelf("worker")
    documents = {"consent": Secret("1"), "entra-secret": Secret("2"), "run-history": Secret("3")}
    worker.save(documents)
    worker.save({"encryption-string": Secret("a string of their own")})
    assert worker.reseal() == ()
    assert kept_strings(world) == []
    current = worker.versions()["encryption-string"]
    for name, value in documents.items():
        assert world.entry(name)["string_version"] == current
        assert text_of(world.shelf("worker").open(name)) == value.reveal_text()
    assert len(world.site.properties) == 4


def test_a_role_reseals_only_what_it_may_open_and_the_other_finishes(world: World) -> None:
    web, worker = world.shelf("web"), world.shelf("worker")
    web.save({"consent": Secret("1"), "entra-secret": Secret("2")})
    web.save({"encryption-string": Secret("a string of their own")})
    assert web.reseal() == ("entra-secret",)
    assert len(kept_strings(world)) == 1
    assert text_of(worker.open("entra-secret")) == "2"
    assert worker.reseal() == ()
    assert kept_strings(world) == []
    assert text_of(world.shelf("worker").open("entra-secret")) == "2"


def test_two_strings_changed_in_a_row_leave_everything_readable(world: World) -> None:
    shelf = world.shelf()
    shelf.save({"consent": Secret("1")})
    shelf.save({"encryption-string": Secret("a string of their own")})
    shelf.save({"visibility": Secret("2")})
    shelf.save({"encryption-string": Secret("another of their own")})
    later = world.shelf()
    assert (text_of(later.open("consent")), text_of(later.open("visibility"))) == ("1", "2")
    assert len(kept_strings(world)) == 2
    assert later.reseal() == ()
    assert kept_strings(world) == []


def test_forgetting_the_string_draws_a_random_one_and_the_rest_still_opens(world: World) -> None:
    shelf = world.shelf()
    shelf.save({"encryption-string": Secret("a string of their own")})
    shelf.save({"consent": Secret("1")})
    shelf.forget(["encryption-string"])
    shown = world.shelf().open("encryption-string")
    assert shown is not None
    assert json.loads(shown.reveal())["given"] is False
    assert text_of(world.shelf().open("consent")) == "1"


def test_a_string_is_saved_alone(world: World) -> None:
    with pytest.raises(ValueError, match="alone"):
        world.shelf().save({"encryption-string": Secret("x" * 16), "consent": Secret("1")})


def test_a_string_saved_over_one_that_was_not_seen_clashes(world: World) -> None:
    shelf = world.shelf()
    shelf.save({"encryption-string": Secret("a string of their own")}, {})
    with pytest.raises(Clash):
        shelf.save({"encryption-string": Secret("another of their own")}, {})


def test_with_the_string_gone_from_jira_nothing_opens_until_it_is_put_back(world: World) -> None:
    world.shelf().save({"consent": Secret("1")})
    name = world.name("encryption-string")
    text = world.site.properties.pop(name)
    with pytest.raises(SettingsUnreadable):
        world.shelf().open("consent")
    world.shelf().save({"visibility": Secret("2")})
    world.site.properties[name] = text
    assert text_of(world.shelf().open("consent")) == "1"
    assert text_of(world.shelf().open("visibility")) == "2"


@pytest.mark.parametrize("piece", [0, 1, 2])
def test_a_string_property_with_one_changed_character_does_not_open(
    world: World, piece: int
) -> None:
    world.shelf().save({"consent": Secret("1")})
    name = world.name("encryption-string")
    pieces = world.site.properties[name].split(".")
    for place in range(0, len(pieces[piece]), 7):
        changed = list(pieces)
        letter = "A" if changed[piece][place] != "A" else "B"
        changed[piece] = changed[piece][:place] + letter + changed[piece][place + 1 :]
        world.site.properties[name] = ".".join(changed)
        with pytest.raises(SettingsUnreadable):
            world.shelf().open("consent")


def test_a_key_that_is_not_ours_is_never_asked_whatever_the_property_names(world: World) -> None:
    world.shelf().save({"consent": Secret("1")})
    name = world.name("encryption-string")
    sealed, wrapped, _ = world.site.properties[name].split(".")
    foreign = world.kms.add_key("alias/of-an-attacker")
    named = base64.b64encode(foreign.encode()).decode()
    world.site.properties[name] = f"{sealed}.{wrapped}.{named}"
    with pytest.raises(SettingsUnreadable):
        world.shelf().open("consent")
    assert foreign not in [call.key_id for call in world.kms.log]


@pytest.mark.parametrize("fault", ["deleted", "overwritten", "key service refuses"])
def test_a_given_string_that_does_not_open_now_is_never_replaced_unasked(
    world: World, fault: str
) -> None:
    world.shelf().save({"consent": Secret("1")})
    world.shelf().save({"encryption-string": Secret("a string of their own")})
    name, version = world.name("encryption-string"), world.entry("encryption-string")["version"]
    text = world.site.properties[name]
    if fault == "deleted":
        del world.site.properties[name]
    elif fault == "overwritten":
        world.site.properties[name] = "hostile"
    else:
        world.kms.set_state(SETTINGS, "Disabled")
    with pytest.raises(SettingsUnreadable):
        world.shelf().save({"consent": Secret("2")})
    assert world.entry("encryption-string")["version"] == version
    world.site.properties[name] = text
    world.kms.set_state(SETTINGS, "Enabled")
    assert text_of(world.shelf().open("consent")) == "1"
    world.shelf().save({"consent": Secret("2")})
    assert world.entry("consent")["string_version"] == version


def test_a_given_string_that_is_lost_can_be_given_anew_or_forgotten(world: World) -> None:
    for again in (
        lambda: world.shelf().save({"encryption-string": Secret("another of their own")}),
        lambda: world.shelf().forget(["encryption-string"]),
    ):
        world.shelf().save({"encryption-string": Secret("a string of their own")})
        world.site.properties[world.name("encryption-string")] = "hostile"
        again()
        world.shelf().save({"consent": Secret("2")})
        assert text_of(world.shelf().open("consent")) == "2"
