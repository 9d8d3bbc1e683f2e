"""A small directory in memory that answers as Microsoft Graph does, behind the import's port.

Managers come as ids, people may come twice, pages may be empty, and any call can be made to fail.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from app.errors import NotThere
from app.imports.kinds.records import (
    ApplicationRow,
    DeviceRow,
    GroupRow,
    ManagedRow,
    PersonRow,
    Pointer,
    Removed,
    RowPage,
    RowType,
)
from tests.stand_ins.entra_feed import USER, EntraFeed

Before = Callable[[str], None]


@dataclass
class Person:
    id: str
    name: str = ""
    mail: str | None = None
    upn: str = ""
    department: str | None = None
    enabled: bool = True
    guest: bool = False
    manager: str | None = None
    office: str | None = None


@dataclass
class Group:
    id: str
    name: str
    members: tuple[str, ...] = ()
    within: tuple[str, ...] = ()  # groups that are members of it
    description: str | None = None


@dataclass
class Device:
    id: str
    name: str | None = None
    model: str | None = None
    owner: str | None = None
    enabled: bool | None = True
    device_id: str | None = None


@dataclass
class Managed:
    """A record of Intune about the device with this device id."""

    id: str
    device_id: str | None
    serial: str | None = None
    model: str | None = None
    user: str | None = None
    seen: str | None = None
    compliance: str | None = None
    ownership: str | None = None


@dataclass
class EntraDirectory:
    """`before(call)` runs ahead of each call and may raise. `doubled` people come a second time,
    as they were on the first sight given here; `more_…` rows come as they are, after all others."""

    people_by_id: dict[str, Person] = field(default_factory=dict)
    groups_by_id: dict[str, Group] = field(default_factory=dict)
    devices_by_id: dict[str, Device] = field(default_factory=dict)
    managed: list[Managed] = field(default_factory=list)
    applications_by_id: dict[str, str | None] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    selected: dict[str, tuple[str, ...]] = field(default_factory=dict)
    doubled: dict[str, Person] = field(default_factory=dict)
    more_people: list[PersonRow] = field(default_factory=list)
    more_devices: list[DeviceRow] = field(default_factory=list)
    page_size: int = 3
    expands: bool = True
    hides_deleted: bool = False  # whom somebody points to who is not there any more
    feed: EntraFeed = field(init=False)
    marks: dict[str, str] = field(default_factory=dict)
    before: Before = lambda call: None
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.feed = EntraFeed(lambda: self)

    def living(self, person: str | None) -> str | None:
        return None if self.hides_deleted and person not in self.people_by_id else person

    def people(self, link: str | None, select: Sequence[str]) -> RowPage[PersonRow]:
        self._called("people", link, select)
        rows = [self._person(each, select) for each in self.doubled.values()]
        rows += [self._person(each, select) for each in self.people_by_id.values()]
        rows += [PersonRow(id=each, removed=Removed("changed")) for each in sorted(self.deleted)]
        return self._round(self._page(rows + self.more_people, link, "people"), link, "person")

    def groups(self, link: str | None, select: Sequence[str]) -> RowPage[GroupRow]:
        self._called("groups", link, select)
        rows = []
        for each in self.groups_by_id.values():
            members = [Pointer(id=one, type=USER) for one in each.members]
            said = GroupRow(id=each.id, display_name=each.name, description=each.description)
            if "members" not in select or len(members) < 2:
                given = members if "members" in select and members else None
                rows.append(msgspec.structs.replace(said, members=given))
            else:  # members may be split over pages, under the same group again
                rows.append(msgspec.structs.replace(said, members=members[:1]))
                rows.append(GroupRow(id=each.id, members=members[1:]))
        return self._round(self._page(rows, link, "groups"), link, "group")

    def members(self, group_id: str, link: str | None) -> RowPage[Pointer]:
        self._called("members", link)
        if group_id not in self.groups_by_id:
            raise NotThere
        seen, waiting, people = set[str](), [group_id], dict[str, None]()
        while waiting:
            group = self.groups_by_id[waiting.pop()]
            if group.id not in seen:
                seen.add(group.id)
                people.update(dict.fromkeys(group.members))
                waiting += group.within
        return self._page([Pointer(id=each, type=USER) for each in people], link, "members")

    def devices(self, link: str | None, select: Sequence[str]) -> RowPage[DeviceRow]:
        self._called("devices", link, select)
        rows = [
            DeviceRow(
                id=each.id,
                display_name=each.name,
                model=each.model,
                account_enabled=each.enabled,
                device_id=each.device_id if "deviceId" in select else None,
                owners=self._owners(each) if self.expands else None,
            )
            for each in self.devices_by_id.values()
        ]
        return self._page(rows + self.more_devices, link, "devices")

    def owners(self, device_ids: Sequence[str], told: dict[str, list[Pointer]]) -> None:
        self._called("owners", None)
        assert len(device_ids) <= 20
        told |= {each: self._owners(self.devices_by_id[each]) for each in device_ids}

    def managed_devices(self, link: str | None, select: Sequence[str]) -> RowPage[ManagedRow]:
        self._called("managed", link, select)
        rows = [
            ManagedRow(
                id=each.id,
                joins=each.device_id,
                user_id=each.user,
                serial_number=each.serial,
                model=each.model,
                last_sync_date_time=each.seen,
                compliance_state=each.compliance,
                managed_device_owner_type=each.ownership,
            )
            for each in self.managed
        ]
        return self._page(rows, link, "managed")

    def applications(self, link: str | None, select: Sequence[str]) -> RowPage[ApplicationRow]:
        self._called("applications", link, select)
        found = self.applications_by_id.items()
        rows = [ApplicationRow(id=key, display_name=name) for key, name in found]
        return self._page(rows, link, "applications")

    def deleted_people(self, link: str | None) -> RowPage[Pointer]:
        self._called("deleted", link)
        return self._page([Pointer(id=each) for each in sorted(self.deleted)], link, "deleted")

    def _called(self, call: str, link: str | None, select: Sequence[str] = ()) -> None:
        self.calls.append(call)
        self.selected[call] = tuple(select)
        self.before(f"graph.{call}" + (f".{link.split('/')[1]}" if link else ".0"))

    def _person(self, each: Person, select: Sequence[str]) -> PersonRow:
        return PersonRow(
            id=each.id,
            display_name=each.name or None,
            mail=each.mail,
            user_principal_name=each.upn or None,
            department=each.department,
            office_location=each.office,
            account_enabled=each.enabled,
            user_type=("Guest" if each.guest else "Member") if "userType" in select else None,
            manager=[Pointer(id=boss, type=USER)] if (boss := self.living(each.manager)) else None,
        )

    def _owners(self, each: Device) -> list[Pointer]:
        return [Pointer(id=owner, type=USER)] if (owner := self.living(each.owner)) else []

    def _round(self, page: RowPage[RowType], link: str | None, kind: str) -> RowPage[RowType]:
        """The last page of a delta's first round tells where to take up: from its beginning on."""
        if link is None:
            self.marks[kind] = self.feed.mark(kind)
        if page.next_link is None:
            page.delta_link = self.marks[kind]
        return page

    def _page(self, rows: list[RowType], link: str | None, name: str) -> RowPage[RowType]:
        start = int(link.split("/")[1]) if link else 0
        stop = start + self.page_size
        more = f"{name}/{stop}" if stop < len(rows) else None
        return RowPage(value=rows[start:stop], next_link=more)
