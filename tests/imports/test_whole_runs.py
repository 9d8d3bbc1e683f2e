"""Whole runs against worlds in memory: what stands in Assets afterwards, and what does not."""

from __future__ import annotations

import pytest

from app.errors import AppError, Clash, CredentialRefused, InputRefused, NotAllowed, NotThere
from app.site_settings.documents import ImportRules
from tests.stand_ins.entra_directory import Device, Group, Person
from tests.stand_ins.import_world import ImportWorld


def ada_and_bo(world: ImportWorld) -> None:
    world.graph.people_by_id = {
        "a1": Person("a1", "Ada", "ada@one.example", "ada", manager="b1"),
        "b1": Person("b1", "Bo", None, "bo", department="Lab"),
    }
    world.graph.groups_by_id = {"c1": Group("c1", "Builders", ("a1",))}
    world.graph.devices_by_id = {"d1": Device("d1", "Laptop", "M1", owner="a1")}


def test_a_first_run_creates_people_groups_and_devices_with_their_references() -> None:
    world = ImportWorld()
    ada_and_bo(world)
    run = world.run()
    assert (run["state"], run["reason"], run["next_step"]) == ("succeeded", None, None)
    assert run["counts"] == {
        "create": 4, "update": 0, "unchanged": 0, "leavers": 0, "skipped": 0, "failed": 0,
    }  # fmt: skip
    people = world.assets.state("Person")
    assert people["a1"]["Manager"] == ["b1"]
    assert people["a1"]["Status"] == "Active"
    assert "Email" not in people["b1"]
    assert world.assets.state("Device")["d1"]["Assigned To"] == ["a1"]
    assert world.assets.state("Group")["c1"]["Name"] == "Builders"
    assert "Jira account" in world.assets.held[world.assets.type_id("Person") or ""]


def test_a_second_run_without_change_writes_nothing() -> None:
    world = ImportWorld()
    ada_and_bo(world)
    world.run()
    world.assets.writes.clear()
    run = world.run()
    assert (run["state"], run["counts"]["unchanged"]) == ("succeeded", 4)
    assert world.assets.writes == []
    assert len(world.assets.executions) == 1


def test_a_preview_tells_the_plan_and_writes_nothing() -> None:
    world = ImportWorld()
    ada_and_bo(world)
    run = world.run("preview")
    assert (run["state"], run["counts"]["create"]) == ("succeeded", 4)
    assert world.assets.writes == []
    assert world.assets.types == {}
    assert not world.assets.executions


def test_a_run_after_a_preview_goes_on_only_if_the_plan_is_the_same() -> None:
    world = ImportWorld()
    ada_and_bo(world)
    preview = world.run("preview")
    world.graph.people_by_id["a1"].name = "Ada Byron"
    run = world.run("full", preview=preview["id"])
    assert (run["state"], run["reason"]) == ("failed", "plan_changed")
    assert world.assets.writes == []
    preview = world.run("preview")
    assert world.run("full", preview=preview["id"])["state"] == "succeeded"


@pytest.mark.parametrize("is_new", [True, False])
def test_the_plan_is_another_where_somebody_would_get_another_group(is_new: bool) -> None:
    rules = ImportRules(missing_objects="ignore", memberships=("c1", "c2"))
    world = ImportWorld(rules)
    ada_and_bo(world)
    groups = world.graph.groups_by_id
    groups["c1"], groups["c2"] = Group("c1", "One"), Group("c2", "Two")
    world.run()
    person = "n1" if is_new else "a1"
    world.graph.people_by_id.setdefault(person, Person(person, "Nia"))
    groups["c1"].members = (person,)
    preview = world.run("preview")
    groups["c1"].members, groups["c2"].members = (), (person,)
    world.assets.writes.clear()
    run = world.run("full", preview=preview["id"])
    assert (run["state"], run["reason"]) == ("failed", "plan_changed")
    assert world.assets.writes == []


def test_a_preview_nobody_knows_is_refused() -> None:
    world = ImportWorld()
    with pytest.raises(InputRefused):
        world.start("full", preview="nothing")


def test_values_and_owners_that_are_cleared_in_entra_are_cleared_in_assets() -> None:
    world = ImportWorld()
    ada_and_bo(world)
    world.run()
    world.graph.devices_by_id["d1"].owner = None
    world.graph.people_by_id["a1"].manager = None
    world.graph.people_by_id["b1"].department = None
    run = world.run()
    assert (run["state"], run["counts"]["update"]) == ("succeeded", 3)
    assert "Assigned To" not in world.assets.state("Device")["d1"]
    assert "Manager" not in world.assets.state("Person")["a1"]
    assert "Department" not in world.assets.state("Person")["b1"]


