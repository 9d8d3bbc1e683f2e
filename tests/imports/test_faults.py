"""Every call of a run, failing in every way: it never ends in harm, and never in silence."""

from __future__ import annotations

import pytest

from app.errors import (
    CredentialRefused,
    NotAllowed,
    Problem,
    ServiceFailed,
    ServiceTimedOut,
    ServiceUnreachable,
    SlowDown,
)
from app.imports.run.reasons import NEXT_STEPS
from app.site_settings.documents import ImportRules
from tests.stand_ins.entra_directory import Device, Group, Person
from tests.stand_ins.import_world import ImportWorld

CALLS = [
    "entra.token", "graph.people.0", "graph.people.3", "graph.groups.0", "graph.devices.0",
    "graph.devices.3", "graph.owners.0", "graph.deleted.0", "imports.links",
    "imports.config_status", "imports.put_mapping", "imports.mapping_done", "imports.start",
    "imports.submit", "imports.submitted", "imports.status", "assets.schema",
    "assets.object_types", "assets.attributes", "assets.search", "assets.count", "assets.update",
    "assets.delete", "assets.status_types", "assets.import_source",
]  # fmt: skip
FAULTS = {
    "asked to wait": lambda: SlowDown("wait", retry_after=2.0),
    "asked to wait without a time": lambda: SlowDown("wait"),
    "500": lambda: ServiceUnreachable("500"),
    "cut, HTML or truncated": lambda: ServiceFailed("not JSON"),
    "timeout": lambda: ServiceTimedOut("slow"),
    "not allowed": lambda: NotAllowed("403", problems=[Problem("User.Read.All", "lacks")]),
}


def world_with_changes(missing: str = "ignore") -> ImportWorld:
    world = ImportWorld(ImportRules(missing_objects=missing, leavers="delete"))  # type: ignore[arg-type]
    world.graph.people_by_id = {f"p{n}": Person(f"p{n}", f"P {n}", manager="p1") for n in range(8)}
    world.graph.groups_by_id = {"c1": Group("c1", "G")}
    world.graph.devices_by_id = {f"d{n}": Device(f"d{n}", "D", owner="p2") for n in range(5)}
    world.run()
    del world.graph.people_by_id["p7"]
    del world.graph.people_by_id["p6"]
    world.graph.deleted.add("p6")
    world.graph.people_by_id["p3"].name = "New name"
    world.graph.people_by_id["p9"] = Person("p9", "Newcomer")
    world.graph.devices_by_id["d1"].owner = None
    world.graph.expands = False
    world.assets.writes.clear()
    return world


def failing(world: ImportWorld, call: str, fault: str, times: int) -> list[str]:
    left, seen = [times], list[str]()

    def before(name: str) -> None:
        if name == call and left[0]:
            left[0] -= 1
            seen.append(name)
            failure = FAULTS[fault]()
            raise failure

    world.graph.before = world.assets.before = before
    return seen


def everything(world: ImportWorld) -> dict[str, object]:
    return {name: world.assets.state(name) for name in ("Person", "Group", "Device")}


@pytest.mark.parametrize("missing", ["ignore", "remove"])
@pytest.mark.parametrize("fault", [each for each in FAULTS if each != "not allowed"])
@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_fails_once_changes_nothing_about_the_result(
    call: str, fault: str, missing: str
) -> None:
    calm = world_with_changes(missing)
    calm.run()
    world = world_with_changes(missing)
    seen = failing(world, call, fault, 1)
    run = world.run()
    assert (run["state"], run["reason"]) == ("succeeded", None)
    assert everything(world) == everything(calm)
    assert seen or call in ("imports.mapping_done", "imports.put_mapping")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_fails_for_good_ends_the_run_with_a_reason(call: str, fault: str) -> None:
    world = world_with_changes()
    before = everything(world)
    seen = failing(world, call, fault, 10**9)
    run = world.run()
    if not seen:
        assert run["state"] == "succeeded"
        return
    assert run["state"] == "failed"
    assert run["reason"] in NEXT_STEPS
    assert run["next_step"]
    assert run["ended_at"]
    harmless = call not in (
        "assets.update", "assets.delete", "imports.status", "imports.submitted",
        "assets.object_types", "assets.attributes",
    )  # fmt: skip
    if harmless:
        assert world.assets.writes == []
        assert everything(world) == before
    world.graph.before = world.assets.before = lambda name: None
    assert world.run()["state"] == "succeeded"


def test_page_seven_failing_writes_marks_and_deletes_nothing() -> None:
    world = ImportWorld(ImportRules(missing_objects="remove", leavers="delete"))
    world.graph.people_by_id = {f"p{n}": Person(f"p{n}", f"P {n}") for n in range(30)}
    world.run()
    world.assets.writes.clear()
    before = everything(world)
    for each in world.graph.people_by_id.values():
        each.name += " changed"
    failing(world, "graph.people.18", "500", 10**9)
    run = world.run()
    assert (run["state"], run["reason"]) == ("failed", "graph_failed")
    assert world.assets.writes == []
    assert everything(world) == before
    assert list(world.assets.executions.values())[-1].state == "CANCELLED"


def test_a_missing_permission_is_named_in_the_next_step() -> None:
    world = world_with_changes()
    failing(world, "graph.people.0", "not allowed", 10**9)
    run = world.run()
    assert run["reason"] == "graph_not_allowed"
    assert "User.Read.All" in run["next_step"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "container_token_refused"),
        ({"import_source_id": "m-1", "workspace_id": "w-1"}, "import_not_allowed"),
    ],
)
@pytest.mark.parametrize("call", ["imports.links", "imports.config_status", "imports.start"])
def test_a_refused_import_is_told_by_the_way_it_is_spoken_to(
    call: str, changes: dict[str, str], reason: str
) -> None:
    world = world_with_changes()
    world.rule(**changes)

    def before(name: str) -> None:
        if name == call:
            raise CredentialRefused

    world.assets.before = before
    assert world.run()["reason"] == reason


def test_a_wait_longer_than_the_deadline_ends_the_run_and_names_the_time() -> None:
    world = world_with_changes()

    def before(name: str) -> None:
        if name == "graph.people.0":
            raise SlowDown("wait", retry_after=7 * 3600.0)

    world.graph.before = before
    run = world.run()
    assert (run["state"], run["reason"]) == ("failed", "asked_to_wait")
    assert "2026-11-21T15:00" in run["next_step"]


def test_no_request_comes_before_the_wait_is_over() -> None:
    world = world_with_changes()
    asked: list[float] = []

    def before(name: str) -> None:
        if name == "graph.people.0":
            asked.append(world.clock().timestamp())
            if len(asked) == 1:
                raise SlowDown("wait", retry_after=100.5)

    world.graph.before = before
    assert world.run()["state"] == "succeeded"
    assert asked[1] - asked[0] >= 100.5


def test_something_nobody_foresaw_ends_the_run_after_a_few_tries() -> None:
    world = world_with_changes()

    def before(name: str) -> None:
        if name == "assets.search":
            raise ZeroDivisionError

    world.assets.before = before
    assert world.run()["reason"] == "unexpected"


def test_a_history_that_cannot_be_written_does_not_stop_a_run() -> None:
    world = world_with_changes()

    def refuse(content: bytes) -> None:
        raise ServiceUnreachable("storage")

    world.connected.store.write = refuse  # type: ignore[method-assign]
    run = world.run()
    assert run["state"] == "succeeded"
