"""What would be created is compared with what the site may hold, before the first write."""

from __future__ import annotations

import pytest

from app.errors import NotAllowed, ServiceUnreachable
from tests.stand_ins.entra_directory import Person
from tests.stand_ins.import_world import ImportWorld


def world_of(people: int, others: int) -> ImportWorld:
    world = ImportWorld()
    world.assets.others = others
    world.graph.people_by_id = {f"p{n}": Person(f"p{n}", f"P {n}") for n in range(people)}
    return world


def test_a_run_that_would_not_fit_fails_before_any_write() -> None:
    world = world_of(4, others=97)
    world.rule(object_allowance=100)
    run = world.run()
    assert (run["state"], run["reason"]) == ("failed", "too_many_objects")
    assert "There are 97, and 4 would be added. 100 are allowed." in run["next_step"]
    assert world.assets.writes == []
    assert all(each.state == "CANCELLED" for each in world.assets.executions.values())


def test_a_preview_of_it_succeeds_and_says_so() -> None:
    world = world_of(4, others=97)
    world.rule(object_allowance=100)
    run = world.run("preview")
    assert (run["state"], run["reason"]) == ("succeeded", "too_many_objects")


def test_what_fits_to_the_last_object_is_imported() -> None:
    world = world_of(3, others=97)
    world.rule(object_allowance=100)
    run = world.run()
    assert (run["state"], run["reason"]) == ("succeeded", None)


@pytest.mark.parametrize(
    ("others", "reason"), [(49_997, "beyond_included"), (49_996, None), (60_000, None)]
)
def test_without_a_number_a_preview_speaks_of_the_included_ones(
    others: int, reason: str | None
) -> None:
    run = world_of(4, others).run("preview")
    assert (run["state"], run["reason"]) == ("succeeded", reason)


def test_without_a_number_no_import_is_stopped_by_a_guess() -> None:
    world = world_of(4, others=49_999)
    assert world.run()["state"] == "succeeded"
    assert "assets.usage" not in world.assets.calls


@pytest.mark.parametrize("fault", [NotAllowed(), ServiceUnreachable()])
def test_a_count_that_does_not_come_stops_nothing(fault: Exception) -> None:
    world = world_of(4, others=0)
    world.rule(object_allowance=1_000)

    def refuse(call: str) -> None:
        if call == "assets.usage":
            raise fault

    world.assets.before = refuse
    assert world.run()["state"] == "succeeded"


def test_a_run_that_creates_nothing_does_not_count() -> None:
    world = world_of(3, others=97)
    world.rule(object_allowance=100)
    world.run()
    world.assets.others, world.assets.calls = 500, []
    assert world.run()["state"] == "succeeded"
    assert "assets.usage" not in world.assets.calls
