"""Any history of changes, read by any mix of full and delta runs, some of them killed.

Assets equals the oracle after each, which knows no delta at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import given, settings
from hypothesis import strategies as some

from app.site_settings.documents import Brake, ImportRules
from app.words import Json
from tests.imports.oracle import Oracle, Switches
from tests.imports.test_any_history import (
    DEVICES,
    GROUPS,
    MORE,
    PEOPLE,
    devices,
    directories,
    groups,
    people,
    switches,
)
from tests.stand_ins.entra_directory import Device, EntraDirectory, Group, Person
from tests.stand_ins.import_world import ImportWorld

FEW_CALLS = 40  # of a delta run that finds nothing: looking around in Assets takes most of them


class Killed(BaseException):
    """`kill -9`."""


class FilteringOracle(Oracle):
    def __init__(self, leavers: str, scope: str | None, *, enabled_only: bool) -> None:
        super().__init__(leavers)
        self.scope, self.enabled_only = scope, enabled_only

    def lets_in(self, each: Person, graph: EntraDirectory, on: Switches) -> bool:
        outside = self.scope and each.id not in graph.groups_by_id[self.scope].members
        off = self.enabled_only and not each.enabled
        return super().lets_in(each, graph, on) and not outside and not off

    def _person(
        self, each: Person, graph: EntraDirectory, on: Switches, before: dict[str, object]
    ) -> dict[str, object]:
        found = super()._person(each, graph, on, before)
        return found | {"Groups": [key for key in found["Groups"] if key in GROUPS]}


def settled(there: EntraDirectory) -> None:
    """As in any real directory, nobody points to somebody who never was or is gone for good."""
    known = there.people_by_id.keys() | there.deleted
    for person in there.people_by_id.values():
        person.upn = f"{person.id}@one.example"
        person.manager = person.manager if person.manager in known else None
    for device in there.devices_by_id.values():
        device.owner = device.owner if device.owner in known else None
    for key, group in there.groups_by_id.items():
        members = tuple(each for each in group.members if each in known)
        there.groups_by_id[key] = replace(group, members=members)


@dataclass
class Step:
    """A few changes, and how they are read. `kill` counts the calls before the process dies."""

    people: list[Person]
    groups: list[Group]
    devices: list[Device]
    binned: set[str]
    purged: set[str]
    lost: set[str]
    mode: str
    kill: int | None


steps = some.builds(
    Step,
    people=some.lists(people, max_size=2),
    groups=some.lists(groups, max_size=1),
    devices=some.lists(devices, max_size=2),
    binned=some.sets(some.sampled_from(PEOPLE), max_size=1),
    purged=some.sets(some.sampled_from(PEOPLE), max_size=1),
    lost=some.sets(some.sampled_from((*DEVICES, *GROUPS)), max_size=1),
    mode=some.sampled_from(["delta", "delta", "delta", "full"]),
    kill=some.none() | some.integers(1, 40),
)


def comes_back_unseen(there: EntraDirectory, person: Person, oracle: Oracle) -> bool:
    """Who is restored looks new to Entra ID, unless Assets knows that they had left.

    What such a delta does not tell, whose manager they are, is set right by the next full run.
    """
    known, here = person.id in oracle.people, person.id in there.people_by_id
    if oracle.leavers == "keep":
        return not here and (known or person.id in there.deleted)
    return person.id in there.deleted and not known


def change(there: EntraDirectory, step: Step, oracle: Oracle) -> None:
    for person in step.people:
        before = there.people_by_id.get(person.id)
        if oracle.leavers == "keep" and before is not None:
            person = replace(person, guest=before.guest, enabled=before.enabled)
        if comes_back_unseen(there, person, oracle):
            continue
        there.deleted.discard(person.id)
        there.people_by_id[person.id] = replace(person)
    there.groups_by_id |= {each.id: replace(each) for each in step.groups}
    there.devices_by_id |= {each.id: replace(each) for each in step.devices}
    there.deleted |= step.binned & there.people_by_id.keys()
    for key in step.binned | step.purged | step.lost:
        for held in (there.people_by_id, there.devices_by_id, there.groups_by_id):
            held.pop(key, None)
    there.deleted -= step.purged
    settled(there)


def run(world: ImportWorld, mode: str, kill: int | None) -> Json:
    """One run to its end, its process killed once on the way."""
    left = kill

    def before(call: str) -> None:
        nonlocal left
        if left is not None:
            left -= 1
            if left == 0:
                left = None
                raise Killed

    world.graph.before = world.assets.before = before
    run_id = world.start(mode)
    try:
        world.work_off()
    except Killed:
        world.worker = world.new_worker()
        world.clock.wait(60)
        world.work_off()
    return world.desk.get(world.instance, run_id)


@settings(max_examples=50 * MORE, deadline=None)
@given(
    first=directories(),
    history=some.lists(steps, min_size=1, max_size=5),
    on=switches,
    leavers=some.sampled_from(["keep", "mark", "delete"]),
    scope=some.none() | some.just("gs"),
    enabled_only=some.booleans(),
    awkward=some.tuples(some.booleans(), some.booleans(), some.booleans()),
)
def test_after_each_run_assets_equals_the_oracle_whichever_way_it_went(
    first: EntraDirectory,
    history: list[Step],
    on: Switches,
    leavers: str,
    scope: str | None,
    enabled_only: bool,
    awkward: tuple[bool, bool, bool],
) -> None:
    hides, filters, has_devices = awkward
    if leavers == "keep":  # who is out of the filter is kept unmarked: see `comes_back_unseen`
        scope = None
    rules = {
        "missing_objects": "ignore", "leavers": leavers, "memberships": GROUPS,
        "brake": Brake(percent=100), "objects": on.objects(),
        "filter": {
            "include_guests": on.guests, "enabled_only": enabled_only,
            "groups": (scope,) if scope else (),
        },
    }  # fmt: skip
    world = ImportWorld(ImportRules.model_validate(rules))
    world.graph = world.connected.graph = first
    first.hides_deleted, first.feed.filters = hides, filters
    first.feed.without = frozenset() if has_devices else frozenset({"device"})
    first.doubled.clear()
    oracle = FilteringOracle(leavers, scope, enabled_only=enabled_only)
    for step in history:
        change(first, step, oracle)
        if scope:
            first.groups_by_id[scope] = Group(scope, "S", tuple(first.people_by_id)[:3])
        found = run(world, step.mode, step.kill)
        if found["reason"] == "empty_source":
            continue
        assert found["state"] == "succeeded", found
        oracle.after(first, on)
        assert {name: world.assets.state(name) for name in oracle.state()} == oracle.state(), found
        world.assets.writes.clear()
        calls = len(world.assets.calls) + len(first.calls)
        again = run(world, "delta", None)
        assert again["state"] == "succeeded", again
        assert world.assets.writes == []
        assert again["counts"]["create"] == again["counts"]["update"] == 0
        if again["ran_as"] == "delta" and has_devices and not on.managed and not scope:
            assert len(world.assets.calls) + len(first.calls) - calls < FEW_CALLS
