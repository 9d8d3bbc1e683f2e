"""Assets may take a moment until a query finds what an execution has just made."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.site_settings.documents import ImportRules
from tests.stand_ins.assets_world import Thing
from tests.stand_ins.entra_directory import Group, Person
from tests.stand_ins.import_world import ImportWorld


def world_that_shows_after(seconds: float) -> ImportWorld:
    """Objects are found by queries this much later than they are made."""
    world = ImportWorld(ImportRules(missing_objects="ignore", memberships=("c1",)))
    world.graph.people_by_id = {"a1": Person("a1", "Ada")}
    world.graph.groups_by_id["c1"] = Group("c1", "One", members=("a1",))
    made: dict[str, datetime] = {}
    matching = world.assets._matching

    def shown(aql: str) -> list[Thing]:
        for each in world.assets.things:
            made.setdefault(each, world.clock.now)
        past = world.clock.now - timedelta(seconds=seconds)
        return [each for each in matching(aql) if made[each.id] <= past]

    world.assets._matching = shown  # type: ignore[method-assign]
    return world


@pytest.mark.parametrize("mode", ["full", "delta"])
def test_who_is_new_gets_the_groups_as_soon_as_assets_shows_them(mode: str) -> None:
    world = world_that_shows_after(5)
    assert world.run()["state"] == "succeeded"
    assert world.assets.state("Person")["a1"]["Groups"] == ["c1"]
    world.clock.wait(60)
    world.graph.people_by_id["n1"] = Person("n1", "Nia")
    world.graph.groups_by_id["c1"].members = ("a1", "n1")
    assert world.run(mode)["state"] == "succeeded"
    assert world.assets.state("Person")["n1"]["Groups"] == ["c1"]


def test_a_run_whose_new_people_never_show_has_not_succeeded() -> None:
    world = world_that_shows_after(3600)
    run = world.run()
    assert (run["state"], run["reason"]) == ("failed", "assets_late")
