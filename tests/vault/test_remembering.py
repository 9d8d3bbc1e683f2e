"""What is opened is remembered shortly: warm makes no call, a flip or forgetting misses."""

from __future__ import annotations

import pytest

from app.errors import ServiceUnreachable
from app.instances.directory import Directory
from app.instances.pointers import InstancePointers
from app.vault.shelf import Shelf
from app.words import Secret
from tests.vault.world import G1, G2, A, World, text_of

PARTS = ["assets-access", "entra", "import", "visibility", "requests", "consent"]


@pytest.fixture
def world() -> World:
    made = World()
    made.shelf().save({name: Secret(name) for name in PARTS})
    made.kms.log.clear()
    made.site.calls.clear()
    made.table.calls.clear()
    return made


def cached_shelf(world: World) -> Shelf:
    """As the app joins it: references come from a directory, at most three seconds old."""
    directory = Directory(world.table, world.clock)
    pointers = InstancePointers(world.table, A, directory)
    return world.vault().shelf(A, G1, world.site, pointers)


def test_c4_a_warm_open_makes_no_call_but_one_read_of_the_reference_in_three_seconds(
    world: World,
) -> None:
    shelf = cached_shelf(world)
    for name in PARTS:
        shelf.open(name)
    world.kms.log.clear()
    world.site.calls.clear()
    world.table.calls.clear()
    for _ in range(10):
        assert [text_of(shelf.open(name)) for name in PARTS] == PARTS
    assert (world.kms.calls, world.site.calls, world.table.calls) == ({}, {}, {})
    world.clock.forward(3)
    shelf.open("consent")
    shelf.open("visibility")
    assert world.table.calls == {"read": 1}
    assert (world.kms.calls, world.site.calls) == ({}, {})


def test_c4_opening_every_part_takes_one_key_call_a_part(world: World) -> None:
    shelf = cached_shelf(world)
    shelf.prepare(PARTS)
    assert world.kms.calls["Decrypt"] == len(PARTS) + 2
    assert world.kms.calls["DescribeKey"] <= 2
    assert [text_of(shelf.open(name)) for name in PARTS] == PARTS
    assert world.kms.calls["Decrypt"] == len(PARTS) + 2
    assert world.table.calls == {"read": 1}


def test_what_is_opened_is_asked_again_after_five_minutes(world: World) -> None:
    shelf = world.shelf()
    shelf.open("consent")
    world.kms.log.clear()
    world.clock.forward(299)
    shelf.open("consent")
    assert world.kms.calls == {}
    world.clock.forward(1)
    shelf.open("consent")
    assert world.kms.calls["Decrypt"] == 3


def test_d10_forgotten_elsewhere_is_gone_within_three_seconds_and_here_at_once(
    world: World,
) -> None:
    here, elsewhere = cached_shelf(world), cached_shelf(world)
    assert text_of(here.open("consent")) == text_of(elsewhere.open("consent")) == "consent"
    here.forget(["consent"])
    assert here.open("consent") is None
    world.clock.forward(3)
    assert elsewhere.open("consent") is None


def test_d10_forgetting_lets_go_of_what_this_process_had_opened(world: World) -> None:
    vault = world.vault()
    shelf = world.shelf(vault=vault)
    shelf.open("consent")
    shelf.open("visibility")
    shelf.forget(["consent"])
    kept = {key[3] for key in vault._remembered._kept if key[0] in ("locks", "document")}
    assert kept == {"visibility"}


def test_a_reinstall_elsewhere_is_never_taken_for_nothing_set(world: World) -> None:
    """With the old reference in hand, the new one's visibility must not look unset."""
    directory = Directory(world.table, world.clock)
    directory.find(A)
    world.install_again()
    world.shelf(generation=G2).save({"visibility": Secret("strict")})
    pointers = InstancePointers(world.table, A, directory)
    here = world.vault().shelf(A, G2, world.site, pointers)
    assert text_of(here.open("visibility")) == "strict"


def test_saved_elsewhere_is_seen_even_with_an_old_pointer_in_hand(world: World) -> None:
    here, elsewhere = cached_shelf(world), cached_shelf(world)
    assert here.is_set("consent")
    elsewhere.save({"consent": Secret("new")})
    assert text_of(here.open("consent")) == "new"


def test_what_the_web_may_not_open_it_does_not_keep_after_saving_it(world: World) -> None:
    vault = world.vault("web")
    world.shelf(vault=vault).save({"entra-secret": Secret("x"), "run-history": Secret("y")})
    kept = {key[3] for key in vault._remembered._kept if key[0] in ("locks", "document")}
    assert kept == {"run-history"}


def test_a_failure_is_not_remembered(world: World) -> None:
    shelf = world.shelf()
    world.kms.down = True
    with pytest.raises(ServiceUnreachable):
        shelf.open("consent")
    world.kms.down = False
    assert text_of(shelf.open("consent")) == "consent"