def test_a_thousand_renamed_people_are_updated_never_created() -> None:
    world = ImportWorld()
    world.graph.page_size = world.assets.page_size = 500
    world.graph.people_by_id = {
        f"p{n}": Person(f"p{n}", f"P {n}", upn=f"old{n}") for n in range(1000)
    }
    world.run()
    for each in world.graph.people_by_id.values():
        each.upn = each.upn.replace("old", "new")
    run = world.run()
    assert (run["counts"]["create"], run["counts"]["update"]) == (0, 1000)
    assert len(world.assets.of("Person")) == 1000
    assert world.assets.state("Person")["p7"]["User principal name"] == "new7"


def test_leavers_are_kept_marked_or_deleted_as_asked() -> None:
    world = ImportWorld(ImportRules(missing_objects="ignore", leavers="keep"))
    ada_and_bo(world)
    world.run()
    del world.graph.people_by_id["b1"]
    assert world.run()["counts"]["leavers"] == 1
    assert world.assets.state("Person")["b1"]["Status"] == "Active"
    world.rule(leavers="mark")
    world.run()
    assert world.assets.state("Person")["b1"]["Status"] == "Left"
    assert world.assets.state("Person")["b1"]["Left on"] == "2026-11-21"
    world.graph.deleted.add("b1")
    world.rule(leavers="delete")
    world.run()
    assert "b1" in world.assets.state("Person")
    world.graph.deleted.clear()
    world.run()
    assert "b1" not in world.assets.state("Person")


def test_a_person_gone_for_good_is_marked_and_deleted_in_one_run() -> None:
    world = ImportWorld(ImportRules(missing_objects="ignore", leavers="delete"))
    ada_and_bo(world)
    world.run()
    del world.graph.people_by_id["b1"]
    world.assets.writes.clear()
    run = world.run()
    assert run["counts"]["leavers"] == 1
    assert [each for each in world.assets.writes if each != "execution"][-2:] == [
        "update",
        "delete",
    ]


def test_a_device_that_left_is_deleted_after_thirty_days() -> None:
    world = ImportWorld(ImportRules(missing_objects="ignore", leavers="delete"))
    ada_and_bo(world)
    world.run()
    del world.graph.devices_by_id["d1"]
    world.run()
    assert world.assets.state("Device")["d1"]["Status"] == "Left"
    world.clock.wait(29 * 86_400)
    world.run()
    assert "d1" in world.assets.state("Device")
    world.clock.wait(86_400)
    world.run()
    assert "d1" not in world.assets.state("Device")


def test_a_leaver_who_comes_back_is_active_again() -> None:
    world = ImportWorld(ImportRules(missing_objects="ignore", leavers="mark"))
    ada_and_bo(world)
    world.run()
    gone = world.graph.people_by_id.pop("b1")
    world.run()
    world.graph.people_by_id["b1"] = gone
    world.run()
    assert world.assets.state("Person")["b1"]["Status"] == "Active"
    assert "Left on" not in world.assets.state("Person")["b1"]


def test_guests_and_disabled_people_stay_out_if_the_filter_says_so() -> None:
    world = ImportWorld()
    ada_and_bo(world)
    world.graph.people_by_id["g1"] = Person("g1", "Guest", guest=True)
    world.graph.people_by_id["b1"].enabled = False
    run = world.run()
    assert run["counts"]["skipped"] == 1
    assert world.assets.state("Person")["b1"]["Status"] == "Disabled"
    world.rule(filter={"enabled_only": True, "include_guests": True, "groups": ()})
    world.rule(leavers="mark")
    world.run()
    assert world.assets.state("Person")["b1"]["Status"] == "Left"
    assert world.assets.state("Person")["g1"]["Status"] == "Active"


def test_memberships_fill_the_groups_that_were_asked_for_only() -> None:
    world = ImportWorld(ImportRules(missing_objects="ignore", memberships=("c1",)))
    ada_and_bo(world)
    world.graph.groups_by_id["c1"].members = ("a1", "b1")
    world.graph.groups_by_id["c2"] = Group("c2", "Others", ("a1",))
    world.run()
    assert world.assets.state("Person")["a1"]["Groups"] == ["c1"]
    assert world.assets.state("Person")["b1"]["Groups"] == ["c1"]
    world.graph.groups_by_id["c1"].members = ("a1",)
    world.assets.writes.clear()
    assert world.run()["counts"]["update"] == 1
    assert "Groups" not in world.assets.state("Person")["b1"]
    world.assets.writes.clear()
    world.run()
    assert world.assets.writes == []


