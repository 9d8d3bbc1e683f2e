"""A worker that died or stood still left an execution open: it is over before anything is read."""

from __future__ import annotations

import pytest

from app.imports.run.ports import ExecutionLinks, SubmitRefused
from tests.stand_ins.assets_world import Execution
from tests.stand_ins.entra_directory import Person
from tests.stand_ins.import_world import ImportWorld


class Gone(BaseException):
    """The worker does not go on from here."""


def left_behind(call: str, times: int = 1, mode: str = "full") -> tuple[ImportWorld, str]:
    """A run whose worker is gone at its n-th call of this kind, and its id."""
    world = ImportWorld()
    world.graph.people_by_id = {"p1": Person("p1", "P 1")}
    left = [times]

    def before(name: str) -> None:
        left[0] -= name == call
        if not left[0]:
            raise Gone

    world.assets.before = world.graph.before = before
    run_id = world.start(mode=mode)
    with pytest.raises(Gone):
        world.work_off()
    world.assets.before = world.graph.before = lambda name: None
    world.worker = world.new_worker()
    return world, run_id


def states(world: ImportWorld) -> list[str]:
    return [each.state for each in world.assets.executions.values()]


def test_what_a_worker_says_after_another_one_took_its_run_is_refused() -> None:
    world, run_id = left_behind("imports.submit", times=2)  # it was about to say that this was all
    late = ExecutionLinks("execution-1", "execution-1/status", "execution-1")
    said: list[str] = []

    def before(name: str) -> None:
        if name == "graph.people.0" and not said:
            said.append("completed")
            with pytest.raises(SubmitRefused):
                world.connected.imports.submit(late, b'{"completed":true}')

    world.graph.before = before
    world.work_off()
    assert said == ["completed"]
    assert world.desk.get(world.instance, run_id)["state"] == "succeeded"
    assert world.assets.writes == ["execution"]
    assert states(world) == ["CANCELLED", "DONE"]


def test_what_is_being_applied_is_waited_for_and_not_written_again() -> None:
    world, run_id = left_behind("imports.status")
    assert states(world) == ["PROCESSING"]
    seen: list[list[str]] = []
    world.assets.before = lambda name: seen.append(states(world)) if name in READS else None
    world.work_off()
    assert world.desk.get(world.instance, run_id)["state"] == "succeeded"
    assert seen[0] == ["DONE"]
    assert world.assets.writes == ["execution"]


def test_a_preview_leaves_an_open_execution_alone() -> None:
    world, run_id = left_behind("graph.people.0", mode="preview")
    world.assets.executions["theirs"] = Execution("theirs")
    world.work_off()
    assert world.desk.get(world.instance, run_id)["state"] == "succeeded"
    assert states(world) == ["INGESTING"]


READS = ("assets.search", "assets.count")
