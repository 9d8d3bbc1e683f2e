"""What should stand in Assets: a plain account, without digests, chunks or plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.stand_ins.entra_directory import Device, EntraDirectory, Managed, Person

Things = dict[str, dict[str, object]]
NOT_SERIALS = ("", "0", "None")
REFERENCES = ("Manager", "Assigned To")


@dataclass(frozen=True)
class Switches:
    """What an administrator chose for one run."""

    guests: bool = False
    managed: bool = False
    departments: bool = False
    locations: bool = False
    applications: bool = False

    def objects(self) -> dict[str, bool]:
        return {
            "managed_devices": self.managed,
            "departments": self.departments,
            "locations": self.locations,
            "applications": self.applications,
        }


def said(text: str | None) -> str:
    return (text or "").strip()[:255]


class Oracle:
    """Told of each run's directory and switches, it knows what is there afterwards."""

    def __init__(self, leavers: str) -> None:
        self.leavers = leavers
        self.people: Things = {}
        self.devices: Things = {}
        self.groups: Things = {}
        self.applications: Things = {}
        self.named: dict[str, Things] = {"Department": {}, "Location": {}}

    def after(self, graph: EntraDirectory, on: Switches) -> None:
        here = {k: v for k, v in graph.people_by_id.items() if self.lets_in(v, graph, on)}
        restorable = graph.people_by_id.keys() | graph.deleted
        self._leave(self.people, set(here), gone=set(self.people) - restorable)
        self._leave(self.devices, set(graph.devices_by_id), gone=set())
        self._plain(self.groups, {k: v.name for k, v in graph.groups_by_id.items()})
        self._plain(self.applications, graph.applications_by_id if on.applications else {})
        came = [each for each in graph.doubled.values() if on.guests or not each.guest]
        if on.departments:
            self._name("Department", (each.department for each in (*came, *here.values())))
        if on.locations:
            self._name("Location", (each.office for each in (*came, *here.values())))
        for key, each in here.items():
            self.people[key] = self._person(each, graph, on, self.people.get(key, {}))
        for key, device in graph.devices_by_id.items():
            self.devices[key] = self._device(device, graph, on, self.devices.get(key, {}))
        # A reference is to whoever is in Assets by then; a leaver's is not looked at again.
        for key in here:
            self.people[key]["Manager"] = self._there(self.people[key]["Manager"])
        for key in graph.devices_by_id:
            self.devices[key]["Assigned To"] = self._there(self.devices[key]["Assigned To"])

    def lets_in(self, each: Person, graph: EntraDirectory, on: Switches) -> bool:
        del graph
        return on.guests or not each.guest

    @staticmethod
    def _plain(known: Things, names: Mapping[str, str | None]) -> None:
        known |= {key: {"Entra ID": key, "Name": said(name) or key} for key, name in names.items()}

    def _person(
        self, each: Person, graph: EntraDirectory, on: Switches, before: dict[str, object]
    ) -> dict[str, object]:
        """What is switched off stays as it was."""
        groups = (g for g in graph.groups_by_id if each.id in graph.groups_by_id[g].members)
        department, location = self._spelled(each)
        return {
            "Entra ID": each.id, "Name": said(each.name) or each.id, "Email": said(each.mail),
            "User principal name": said(each.upn), "Department": said(each.department),
            "Office location": said(each.office), "Manager": graph.living(each.manager),
            "Status": "Active" if each.enabled else "Disabled", "Groups": sorted(groups),
            "Department object": department if on.departments else before.get("Department object"),
            "Location object": location if on.locations else before.get("Location object"),
        }  # fmt: skip

    def _device(
        self, each: Device, graph: EntraDirectory, on: Switches, before: dict[str, object]
    ) -> dict[str, object]:
        found = {
            "Entra ID": each.id, "Name": said(each.name) or each.id, "Model": said(each.model),
            "Status": "Disabled" if each.enabled is False else "Active",
            "Assigned To": graph.living(each.owner), "Serial number": before.get("Serial number"),
        }  # fmt: skip
        if not on.managed:
            return found
        record = self._record(each, graph.managed)
        found["Serial number"] = ""
        if record is not None:
            serial = said(record.serial)
            found["Serial number"] = "" if serial in NOT_SERIALS else serial
            found["Model"] = said(record.model) or found["Model"]
            found["Compliance"] = record.compliance if record.compliance != "unknown" else ""
            found["Ownership"] = (record.ownership or "").replace("unknown", "").capitalize()
            found["Last seen"] = record.seen if (record.seen or "").startswith("2") else ""
            if record.user is not None:
                found["Assigned To"] = record.user or None
        return found

    def _record(self, each: Device, managed: list[Managed]) -> Managed | None:
        joined = (each.device_id or "").casefold()
        records = [m for m in managed if joined and (m.device_id or "").casefold() == joined]
        seen = ((m.seen if (m.seen or "").startswith("2") else "", m.id, m) for m in records)
        return max(seen, key=lambda each: each[:2], default=(None, None, None))[2]

    def _name(self, kind: str, names: Iterable[str | None]) -> None:
        known = self.named[kind]
        for name in filter(None, map(said, names)):
            if all(each.casefold() != name.casefold() for each in known):
                known[name] = {"Name": name}

    def _spelled(self, each: Person) -> list[str | None]:
        asked = (("Department", each.department), ("Location", each.office))
        return [
            next((n for n in self.named[kind] if n.casefold() == said(name).casefold()), None)
            for kind, name in asked
        ]

    def _there(self, key: object) -> object:
        return key if key in self.people else None

    def _leave(self, known: Things, here: set[str], *, gone: set[str]) -> None:
        for key in set(known) - here:
            if self.leavers == "delete" and key in gone:
                del known[key]
                self._point_to_nobody(key)
            elif self.leavers != "keep" and known[key]["Status"] != "Left":
                known[key] |= {"Status": "Left", "Left on": "2026-11-21"}

    def _point_to_nobody(self, gone: str) -> None:
        """Assets empties what pointed to a deleted object; whoever has its id later is another."""
        for row in (*self.people.values(), *self.devices.values()):
            row |= {name: None for name in REFERENCES if row.get(name) == gone}

    def state(self) -> dict[str, Things]:
        held = {"Person": self.people, "Device": self.devices, **self.named}
        held |= {"Group": self.groups, "Application": self.applications}
        return {
            name: {k: self._shown(v) for k, v in things.items()} for name, things in held.items()
        }

    def _shown(self, row: dict[str, object]) -> dict[str, object]:
        """A reference to somebody who is not in Assets shows nothing."""
        shown = {k: v for k, v in row.items() if v}
        for name in REFERENCES:
            if name in shown:
                shown[name] = [shown[name]] if shown[name] in self.people else []
        for name in ("Department object", "Location object"):
            if name in shown:
                shown[name] = [shown[name]]
        return {k: v for k, v in shown.items() if v}
