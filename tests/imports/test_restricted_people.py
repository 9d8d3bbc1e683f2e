"""`restricted_people`: what Assets holds of them stays as it is, whatever Entra ID says.

So an employer keeps what the law asks for when somebody has the use of their data restricted.
"""

from __future__ import annotations

import pytest

from tests.imports.delta_office import office, person
from tests.imports.test_account_pass import Company
from tests.stand_ins.entra_directory import Device, Person
from tests.stand_ins.import_world import ImportWorld

MODES = ("full", "delta")


def with_p3_restricted(**rules: object) -> ImportWorld:
    world = office(**rules)
    world.rule(restricted_people=("P3",))
    return world


def let_p3_change(world: ImportWorld) -> None:
    world.graph.people_by_id["p3"] = Person("p3", "Renamed", "new@one.example", manager="p1")


@pytest.mark.parametrize("mode", MODES)
def test_nothing_of_them_is_changed(mode: str) -> None:
    world = with_p3_restricted()
    before = person(world, "p3")
    let_p3_change(world)
    run = world.run(mode)
    assert (run["state"], run["counts"]["update"], run["counts"]["skipped"]) == ("succeeded", 0, 1)
    assert person(world, "p3") == before


def test_who_is_not_there_yet_does_not_come_and_nor_does_the_department_only_they_name() -> None:
    world = with_p3_restricted(objects={"departments": True})
    world.rule(restricted_people=("new",))
    world.graph.people_by_id["new"] = Person("new", "New", department="Secret Projects")
    world.run()
    assert "new" not in world.assets.state("Person")
    assert "Secret Projects" not in world.assets.state("Department")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("leavers", ["keep", "mark", "delete"])
def test_they_are_no_leaver_when_they_leave(leavers: str, mode: str) -> None:
    world = with_p3_restricted(leavers=leavers)
    before = person(world, "p3")
    del world.graph.people_by_id["p3"]
    world.graph.devices_by_id["d3"].owner = None
    run = world.run(mode)
    assert (run["state"], run["counts"]["leavers"]) == ("succeeded", 0)
    assert person(world, "p3") == before


@pytest.mark.parametrize("missing", ["unknown", "remove"])
def test_where_every_execution_holds_the_whole_data_set_they_are_sent_as_assets_has_them(
    missing: str,
) -> None:
    world = with_p3_restricted(missing_objects=missing, leavers="delete")
    before = person(world, "p3")
    let_p3_change(world)
    assert world.run()["state"] == "succeeded"
    assert person(world, "p3") == before


@pytest.mark.parametrize("mode", MODES)
def test_what_points_to_them_goes_on_to_and_nothing_new_does(mode: str) -> None:
    world = with_p3_restricted()
    old = world.assets.state("Device")["d3"]["Assigned To"]
    assert old
    world.graph.devices_by_id["d3"].model = "Another"
    world.graph.devices_by_id["d4"].owner = "p3"
    world.graph.devices_by_id["new"] = Device("new", "New", owner="p3")
    world.graph.people_by_id["p5"].manager = "p3"
    assert world.run(mode)["state"] == "succeeded"
    devices = world.assets.state("Device")
    assert (devices["d3"]["Model"], devices["d3"]["Assigned To"]) == ("Another", old)
    assert not devices["d4"].get("Assigned To")
    assert not devices["new"].get("Assigned To")
    assert not person(world, "p5").get("Manager")


def test_what_they_hand_on_is_told_of_whoever_has_it_now() -> None:
    world = with_p3_restricted()
    world.graph.devices_by_id["d3"].owner = "p4"
    world.run()
    devices = world.assets.state("Device")
    assert devices["d3"]["Assigned To"] == devices["d4"]["Assigned To"]


def test_when_it_is_lifted_the_next_run_reads_everything_and_brings_what_was_missed() -> None:
    world = with_p3_restricted()
    world.run()
    let_p3_change(world)
    world.run("delta")
    world.rule(restricted_people=())
    run = world.run("delta")
    assert (run["ran_as"], run["state"]) == ("full", "succeeded")
    assert person(world, "p3")["Name"] == "Renamed"


def test_a_preview_says_why_they_are_left_out() -> None:
    world = with_p3_restricted()
    let_p3_change(world)
    run = world.run("preview")
    found = world.samples.records(world.instance, run["id"], action="skipped")["records"]
    assert [(each["entra_id"], each["code"]) for each in found] == [("p3", "restricted")]
    assert "restricted" in found[0]["reason"]


def test_their_jira_account_is_not_looked_up() -> None:
    company = Company(people=2)
    company.all_have_accounts()
    company.world.rule(restricted_people=("E0000",))
    run = company.run()
    assert (run["counts"]["update"], run["counts"]["skipped"]) == (1, 1)
    assert company.looked_up() == 1
    assert set(company.linked()) == {company.people[1].id}
