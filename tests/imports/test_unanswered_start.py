"""A start of an execution that Assets carried out and whose answer never came: it is ours."""

from __future__ import annotations

import pytest

from app.errors import LinkElsewhere, ServiceTimedOut
from app.imports.run.patience import TRIES
from app.imports.run.ports import ExecutionLinks, ImportLinks
from tests.stand_ins.entra_directory import Person
from tests.stand_ins.import_world import ImportWorld


def world_with_lost_answers(times: int) -> ImportWorld:
    world = ImportWorld()
    world.graph.people_by_id = {"p1": Person("p1", "P 1")}
    real, left = world.connected.imports.start, [times]

    def start(links: ImportLinks) -> ExecutionLinks:
        begun = real(links)
        if left[0]:
            left[0] -= 1
            raise ServiceTimedOut("lost")
        return begun

    world.connected.imports.start = start  # type: ignore[method-assign]
    return world


def states(world: ImportWorld) -> list[str]:
    return [each.state for each in world.assets.executions.values()]


def test_the_execution_that_began_unheard_is_cancelled_and_another_one_takes_its_place() -> None:
    world = world_with_lost_answers(1)
    assert world.run()["state"] == "succeeded"
    assert states(world) == ["CANCELLED", "DONE"]


def test_a_run_that_gives_up_leaves_none_open_behind() -> None:
    world = world_with_lost_answers(10**9)
    run = world.run()
    assert run["state"] == "failed"
    assert set(states(world)) == {"CANCELLED"}
    assert len(states(world)) <= TRIES


def test_links_to_another_host_end_the_run_and_its_execution_at_once() -> None:
    world = ImportWorld()
    world.graph.people_by_id = {"p1": Person("p1", "P 1")}
    real = world.connected.imports.start

    def start(links: ImportLinks) -> ExecutionLinks:
        real(links)
        raise LinkElsewhere("another host")

    world.connected.imports.start = start  # type: ignore[method-assign]
    run = world.run()
    assert (run["state"], run["reason"]) == ("failed", "assets_failed")
    assert states(world) == ["CANCELLED"]


@pytest.mark.parametrize("answer", ["lost", "came"])
def test_an_execution_that_was_there_before_is_nobody_elses_to_cancel(answer: str) -> None:
    world = world_with_lost_answers(1 if answer == "lost" else 0)
    world.run()
    theirs = world.assets.executions["theirs"] = type(next(iter(world.assets.executions.values())))(
        "theirs"
    )
    world.graph.people_by_id["p2"] = Person("p2", "P 2")
    run = world.run()
    assert (run["state"], run["reason"]) == ("failed", "import_in_progress")
    assert theirs.state == "INGESTING"
