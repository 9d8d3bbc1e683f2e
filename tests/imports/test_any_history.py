"""Any small directory through any history of changes: Assets equals the oracle after each run."""

from __future__ import annotations

import copy

from hypothesis import given, settings
from hypothesis import strategies as some

from app.site_settings.documents import Brake, ImportRules
from tests.stand_ins.entra_directory import Device, EntraDirectory, Group, Person
from tests.stand_ins.import_world import ImportWorld

PEOPLE, GROUPS, DEVICES = ("pa", "pb", "pc", "pd", "pe"), ("ga", "gb"), ("da", "db", "dc")
texts = some.sampled_from(["", "x", " y ", "Z" * 300, 'q"\\'])
maybe_person = some.none() | some.sampled_from((*PEOPLE, "elsewhere"))

people = some.builds(
    Person,
    id=some.sampled_from(PEOPLE),
    name=texts,
    mail=some.none() | texts,
    upn=texts,
    department=some.none() | texts,
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
)


@some.composite
def directories(draw: some.DrawFn) -> EntraDirectory:
    found = EntraDirectory(
        people_by_id={each.id: each for each in draw(some.lists(people, max_size=5))},
        groups_by_id={each.id: each for each in draw(some.lists(groups, max_size=2))},
        devices_by_id={each.id: each for each in draw(some.lists(devices, max_size=3))},
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


def said(text: str | None) -> str:
    return (text or "").strip()[:255]


class Oracle:
    """What should stand in Assets: a plain account, without digests, chunks or plans."""

    def __init__(self, leavers: str, *, guests: bool) -> None:
        self.leavers = leavers
        self.guests = guests
        self.people: dict[str, dict[str, object]] = {}
        self.devices: dict[str, dict[str, object]] = {}
        self.groups: dict[str, dict[str, object]] = {}

    def after(self, graph: EntraDirectory) -> None:
        here = {k: v for k, v in graph.people_by_id.items() if self.guests or not v.guest}
        self._leave(self.people, set(here), gone=set(self.people) - set(graph.people_by_id))
        self._leave(self.devices, set(graph.devices_by_id), gone=set())
        for key, each in graph.groups_by_id.items():
            self.groups[key] = {"Entra ID": key, "Name": said(each.name) or key}
        for key, each in here.items():
            self.people[key] = {
                "Entra ID": key, "Name": said(each.name) or key, "Email": said(each.mail),
                "User principal name": said(each.upn), "Department": said(each.department),
                "Status": "Active" if each.enabled else "Disabled", "Manager": each.manager,
                "Groups": sorted(
                    g for g in graph.groups_by_id if key in graph.groups_by_id[g].members
                ),
            }  # fmt: skip
        for key, device in graph.devices_by_id.items():
            self.devices[key] = {
                "Entra ID": key, "Name": said(device.name) or key, "Model": said(device.model),
                "Status": "Disabled" if device.enabled is False else "Active",
                "Assigned To": device.owner,
            }  # fmt: skip

        # A reference is to whoever is in Assets by then; a leaver's is not looked at again.
        for key in here:
            self.people[key]["Manager"] = self._there(self.people[key]["Manager"])
        for key in graph.devices_by_id:
            self.devices[key]["Assigned To"] = self._there(self.devices[key]["Assigned To"])

    def _there(self, key: object) -> object:
        return key if key in self.people else None

    def _leave(
        self, known: dict[str, dict[str, object]], here: set[str], *, gone: set[str]
    ) -> None:
        for key in set(known) - here:
            if self.leavers == "delete" and key in gone:
                del known[key]
            elif self.leavers != "keep" and known[key]["Status"] != "Left":
                known[key] |= {"Status": "Left", "Left on": "2026-11-21"}

    def state(self) -> dict[str, dict[str, dict[str, object]]]:
        return {
            "Person": {k: self._shown(v) for k, v in self.people.items()},
            "Group": {k: self._shown(v) for k, v in self.groups.items()},
            "Device": {k: self._shown(v) for k, v in self.devices.items()},
        }

    def _shown(self, row: dict[str, object]) -> dict[str, object]:
        """A reference to somebody who is not in Assets shows nothing."""
        shown = {k: v for k, v in row.items() if v}
        for name in ("Manager", "Assigned To"):
            if name in shown:
                shown[name] = [shown[name]] if shown[name] in self.people else []
        return {k: v for k, v in shown.items() if v}


@settings(max_examples=25, deadline=None)
@given(
    history=some.lists(directories(), min_size=1, max_size=3),
    leavers=some.sampled_from(["keep", "mark", "delete"]),
    missing=some.sampled_from(["ignore", "remove"]),
    guests=some.booleans(),
)
def test_after_each_run_assets_equals_the_oracle_and_a_second_run_writes_nothing(
    history: list[EntraDirectory], leavers: str, missing: str, guests: bool
) -> None:
    missing = missing if leavers == "delete" else "ignore"
    world = ImportWorld(
        ImportRules.model_validate(
            {
                "missing_objects": missing,
                "leavers": leavers,
                "memberships": GROUPS,
                "filter": {"include_guests": guests},
                "brake": Brake(percent=100),
            }
        )
    )
    oracle = Oracle(leavers, guests=guests)
    for graph in history:
        world.connected.graph = copy.deepcopy(graph)
        run = world.run()
        if run["reason"] == "empty_source":
            continue
        assert run["state"] == "succeeded", run
        oracle.after(graph)
        assert {name: world.assets.state(name) for name in oracle.state()} == oracle.state()
        world.connected.graph.doubled.clear()
        world.assets.writes.clear()
        again = world.run()
        assert again["state"] == "succeeded", again
        assert world.assets.writes == []
        assert again["counts"]["create"] == again["counts"]["update"] == 0
