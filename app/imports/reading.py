"""Reads Entra ID page by page into the plan, and hands on what has to be sent.

A read that breaks off is no read: nothing is concluded from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.imports.entries import Reading, Shape, key_of
from app.imports.kinds import DEVICE, GROUP, PERSON, selected
from app.imports.losses import FEW
from app.imports.memberships import Memberships
from app.imports.narrowing import Scope, read_scope
from app.imports.pages import Pages
from app.imports.patience import RunEnds, Steps
from app.imports.ports import Directory
from app.imports.records import DeviceRow, GroupRow, PersonRow, Pointer, person_of
from app.imports.sending import Sender
from app.imports.work import Scene, Work

BATCH: Final = 20  # requests in one $batch (facts, 3.9)


class DirectoryReader:
    """One full read. `sender` is None for a preview."""

    def __init__(self, work: Work, scene: Scene, sender: Sender | None) -> None:
        self._work = work
        self._plan = scene.plan
        self._sender = sender
        self._asked = scene.ground.asked
        self._shapes = {
            kind.name: Shape(kind, [r for r in kind.references if scene.ground.reachable(r)])
            for kind in scene.ground.asked
        }
        self._scope = Scope()
        filled = work.rules.memberships if GROUP in self._asked else ()
        self._memberships = scene.memberships = Memberships(dict.fromkeys(filled))

    def read(self) -> Steps[None]:
        """Everything asked for. Raises RunEnds, `empty_source` too."""
        work = self._work
        known = sum(len(table) for table in self._plan.tables.values())
        work.report.phase("reading_entra", known)
        directory = yield from work.patience.call(
            "entra", lambda: work.connections.directory(work.instance)
        )
        if PERSON in self._asked:
            self._scope = yield from read_scope(work, directory)
        steps = {"group": self._groups, "person": self._people, "device": self._devices}
        for kind in self._asked:
            found = yield from steps[kind.name](directory)
            if not found and len(self._plan.tables[kind.name]) >= FEW:
                raise RunEnds("empty_source", more=f"Nothing came of type {kind.type_name}.")
        for shape, reading in self._plan.settle():
            yield from self._send(shape, reading, changed=True)
        work.report.counts(self._plan.counts)
        self._check_lost()

    def _check_lost(self) -> None:
        """A permission that is gone, or a list cut short, looks as if all had been emptied."""
        plan = self._plan
        for kind in self._asked:
            if names := plan.losses.emptied(kind.name, plan.tables[kind.name]):
                raise RunEnds(
                    "empty_source", more=f"Empty for all: {kind.type_name}, {', '.join(names)}."
                )
        # A group that is gone has no members, and its people brake the run as unassigned.
        if self._memberships.empty() and plan.losses.ungrouped() >= FEW and self._all_groups_came():
            raise RunEnds("empty_source", more="No group that is asked for has a member.")

    def _all_groups_came(self) -> bool:
        return all(self._plan.seen("group", each) for each in self._work.rules.memberships)

    def _groups(self, directory: Directory) -> Steps[int]:
        select = selected(GROUP, *(["members"] if self._memberships else []))
        pages = Pages(
            self._work.patience, lambda link: directory.groups(link, select), self._work.ahead
        )
        found = 0
        while (page := (yield from pages.next())) is not None:
            for row in page.value:
                found += row.removed is None
                yield from self._group(row)
            self._tell(len(page.value))
        return found

    def _group(self, row: GroupRow) -> Steps[None]:
        if row.removed is not None:
            self._plan.removed("group", row.id)
            return
        group = key_of(row.id)
        for member in row.members or ():
            if person_of([Pointer(member.id, member.type)]):
                self._memberships.add(group, member.id, member=member.removed is None)
        # Members come split over pages, under the same group again and without its other values.
        more = row.members is not None and row.display_name is None
        if not (more and self._plan.seen("group", row.id)):
            shape = self._shapes["group"]
            yield from self._compare(shape, shape.reading(row))

    def _people(self, directory: Directory) -> Steps[int]:
        guests = self._work.rules.filter.include_guests
        select = selected(PERSON, "manager", *([] if guests else ["userType"]))
        pages = Pages(
            self._work.patience, lambda link: directory.people(link, select), self._work.ahead
        )
        found = 0
        while (page := (yield from pages.next())) is not None:
            for row in page.value:
                found += row.removed is None and self._scope.holds(row.id)
                yield from self._person(row)
            self._tell(len(page.value))
        return found

    def _person(self, row: PersonRow) -> Steps[None]:
        wanted = self._work.rules.filter
        guest = (row.user_type or "").casefold() == "guest"
        if row.removed is not None:
            self._plan.removed("person", row.id)
        elif (
            (guest and not wanted.include_guests)
            or (wanted.enabled_only and row.account_enabled is False)
            or not self._scope.holds(row.id)
        ):
            self._plan.out_of_filter("person", row.id)
        else:
            shape = self._shapes["person"]
            target = person_of(row.manager) if shape.single else None
            reading = shape.reading(row, target)
            groups = self._memberships.groups_of(reading.key) if shape.many else None
            yield from self._compare(shape, reading, groups)

    def _devices(self, directory: Directory) -> Steps[int]:
        select = selected(DEVICE)
        pages = Pages(
            self._work.patience, lambda link: directory.devices(link, select), self._work.ahead
        )
        found = 0
        while (page := (yield from pages.next())) is not None:
            yield from self._ask_owners(directory, page.value)
            for row in page.value:
                found += row.removed is None
                yield from self._device(row)
            self._tell(len(page.value))
        return found

    def _device(self, row: DeviceRow) -> Steps[None]:
        if row.removed is not None:
            self._plan.removed("device", row.id)
            return
        shape = self._shapes["device"]
        owner = person_of(row.owners) if shape.single else None
        yield from self._compare(shape, shape.reading(row, owner))

    def _ask_owners(self, directory: Directory, rows: Sequence[DeviceRow]) -> Steps[None]:
        """Owners that the list left out. Not knowing an owner must never look like having none."""
        silent = [row for row in rows if row.removed is None and row.owners is None]
        for start in range(0, len(silent), BATCH):
            some = silent[start : start + BATCH]
            owners = yield from self._work.patience.call(
                "graph",
                lambda: directory.owners([row.id for row in some]),  # noqa: B023 - called at once
            )
            for row in some:
                row.owners = owners[row.id]

    def _compare(
        self, shape: Shape, reading: Reading, groups: frozenset[bytes] | None = None
    ) -> Steps[None]:
        changed = self._plan.see(shape, reading, groups)
        if changed or (changed is not None and self._work.whole):
            yield from self._send(shape, reading, changed=changed)

    def _send(self, shape: Shape, reading: Reading, *, changed: bool) -> Steps[None]:
        if self._sender is not None:
            yield from self._sender.add(shape.kind, shape.entry(reading), changed=changed)

    def _tell(self, rows: int) -> None:
        self._work.report.counts(self._plan.counts)
        self._work.report.advance(rows)
