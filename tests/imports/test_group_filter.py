"""`filter.groups`: only members of these groups, and of the groups within them, are imported."""

from __future__ import annotations

import random
from array import array

import pytest

from app.errors import NotThere, ServiceUnreachable
from app.imports.entra.narrowing import Scope
from app.imports.kinds.entries import key_of
from app.imports.planning.memberships import short_key
from app.site_settings.documents import ImportRules
from tests.stand_ins.entra_directory import Device, Group, Person
from tests.stand_ins.import_world import ImportWorld

EVERYBODY = tuple(f"p{n}" for n in range(20))


def filtered(*groups: str, **rules: object) -> ImportWorld:
    world = ImportWorld(
        ImportRules.model_validate(
            {"missing_objects": "ignore", "filter": {"groups": groups}, **rules}
        )
    )
    world.graph.people_by_id = {key: Person(key, f"Name {key}") for key in EVERYBODY}
    world.graph.groups_by_id = {
        "outer": Group("outer", "Outer", EVERYBODY[:8], ("inner",)),
        "inner": Group("inner", "Inner", EVERYBODY[6:10], ("outer",)),
        "other": Group("other", "Other", EVERYBODY[15:]),
        "nobody": Group("nobody", "Nobody"),
    }
    return world


def there(world: ImportWorld) -> set[str]:
    return set(world.assets.state("Person"))


def test_without_groups_everybody_comes_and_nobody_asks() -> None:
    world = filtered()
    world.run()
    assert there(world) == set(EVERYBODY)
    assert "members" not in world.graph.calls


def test_members_of_all_groups_named_and_of_those_within_come() -> None:
    world = filtered("inner", "other", "other")
    run = world.run()
    assert there(world) == {*EVERYBODY[:10], *EVERYBODY[15:]}
    assert run["counts"]["skipped"] == 5
    assert len(world.assets.of("Group")) == 4  # the filter is about people


def test_who_falls_out_of_the_filter_is_a_leaver_but_never_gone_for_good() -> None:
    world = filtered("outer", leavers="delete")
    world.run()
    world.graph.groups_by_id["inner"].members = EVERYBODY[6:9]
    run = world.run()
    assert (run["state"], run["counts"]["leavers"]) == ("succeeded", 1)
    assert world.assets.state("Person")["p9"]["Status"] == "Left"


def test_leaving_the_filter_in_masses_brakes() -> None:
    world = filtered("outer", leavers="mark")
    world.run()
    world.graph.groups_by_id["inner"].members = ()
    world.graph.groups_by_id["outer"].members = EVERYBODY[:4]
    assert world.run()["state"] == "braked"


def test_the_other_filters_still_hold() -> None:
    world = filtered("outer")
    world.graph.people_by_id["p1"].guest = True
    world.run()
    assert there(world) == set(EVERYBODY[:10]) - {"p1"}


@pytest.mark.parametrize("mode", ["full", "preview"])
def test_a_filter_that_finds_nobody_is_an_empty_source(mode: str) -> None:
    world = filtered("outer")
    world.run()
    world.rule(filter={"groups": ("nobody",)})
    world.assets.writes.clear()
    run = world.run(mode)
    assert (run["state"], run["reason"]) == ("failed", "empty_source")
    assert world.assets.writes == []


@pytest.mark.parametrize("known", [True, False])
def test_a_group_that_is_not_known_ends_the_run_and_is_named_by_its_place(known: bool) -> None:
    world = filtered("outer")
    if known:
        world.run()
    world.rule(filter={"groups": ("outer", "canary")})
    world.assets.writes.clear()
    run = world.run()
    assert (run["state"], run["reason"]) == ("failed", "filter_group_missing")
    assert "number 2" in run["next_step"]
    assert "canary" not in str(run)
    assert world.assets.writes == []


def test_members_that_do_not_come_to_an_end_are_no_members() -> None:
    world = filtered("outer")
    world.run()
    world.assets.writes.clear()

    def before(name: str) -> None:
        if name == "graph.members.6":
            raise ServiceUnreachable("500")

    world.graph.before = before
    run = world.run()
    assert (run["state"], run["reason"]) == ("failed", "graph_failed")
    assert world.assets.writes == []


def test_a_group_that_vanishes_between_two_pages_ends_the_run() -> None:
    world = filtered("outer")

    def before(name: str) -> None:
        if name == "graph.members.3":
            raise NotThere

    world.graph.before = before
    assert world.run()["reason"] == "filter_group_missing"


def test_devices_alone_ask_for_no_members() -> None:
    world = filtered("no such group", objects={"users": False, "groups": False})
    world.graph.devices_by_id = {"d1": Device("d1", "D")}
    assert world.run()["state"] == "succeeded"
    assert "members" not in world.graph.calls


def test_a_scope_holds_its_own_and_nobody_else() -> None:
    ids = [f"{random.Random(n).random()}" for n in range(500)]
    scope = Scope(array("Q", sorted(short_key(key_of(each)) for each in ids[:250])))
    assert [scope.holds(each) for each in ids] == [True] * 250 + [False] * 250
    assert not Scope(array("Q")).holds("a")
    assert Scope().holds("anybody")
