"""Each attacker is played on a whole site; the page that says what they got is generated."""

from __future__ import annotations

from functools import cache

import pytest

from app.vault.parts import DOCUMENTS
from app.vault.roles import TABLE
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


def test_nobody_but_the_functions_can_put_something_of_their_own_in_place_of_a_document() -> None:
    replacing = {name for name in BY_NAME if came_of(name).replaces}
    assert replacing == {
        "A thief in the web door",
        "A thief in the web door, with one of the re-wrapping roles, while keys are changed",
        "A thief in the web door, with both of them, while keys are changed",
        "A thief in the worker",
        "A thief in the scheduler",
        "The running code, or whoever may change it or the key policies",
    }


def test_the_thief_in_the_web_door_reads_none_of_the_secrets_for_entra_and_imports() -> None:
    assert {"entra-secret", "import-secret"}.isdisjoint(came_of("A thief in the web door").reads)


def test_the_thief_in_the_scheduler_reads_no_credential_and_replaces_the_history_alone() -> None:
    came = came_of("A thief in the scheduler")
    given = {"assets-access", "entra-secret", "import-secret"}
    assert (given | {"visibility", "requests"}).isdisjoint(came.reads)
    assert came.replaces == {"run-history"}


def test_without_the_policies_the_web_door_alone_would_read_everything() -> None:
    """The policies are what keeps the worker's documents closed, and the attacker is able."""
    world = Whole()
    world.open_to_all("alias/my-assets-instance")
    read = Attempt(world.holdings("web", table=True, call=True)).run()
    assert set(read) == EVERYTHING


def test_the_page_says_what_came_of_it() -> None:
    assert set(CALLED) == EVERYTHING
    assert PAPER.read_text() == as_written()
