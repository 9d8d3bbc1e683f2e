"""Brake, completeness and the moment when links move."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import ServiceUnreachable
from tests.imports.delta_office import office, person, why


def test_the_brake_measures_against_all_that_assets_knows() -> None:
    world = office(60, leavers="mark")
    for n in range(6):
        del world.graph.people_by_id[f"p{n}"]
    run = world.run("delta")
    assert (why(run), run["counts"]["leavers"]) == ("", 6)  # six of sixty: ten percent
    for n in range(6, 12):
        del world.graph.people_by_id[f"p{n}"]
    world.assets.writes.clear()
    before = world.connected.links.content
    run = world.run("delta")
    assert (run["state"], run["ran_as"]) == ("braked", "delta")  # six of fifty-four
    assert world.assets.writes == []
    assert world.connected.links.content == before
    world.desk.release(world.instance, run["id"])
    world.work_off()
    assert person(world, "p11")["Status"] == "Left"
    assert world.connected.links.content != before


def test_owners_that_go_in_masses_brake() -> None:
    world = office()
    for n in range(5):
        world.graph.devices_by_id[f"d{n}"].owner = None
    run = world.run("delta")
    assert (run["state"], world.assets.writes) == ("braked", [])


def test_many_values_that_are_cleared_at_once_are_no_empty_source() -> None:
    world = office()
    for n in range(8):
        world.graph.people_by_id[f"p{n}"].mail = None
    assert why(world.run("delta")) == ""


def test_objects_that_assets_counts_and_does_not_list_end_the_run() -> None:
    world = office(leavers="mark")
    del world.graph.people_by_id["p3"]
    search = world.assets.search

    def short(aql: str, start_at: int, limit: int) -> Any:
        page = search(aql, start_at, limit)
        return type(page)(page.objects[1:], page.last, page.attributes) if " IN (" in aql else page

    world.assets.search = short  # type: ignore[method-assign]
    run = world.run("delta")
    assert (run["state"], run["reason"]) == ("failed", "assets_incomplete")
    assert world.assets.writes == []


@pytest.mark.parametrize("call", ["imports.submit", "imports.status", "assets.update"])
def test_links_move_only_after_the_last_write(call: str) -> None:
    world = office()
    before = world.connected.links.content
    world.graph.people_by_id["p3"].department = "New"
    world.graph.people_by_id["p4"].mail = None

    def fail(name: str) -> None:
        if name == call:
            raise ServiceUnreachable("503")

    world.assets.before = fail
    assert world.run("delta")["reason"] == "assets_failed"
    assert world.connected.links.content == before
    world.assets.before = lambda name: None
    world.clock.wait(60)
    assert why(world.run("delta")) == ""
    assert person(world, "p3")["Department"] == "New"
    assert "Email" not in person(world, "p4")


def test_links_that_cannot_be_kept_fail_no_run() -> None:
    world = office()

    def refuse(content: bytes) -> None:
        raise ServiceUnreachable("503")

    before = world.connected.links.content
    world.connected.links.write = refuse  # type: ignore[method-assign]
    world.graph.people_by_id["p3"].department = "New"
    assert why(world.run("delta")) == ""
    assert world.connected.links.content == before
    assert why(world.run("delta")) == ""
