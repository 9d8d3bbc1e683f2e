"""Values that vanish for everybody at once: an outage looks like it, so nothing is written."""

from __future__ import annotations

from app.site_settings.documents import ImportRules
from tests.stand_ins.entra_directory import Device, Group, Person
from tests.stand_ins.import_world import ImportWorld

EVERYBODY = tuple(f"p{n}" for n in range(20))


def furnished(groups: int = 2, **rules: object) -> ImportWorld:
    asked = tuple(f"g{n}" for n in range(groups))
    world = ImportWorld(
        ImportRules.model_validate({"missing_objects": "ignore", "memberships": asked, **rules})
    )
    world.graph.people_by_id = {key: Person(key, f"Name {key}", f"{key}@x") for key in EVERYBODY}
    world.graph.groups_by_id = {key: Group(key, f"Group {key}", EVERYBODY) for key in asked}
    world.graph.devices_by_id = {"d1": Device("d1", "D", "Model")}
    assert world.run()["state"] == "succeeded"
    world.assets.writes.clear()
    return world


def holding(world: ImportWorld, name: str) -> int:
    return sum(1 for row in world.assets.state("Person").values() if name in row)


def without_members(world: ImportWorld, *groups: str) -> None:
    for key in groups:
        world.graph.groups_by_id[key].members = ()


def test_groups_without_any_member_end_the_read() -> None:
    for mode in ("full", "preview"):
        world = furnished()
        without_members(world, "g0", "g1")
        run = world.run(mode)
        assert (run["state"], run["reason"]) == ("failed", "empty_source")
        assert "No group" in run["next_step"]
        assert world.assets.writes == []
        assert holding(world, "Groups") == 20


def test_people_who_lose_their_last_group_are_unassigned() -> None:
    world = furnished()
    without_members(world, "g0")
    world.graph.groups_by_id["g1"].members = EVERYBODY[:14]
    run = world.run()
    assert (run["state"], run["counts"]["update"]) == ("braked", 20)
    assert "6 of kind person" in run["next_step"]
    assert holding(world, "Groups") == 20


def test_people_who_keep_another_group_are_not() -> None:
    world = furnished()
    without_members(world, "g0")
    assert world.run()["state"] == "succeeded"
    assert world.assets.state("Person")["p3"]["Groups"] == ["g1"]


def test_a_group_that_is_gone_is_no_empty_source_but_brakes() -> None:
    world = furnished(1)
    world.graph.groups_by_id = {"other": Group("other", "Other")}
    assert world.run()["state"] == "braked"


def test_devices_alone_need_no_groups() -> None:
    world = furnished(1, objects={"users": False, "groups": False})
    assert len(world.assets.of("Device")) == 1


def test_one_who_loses_manager_and_groups_counts_once() -> None:
    world = furnished(1)
    for key in EVERYBODY:
        world.graph.people_by_id[key].manager = "p0"
    world.run()
    for key in EVERYBODY[:6]:
        world.graph.people_by_id[key].manager = None
    world.graph.groups_by_id["g0"].members = EVERYBODY[6:]
    assert "6 of kind person" in world.run()["next_step"]


def test_the_last_few_members_may_go() -> None:
    world = furnished(1)
    world.graph.groups_by_id["g0"].members = EVERYBODY[:4]
    released = world.run()
    world.desk.release(world.instance, released["id"])
    world.work_off()
    assert holding(world, "Groups") == 4
    without_members(world, "g0")
    assert world.run()["state"] == "succeeded"
    assert holding(world, "Groups") == 0


def test_a_column_that_is_empty_for_all_ends_the_read() -> None:
    for mode in ("full", "preview"):
        world = furnished()
        for each in world.graph.people_by_id.values():
            each.mail = None
        run = world.run(mode)
        assert (run["state"], run["reason"]) == ("failed", "empty_source")
        assert "Person, Email" in run["next_step"]
        assert world.assets.writes == []
        assert holding(world, "Email") == 20


def test_names_that_are_gone_for_all_end_the_read() -> None:
    world = furnished()
    for each in world.graph.people_by_id.values():
        each.name = ""
    run = world.run()
    assert (run["reason"], "Person, Name" in run["next_step"]) == ("empty_source", True)
    assert world.assets.state("Person")["p1"]["Name"] == "Name p1"


def test_a_column_that_is_left_for_one_is_cleared_for_the_others() -> None:
    world = furnished()
    for key in EVERYBODY[1:]:
        world.graph.people_by_id[key].mail = None
    assert world.run()["state"] == "succeeded"
    assert holding(world, "Email") == 1


def test_a_column_that_only_a_newcomer_has_did_come() -> None:
    world = furnished()
    for each in world.graph.people_by_id.values():
        each.mail = None
    world.graph.people_by_id["new"] = Person("new", "New", "new@x")
    assert world.run()["state"] == "succeeded"
    assert holding(world, "Email") == 1


def test_a_column_of_a_few_may_be_emptied() -> None:
    world = furnished()
    world.graph.devices_by_id["d1"].model = None
    assert world.run()["state"] == "succeeded"
    assert "Model" not in world.assets.state("Device")["d1"]


def test_a_name_that_is_gone_is_replaced_and_never_cleared() -> None:
    world = furnished()
    world.graph.people_by_id["p1"].name = ""
    assert world.run()["state"] == "succeeded"
    assert world.assets.state("Person")["p1"]["Name"] == "p1"
    world.assets.writes.clear()
    assert world.run()["counts"]["update"] == 0
    assert world.assets.writes == []


def test_a_day_of_leaving_that_is_cleared_for_all_who_came_back_is_no_outage() -> None:
    world = furnished(0, leavers="mark", brake={"percent": 100, "count": 500})
    kept = dict(world.graph.people_by_id)
    for key in EVERYBODY[:6]:
        del world.graph.people_by_id[key]
    world.run()
    assert holding(world, "Left on") == 6
    world.graph.people_by_id = kept
    assert world.run()["state"] == "succeeded"
    assert holding(world, "Left on") == 0
