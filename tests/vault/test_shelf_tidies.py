"""Rewriting in place, and sweeping what no pointer will ever name again."""

from __future__ import annotations

import pytest

from app.words import Secret
from tests.vault.world import G1, G2, World, text_of


@pytest.fixture
def world() -> World:
    return World()


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
