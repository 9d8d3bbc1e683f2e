"""Each attacker is played on a whole site; the page that says what they got is generated."""

from __future__ import annotations

import base64
from functools import cache

import pytest

from app.vault.parts import DOCUMENTS
from app.vault.roles import TABLE
from tests.stand_ins.kms import INSTANCE, SETTINGS
from tests.vault import second_opinion as second
from tests.vault.leaks.attackers import (
    ATTACKERS,
    IN_REFERENCE,
    Attacker,
    Outcome,
    Whole,
    outcome,
    value_of,
)
from tests.vault.leaks.holdings import Attempt
from tests.vault.leaks.paper import CALLED, PAPER, as_written
from tests.vault.world import APP_KEY, G1, A, text_of

BY_NAME = {attacker.name: attacker for attacker in ATTACKERS}
EVERYTHING = set(DOCUMENTS)
WORKERS_ALONE = EVERYTHING - TABLE["web"].opens
READS = {
    "Any user of the site": set(),
    "The table": set(),
    "Both stores": set(),
    "The settings key alone": set(),
    "The instance key alone": set(),
    "A thief in the web door": EVERYTHING - WORKERS_ALONE,
    "A thief in the worker": EVERYTHING,
    "A thief in the scheduler": TABLE["scheduler"].opens,
    "A thief in the web door, with one of the re-wrapping roles, while keys are changed": (
        EVERYTHING - WORKERS_ALONE
    ),
    "A thief in the web door, with both of them, while keys are changed": (
        EVERYTHING - WORKERS_ALONE
    ),
    "The role `rewrap-open`": set(),
    "The role `rewrap-rest`": set(),
    "The role `cleanup`": set(),
    "The role `vendor-person`": set(),
    "The role `key-administrator`": set(),
    "Everything at rest at the vendor, with all keys": set(IN_REFERENCE),
    "The same, and calls to the site": EVERYTHING,
    "After an uninstall": set(),
    "After an uninstall, with an old copy of the table": EVERYTHING,
    "The running code, or whoever may change it or the key policies": EVERYTHING,
}


@cache
def came_of(name: str) -> Outcome:
    return outcome(BY_NAME[name])


@pytest.mark.parametrize("attacker", ATTACKERS, ids=lambda it: it.name)
def test_an_attacker_reads_this_and_nothing_more(attacker: Attacker) -> None:
    assert set(came_of(attacker.name).reads) == READS[attacker.name]


@pytest.mark.parametrize("attacker", ATTACKERS, ids=lambda it: it.name)
def test_what_an_attacker_reads_is_really_what_was_saved(attacker: Attacker) -> None:
    for name, value in came_of(attacker.name).reads.items():
        assert value == ("its key" if name == "encryption-string" else value_of(name))


WHILE_KEYS_CHANGE = "A thief in the web door, with {} of {}, while keys are changed"
REPLACES = {
    "A thief in the web door": EVERYTHING,
    WHILE_KEYS_CHANGE.format("one", "the re-wrapping roles"): EVERYTHING,
    WHILE_KEYS_CHANGE.format("both", "them"): EVERYTHING,
    "A thief in the worker": EVERYTHING,
    "A thief in the scheduler": TABLE["scheduler"].opens,
    "The same, and calls to the site": EVERYTHING - set(IN_REFERENCE),
    "The running code, or whoever may change it or the key policies": EVERYTHING,
}


@pytest.mark.parametrize("attacker", ATTACKERS, ids=lambda it: it.name)
def test_an_attacker_puts_this_in_place_of_documents_and_nothing_more(attacker: Attacker) -> None:
    assert came_of(attacker.name).replaces == REPLACES.get(attacker.name, set())


def test_the_app_believes_what_was_sealed_again_by_whoever_could_open_it() -> None:
    """Nobody can keep from writing whoever can open: the page has to say so."""
    world = Whole()
    pointer = world.entry("consent")
    string = world.entry("encryption-string")
    where = (APP_KEY, A, G1)
    place = (*where, "consent", str(pointer["version"]), str(pointer["string_version"]))
    outer = data_key(world, INSTANCE, place, bytes(pointer["wrapped"]))
    kept = (*where, "encryption-string", str(string["version"]), "")
    sealed, inner, _ = second.pieces_of(world.site.properties[".".join(kept[2:5])], 3)
    keys = second.keys_of(
        data_key(world, SETTINGS, kept, inner),
        data_key(world, INSTANCE, kept, bytes(string["wrapped"])),
        second.place_bytes(kept),
    )
    customers = second.key_in(second.opened(sealed, keys))
    forged = second.sealed_as(
        second.padded(b"forged"),
        second.keys_of(customers, outer, second.place_bytes(place)),
        b"n" * 12,
        b"m" * 12,
    )
    world.site.properties[".".join(place[2:5])] = base64.b64encode(forged).decode()
    assert text_of(world.shelf().open("consent")) == "forged"


def data_key(world: Whole, alias: str, place: tuple[str, ...], wrapped: bytes) -> bytes:
    names = ("app", "instance", "generation", "part", "version")
    context = dict(zip(names, place, strict=False))
    opened = world.kms.as_role("scheduler").open(world.kms.key(alias).arn, wrapped, context)
    return opened.reveal()


def test_the_thief_in_the_web_door_reads_none_of_the_secrets_for_entra_and_imports() -> None:
    assert {"entra-secret", "import-secret"}.isdisjoint(came_of("A thief in the web door").reads)


def test_the_thief_in_the_scheduler_reads_and_replaces_no_credential_and_nothing_that_shows() -> (
    None
):
    came = came_of("A thief in the scheduler")
    given = {"assets-access", "entra-secret", "import-secret"}
    assert (given | {"visibility", "requests"}).isdisjoint({*came.reads, *came.replaces})


def test_without_the_policies_the_web_door_alone_would_read_everything() -> None:
    """The policies are what keeps the worker's documents closed, and the attacker is able."""
    world = Whole()
    world.open_to_all("alias/my-assets-instance")
    read = Attempt(world.holdings("web", table=True, call=True)).run()
    assert set(read) == EVERYTHING


def test_the_page_says_what_came_of_it() -> None:
    assert set(CALLED) == EVERYTHING
    assert PAPER.read_text() == as_written()
