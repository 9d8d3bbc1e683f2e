"""Which attempts count towards a run's end: those that failed, not those that had to wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.errors import AppError, OwnServiceUnreachable, ServiceUnreachable, SlowDown
from app.imports.legs.worker import LEG_TIME
from app.imports.run.patience import TRIES
from app.imports.run.runs import ATTEMPTS, Runs
from app.imports.run.standing import MOST_ATTEMPTS
from app.instances.reference import InstanceReference
from app.instances.table import Change
from app.site_settings.documents import ImportRules
from tests.stand_ins.entra_directory import Person
from tests.stand_ins.import_world import ImportWorld

HOURS = 3600.0


class Killed(BaseException):
    """The process is gone: nothing of it goes on."""


def world_of(people: int = 12, rules: ImportRules | None = None) -> ImportWorld:
    world = ImportWorld(rules)
    world.graph.people_by_id = {f"p{n}": Person(f"p{n}", f"P {n}") for n in range(people)}
    return world


def at(world: ImportWorld, call: str, act: Callable[[], None]) -> list[float]:
    """Do this before each such call. Gives when it was asked, as it fills."""
    asked: list[float] = []

    def before(name: str) -> None:
        if name == call:
            asked.append(world.clock().timestamp())
            act()

    world.graph.before = world.assets.before = before
    return asked


def fails(world: ImportWorld, seconds: float, fault: Callable[[], AppError]) -> Callable[[], None]:
    """A service that is away for so long from now."""
    until = world.clock().timestamp() + seconds

    def act() -> None:
        if world.clock().timestamp() < until:
            raise fault()

    return act


def dies() -> None:
    raise Killed


def work_off_anew(world: ImportWorld, most: int = 5000) -> int:
    """Each delivery comes to a process that knows nothing. Gives how many of them died."""
    died = 0
    for _ in range(most):
        if not world.queue.messages:
            return died
        world.worker = world.new_worker()
        try:
            again = world.worker.work(world.queue.messages[0]).again
        except Killed:
            died, again = died + 1, 45.0
        if again is None:
            world.queue.messages.pop(0)
        else:
            world.clock.wait(max(again, 0.01))
    raise AssertionError("the run did not come to its end")


def shown(world: ImportWorld, run_id: str) -> tuple[str, str | None]:
    run = world.desk.get(world.instance, run_id)
    return run["state"], run["reason"]


def reference(world: ImportWorld) -> InstanceReference:
    found = world.table.read(world.instance.instance_id)
    assert found is not None
    return found


def run_of(world: ImportWorld) -> dict[str, Any]:
    return dict(reference(world).run or {})


def put_fence(world: ImportWorld, fence: int) -> None:
    world.table.change(world.instance.instance_id, Change(set={("run", "fence"): fence}))


def test_a_directory_that_makes_us_wait_for_hours_is_read_in_the_end() -> None:
    world = world_of()
    told = fails(world, 5 * HOURS, lambda: SlowDown("wait", retry_after=900.0))
    asked = at(world, "graph.people.3", told)
    run_id = world.start()
    assert work_off_anew(world) == 0
    assert len(asked) > MOST_ATTEMPTS
    assert shown(world, run_id) == ("succeeded", None)
    assert len(world.assets.of("Person")) == 12
    assert run_of(world)["failures"] == 0


@pytest.mark.parametrize("call", ["graph.people.3", "imports.submit", "imports.links"])
def test_a_worker_that_dies_at_the_same_place_again_and_again_ends_the_run(call: str) -> None:
    world = world_of()
    at(world, call, dies)
    run_id = world.start()
    assert work_off_anew(world) == MOST_ATTEMPTS
    assert shown(world, run_id) == ("failed", "no_progress")


def test_a_wait_in_between_does_not_hide_that_workers_die() -> None:
    """The wait was announced, and its own worker went on from it before it died."""
    world = world_of()
    waited: list[bool] = []

    def act() -> None:
        waited.append(not waited or not waited[-1])
        if waited[-1]:
            raise SlowDown("wait", retry_after=20.0)
        raise Killed

    at(world, "graph.people.3", act)
    run_id = world.start()
    died = 0
    while world.queue.messages:
        try:
            again = world.worker.work(world.queue.messages[0]).again
        except Killed:
            died, again, world.worker = died + 1, 45.0, world.new_worker()
        if again is None:
            world.queue.messages.pop(0)
        else:
            world.clock.wait(again)
    assert died == MOST_ATTEMPTS
    assert shown(world, run_id) == ("failed", "no_progress")


def test_a_run_handed_back_by_each_worker_that_stops_goes_on() -> None:
    world = world_of()
    left = [3 * MOST_ATTEMPTS]

    def act() -> None:
        if left[0]:
            left[0] -= 1
            world.worker.stop()
            world.clock.wait(2)

    at(world, "graph.people.3", act)
    run_id = world.start()
    assert work_off_anew(world) == 0
    assert left == [0]
    assert shown(world, run_id) == ("succeeded", None)


@pytest.mark.parametrize(
    "fault", [lambda: SlowDown("wait", retry_after=2.0), lambda: ServiceUnreachable("away")]
)
def test_a_leg_whose_time_is_over_begins_again_elsewhere_uncounted(
    fault: Callable[[], AppError],
) -> None:
    world = world_of()
    left = [MOST_ATTEMPTS + 5]

    def act() -> None:
        if left[0]:
            left[0] -= 1
            world.clock.wait(LEG_TIME.total_seconds())
            raise fault()

    at(world, "graph.people.3", act)
    run_id = world.start()
    assert work_off_anew(world) == 0
    assert shown(world, run_id) == ("succeeded", None)


def test_a_service_that_is_away_is_not_asked_for_hours_by_ever_new_workers() -> None:
    world = world_of()
    asked = at(world, "graph.people.3", fails(world, 6 * HOURS, lambda: ServiceUnreachable("away")))
    run_id = world.start()
    work_off_anew(world)
    assert shown(world, run_id) == ("failed", "no_progress")
    assert len(asked) <= TRIES * MOST_ATTEMPTS


def test_keys_that_are_away_for_a_while_end_no_run_wherever_its_message_goes() -> None:
    world = world_of()
    at(world, "entra.token", fails(world, 1200.0, lambda: OwnServiceUnreachable("KMS")))
    run_id = world.start()
    assert work_off_anew(world) == 0
    assert shown(world, run_id) == ("succeeded", None)


def test_a_leg_has_no_attempt_that_another_leg_would_take_for_its_own() -> None:
    world = world_of()
    run_id = world.start()
    put_fence(world, 2 * ATTEMPTS - 2)
    at(world, "graph.people.3", dies)
    with pytest.raises(Killed):
        world.worker.work(world.queue.messages[0])
    assert run_of(world)["fence"] == 2 * ATTEMPTS - 1
    before = run_of(world)
    assert world.runs.take(reference(world), 1) is None
    assert world.runs.take(reference(world), 2) is None
    assert run_of(world) == before
    world.clock.wait(45)
    work_off_anew(world)
    assert shown(world, run_id) == ("failed", "no_progress")


def test_waits_without_end_use_up_the_leg_and_never_the_next_one() -> None:
    world = world_of(2)
    at(world, "imports.links", fails(world, 6 * HOURS, lambda: SlowDown("w", retry_after=2.0)))
    run_id = world.start()
    fences = set[int]()
    take = world.runs.take

    def noted(instance: InstanceReference, leg: int) -> object:
        hold = take(instance, leg)
        fences.add(hold.fence if hold is not None else -1)
        return hold

    world.runs.take = noted  # type: ignore[method-assign, assignment]
    work_off_anew(world)
    assert shown(world, run_id) == ("failed", "no_progress")
    assert (min(fences), max(fences)) == (ATTEMPTS + 1, 2 * ATTEMPTS - 1)


def test_two_workers_that_take_a_run_at_once_have_two_numbers_or_one_has_none() -> None:
    world = world_of()
    world.start()
    seen = reference(world)
    holds = [Runs(world.table, world.clock).take(seen, 1) for _ in range(2)]
    assert [hold.fence if hold else None for hold in holds] == [ATTEMPTS + 1, None]
    assert run_of(world)["failures"] == 1


def test_a_released_run_has_its_attempts_anew() -> None:
    world = world_of(12, ImportRules(missing_objects="ignore", leavers="mark"))
    world.run()
    for name in ("p1", "p2", "p3", "p4", "p5", "p6"):
        del world.graph.people_by_id[name]
    run_id = world.start()
    at(world, "graph.people.3", dies)
    for _ in range(MOST_ATTEMPTS - 1):
        with pytest.raises(Killed):
            world.worker.work(world.queue.messages[0])
        world.worker = world.new_worker()
        world.clock.wait(45)
    world.graph.before = world.assets.before = lambda name: None
    world.work_off()
    assert shown(world, run_id)[0] == "braked"
    assert run_of(world)["failures"] == MOST_ATTEMPTS - 1
    world.desk.release(world.instance, run_id)
    at(world, "graph.people.3", dies)
    assert work_off_anew(world) == MOST_ATTEMPTS
    assert shown(world, run_id) == ("failed", "no_progress")