def test_owners_that_the_list_leaves_out_are_asked_for() -> None:
    world = ImportWorld()
    ada_and_bo(world)
    world.graph.expands = False
    world.run()
    assert world.assets.state("Device")["d1"]["Assigned To"] == ["a1"]


def test_the_last_sight_of_a_person_wins() -> None:
    world = ImportWorld()
    ada_and_bo(world)
    world.graph.doubled["a1"] = Person("a1", "Ada Old", "old@one.example", "ada", department="Old")
    world.run()
    assert world.assets.state("Person")["a1"]["Name"] == "Ada"
    assert "Department" not in world.assets.state("Person")["a1"]
    assert world.assets.state("Person")["a1"]["Manager"] == ["b1"]


def test_where_missing_objects_go_every_execution_holds_everything() -> None:
    world = ImportWorld(ImportRules(missing_objects="remove", leavers="delete"))
    ada_and_bo(world)
    world.graph.deleted.add("x")
    world.run()
    world.graph.deleted.add("b1")
    del world.graph.people_by_id["b1"]
    world.graph.people_by_id["n1"] = Person("n1", "New")
    run = world.run()
    assert run["state"] == "succeeded"
    assert world.assets.state("Person")["b1"]["Status"] == "Left"
    assert set(world.assets.state("Person")) == {"a1", "b1", "n1"}
    assert set(world.assets.state("Device")) == {"d1"}
    world.assets.writes.clear()
    world.run()
    assert world.assets.writes == []


def test_existing_types_are_adopted_by_name_and_their_objects_left_alone() -> None:
    world = ImportWorld()
    ada_and_bo(world)
    person = world.assets.add_type("person")
    by_hand = world.assets.add_thing(person, Name="By hand")
    world.assets.add_thing(person, Name="Ada by hand").plain["Entra ID"] = "A1"
    world.run()
    assert [each.name for each in world.assets.types.values()].count("Person") == 0
    assert world.assets.things[by_hand.id].plain == {"Name": "By hand"}
    assert len(world.assets.of("person")) == 3


def test_an_empty_read_of_a_kind_that_assets_knows_fails_the_run() -> None:
    world = ImportWorld(ImportRules(missing_objects="ignore", leavers="mark"))
    world.graph.people_by_id = {f"p{n}": Person(f"p{n}", f"P {n}") for n in range(5)}
    world.run()
    world.graph.people_by_id.clear()
    world.assets.writes.clear()
    run = world.run()
    assert (run["state"], run["reason"]) == ("failed", "empty_source")
    assert run["next_step"]
    assert world.assets.writes == []


def test_a_missing_part_or_consent_refuses_the_start_and_calls_nobody() -> None:
    world = ImportWorld()
    world.connected.consent = False
    with pytest.raises(Clash) as refused:
        world.start()
    assert refused.value.problems[0].field == "consent"
    assert world.graph.calls == []
    assert world.desk.list(world.instance) == []


def test_an_unknown_run_is_not_there() -> None:
    world = ImportWorld()
    with pytest.raises(NotThere):
        world.desk.get(world.instance, "none")


def test_the_token_of_another_workspace_fails_the_run() -> None:
    world = ImportWorld()
    world.connected.imports.workspace = "workspace-2"
    assert world.run()["reason"] == "other_workspace"


def test_a_secret_that_entra_refuses_is_said_so() -> None:
    world = ImportWorld()
    world.connected.entra_refuses = True
    assert world.run()["reason"] == "entra_refused"


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [(CredentialRefused("dead"), "assets_refused"), (NotAllowed("no"), "assets_not_allowed")],
)
def test_a_dead_token_of_the_assets_access_is_told_from_a_role_that_lacks(
    refusal: AppError, reason: str
) -> None:
    world = ImportWorld()

    def refuse(call: str) -> None:
        if call == "assets.object_types":
            raise refusal

    world.assets.before = refuse
    assert world.run()["reason"] == reason


def test_chunks_that_are_too_large_are_halved() -> None:
    world = ImportWorld()
    world.graph.page_size = 100
    world.graph.people_by_id = {f"p{n}": Person(f"p{n}", f"P {n}") for n in range(40)}
    world.assets.largest_chunk = 600
    assert world.run()["state"] == "succeeded"
    assert len(world.assets.of("Person")) == 40


def test_an_account_that_may_not_make_the_jira_account_attribute_is_told_which_role_it_lacks() -> (
    None
):
    world = ImportWorld()
    ada_and_bo(world)

    def refuse(call: str) -> None:
        if call == "assets.create_attribute":
            raise NotAllowed("no")

    world.assets.before = refuse
    run = world.run()
    assert (run["state"], run["reason"]) == ("failed", "assets_not_allowed")
    assert "object schema manager of “Company”" in run["next_step"]
    assert world.assets.writes == []
