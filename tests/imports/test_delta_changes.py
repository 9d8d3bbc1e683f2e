"""What a delta run concludes from what it is told, and what not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.imports.delta_office import office, person, why
from tests.stand_ins.entra_directory import USER, Person


def test_a_delta_looks_up_only_what_changed() -> None:
    world = office(120)
    world.graph.people_by_id["p7"].department = "New"
    run = world.run("delta")
    assert (why(run), run["counts"]["update"]) == ("", 1)
    assert person(world, "p7")["Department"] == "New"
    assert world.assets.calls.count("assets.search") <= 3
    assert set(world.graph.calls) == {
        "changes.group", "changes.person", "changes.device", "records.person"
    }  # fmt: skip


def test_what_a_change_does_not_name_is_not_cleared() -> None:
    world = office()
    world.graph.feed.more["person"] = [{"id": "p3", "jobTitle": "Cook"}]
    assert world.run("delta")["counts"]["update"] == 1
    assert person(world, "p3")["Job title"] == "Cook"
    assert person(world, "p3")["Email"] == "p3@one.example"


def test_what_a_change_names_as_null_is_cleared() -> None:
    world = office()
    world.graph.people_by_id["p3"].mail = None
    assert why(world.run("delta")) == ""
    assert "Email" not in person(world, "p3")


def test_the_last_word_on_an_object_counts() -> None:
    world = office(leavers="mark")
    gone = {"@removed": {"reason": "changed"}}
    world.graph.feed.more["person"] = [
        {"id": "p3", "jobTitle": "Cook"}, {"id": "p3", "jobTitle": "Baker"},
        {"id": "p4", **gone}, {"id": "p4", "jobTitle": "Cook"}, {"id": "p4", "officeLocation": "R"},
        {"id": "p5", "jobTitle": "Cook"}, {"id": "p5", **gone},
    ]  # fmt: skip
    run = world.run("delta")
    assert (why(run), run["counts"]["leavers"]) == ("", 1)
    assert person(world, "p3")["Job title"] == "Baker"
    assert (person(world, "p4")["Job title"], person(world, "p4")["Office location"]) == (
        "Cook", "R",
    )  # fmt: skip
    assert person(world, "p5")["Status"] == "Left"


def test_a_round_that_is_told_again_changes_nothing() -> None:
    world = office()
    before = world.connected.links.content
    world.graph.people_by_id["p3"].department = "New"
    world.graph.groups_by_id["g1"].members = ("p3",)
    del world.graph.devices_by_id["d4"]
    assert why(world.run("delta")) == ""
    world.assets.writes.clear()
    world.connected.links.content = before
    run = world.run("delta")
    assert (why(run), world.assets.writes) == ("", [])
    assert run["counts"]["update"] == run["counts"]["create"] == 0


def test_somebody_unknown_who_is_removed_is_nobody() -> None:
    world = office(leavers="delete")
    world.graph.feed.more["person"] = [{"id": "never", "@removed": {"reason": "deleted"}}]
    run = world.run("delta")
    assert (why(run), run["counts"]["leavers"], world.assets.writes) == ("", 0, [])


def test_members_come_and_go_piece_by_piece() -> None:
    world = office()
    gone = {"@removed": {"reason": "deleted"}}
    world.graph.feed.more["group"] = [
        {"id": "g1", "members@delta": [{"id": "p1", "@odata.type": USER, **gone}]},
        {"id": "g1", "members@delta": [{"id": "p5", "@odata.type": USER}]},
        {"id": "g1", "members@delta": [{"id": "x", "@odata.type": "#microsoft.graph.device"}]},
        {"id": "g2", "members@delta": [{"id": "p2", "@odata.type": USER}]},
    ]
    run = world.run("delta")
    assert why(run) == ""
    assert "Groups" not in person(world, "p1")
    assert person(world, "p2")["Groups"] == ["g1", "g2"]
    assert person(world, "p5")["Groups"] == ["g1"]
    assert run["counts"]["update"] == 3


def test_a_group_that_is_gone_or_new_is_not_judged_by_its_changes() -> None:
    world = office(brake={"percent": 100})
    del world.graph.groups_by_id["g1"]
    assert why(world.run("delta")) == "groups_changed"
    assert "Groups" not in person(world, "p1")


def test_what_was_told_is_true_even_if_it_cannot_be_read_back_yet() -> None:
    world = office()
    new = {"id": "p99", "displayName": "New", "userPrincipalName": "new@one.example"}
    world.graph.feed.more["person"] = [new]
    assert why(world.run("delta")) == ""
    assert person(world, "p99")["Name"] == "New"


def test_a_service_that_does_not_filter_is_asked_once() -> None:
    world = office(120)
    world.graph.feed.filters = False
    for n in range(0, 120, 2):
        world.graph.people_by_id[f"p{n}"].department = "New"
    assert world.run("delta")["counts"]["update"] == 60
    assert world.graph.calls.count("records.person") == 1


@pytest.mark.parametrize("wanted", [{"include_guests": False}, {"enabled_only": True}])
def test_the_filter_judges_the_whole_record_and_not_what_was_told(wanted: dict[str, Any]) -> None:
    world = office(filter=wanted)
    world.graph.people_by_id["out"] = Person("out", "O", upn="out", guest=True, enabled=False)
    world.run("delta")
    world.graph.feed.more["person"] = [{"id": "out", "jobTitle": "Cook"}]
    assert why(world.run("delta")) == ""
    assert "out" not in world.assets.state("Person")


def test_who_falls_out_of_the_filter_leaves_and_who_comes_in_is_read_with_everything() -> None:
    world = office(filter={"enabled_only": True}, leavers="mark")
    world.graph.people_by_id["p3"].enabled = False
    run = world.run("delta")
    assert (why(run), run["counts"]["leavers"]) == ("", 1)
    assert person(world, "p3")["Status"] == "Left"
    world.graph.people_by_id["p3"].enabled = True
    assert why(world.run("delta")) == "came_back"
    assert person(world, "p3")["Status"] == "Active"


def test_the_filters_groups_are_read_anew_each_time() -> None:
    world = office(filter={"groups": ("g1",)}, leavers="mark")
    assert set(world.assets.state("Person")) == {"p1", "p2"}
    world.graph.groups_by_id["g1"].members = ("p2",)
    run = world.run("delta")
    assert (why(run), run["counts"]["leavers"]) == ("", 1)
    assert person(world, "p1")["Status"] == "Left"
    world.graph.groups_by_id["g1"].members = ("p2", "p7")
    assert why(world.run("delta")) == "came_back"
    assert person(world, "p7")["Status"] == "Active"
    world.graph.people_by_id["p9"].department = "elsewhere"
    assert why(world.run("delta")) == ""
    assert "p9" not in world.assets.state("Person")
