"""Any small directory through any history of changes: Assets equals the oracle after each run."""

from __future__ import annotations

import copy
import os

from hypothesis import given, settings
from hypothesis import strategies as some

from app.site_settings.documents import Brake, ImportRules
from tests.imports.oracle import Oracle, Switches
from tests.stand_ins.entra_directory import Device, EntraDirectory, Group, Managed, Person
from tests.stand_ins.import_world import ImportWorld

MORE = int(os.environ.get("MORE", "1"))  # times as many examples
PEOPLE, GROUPS, DEVICES = ("pa", "pb", "pc", "pd", "pe"), ("ga", "gb"), ("da", "db", "dc")
names = some.none() | some.sampled_from(
    ["", " ", "Lab", "LAB", " lab ", "S" * 300, "s" * 260, 'q"\\']
)
texts = some.sampled_from(["", "x", " y ", "Z" * 300, 'q"\\'])
maybe_person = some.none() | some.sampled_from((*PEOPLE, "elsewhere"))

people = some.builds(
    Person,
    id=some.sampled_from(PEOPLE),
    name=texts,
    mail=some.none() | texts,
    upn=texts,
    department=names,
    office=names,
    enabled=some.booleans(),
    guest=some.booleans(),
    manager=maybe_person,
)
groups = some.builds(
    Group,
    id=some.sampled_from(GROUPS),
    name=texts,
    members=some.lists(some.sampled_from(PEOPLE), unique=True).map(tuple),
)
devices = some.builds(
    Device,
    id=some.sampled_from(DEVICES),
    name=some.none() | texts,
    model=some.none() | texts,
    owner=maybe_person,
    enabled=some.none() | some.booleans(),
    device_id=some.none() | some.sampled_from(["ja", "jb", "JC"]),
)
managed = some.builds(
    Managed,
    id=some.sampled_from(["ma", "mb", "mc"]),
    device_id=some.none() | some.sampled_from(["", "JA", "jb", "jc", "elsewhere"]),
    serial=some.none() | some.sampled_from(["", "0", "None", "SN-1", " SN-2 "]),
    model=some.none() | texts,
    user=some.none() | some.sampled_from(["", *PEOPLE, "elsewhere"]),
    seen=some.none() | some.sampled_from(["0001-01-01T00:00:00Z", "2026-01-01T10:00:00Z"]),
    compliance=some.none() | some.sampled_from(["unknown", "compliant", "conflict"]),
    ownership=some.none() | some.sampled_from(["unknown", "company", "personal"]),
)


@some.composite
def directories(draw: some.DrawFn) -> EntraDirectory:
    found = EntraDirectory(
        people_by_id={each.id: each for each in draw(some.lists(people, max_size=5))},
        groups_by_id={each.id: each for each in draw(some.lists(groups, max_size=2))},
        devices_by_id={each.id: each for each in draw(some.lists(devices, max_size=3))},
        managed=draw(some.lists(managed, max_size=3, unique_by=lambda each: each.id)),
        applications_by_id=draw(
            some.dictionaries(some.sampled_from(["aa", "ab"]), some.none() | texts)
        ),
        page_size=draw(some.integers(1, 4)),
        expands=draw(some.booleans()),
    )
    here = list(found.people_by_id)
    if here and draw(some.booleans()):
        twice = draw(some.sampled_from(here))
        earlier = draw(people)
        earlier.id, earlier.guest = twice, found.people_by_id[twice].guest
        found.doubled[twice] = earlier
    return found


switches = some.builds(
    Switches,
    guests=some.booleans(),
    managed=some.booleans(),
    departments=some.booleans(),
    locations=some.booleans(),
    applications=some.booleans(),
)


@settings(max_examples=40 * MORE, deadline=None)
@given(
    history=some.lists(some.tuples(directories(), switches), min_size=1, max_size=3),
    leavers=some.sampled_from(["keep", "mark", "delete"]),
    missing=some.sampled_from(["ignore", "remove"]),
    tells=some.booleans(),
)
def test_after_each_run_assets_equals_the_oracle_and_a_second_run_writes_nothing(
    history: list[tuple[EntraDirectory, Switches]], leavers: str, missing: str, tells: bool
) -> None:
    missing = missing if leavers == "delete" else "ignore"
    world = ImportWorld(
        ImportRules.model_validate(
            {
                "missing_objects": missing,
                "leavers": leavers,
                "memberships": GROUPS,
                "brake": Brake(percent=100),
            }
        )
    )
    world.assets.tells = tells
    oracle = Oracle(leavers)
    for graph, on in history:
        world.rule(filter={"include_guests": on.guests}, objects=on.objects())
        world.connected.graph = copy.deepcopy(graph)
        run = world.run()
        if run["reason"] == "empty_source":
            continue
        assert run["state"] == "succeeded", run
        oracle.after(graph, on)
        assert {name: world.assets.state(name) for name in oracle.state()} == oracle.state()
        world.connected.graph.doubled.clear()
        world.assets.writes.clear()
        again = world.run()
        assert again["state"] == "succeeded", again
        assert world.assets.writes == []
        assert again["counts"]["create"] == again["counts"]["update"] == 0
