"""What a delta run has to look at: what Graph told, and what that touches, as whole records.

Graph does not tell whose manager or owner somebody was who is gone now, nor all groups of somebody
who joined one: those people and devices are read, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from app.imports.assets.looking_up import look_up, pointing_to
from app.imports.entra.completing import is_new, laid_over, read_whole
from app.imports.entra.devices import ask_owners
from app.imports.entra.told import MOST, Told
from app.imports.kinds.entries import key_of
from app.imports.kinds.records import DeviceRow, GroupRow, PersonRow, Pointer, person_of
from app.imports.kinds.selects import select_of
from app.imports.kinds.table import ASSIGNED_TO, MANAGER, KindName
from app.imports.run.feed import ROWS, FedDirectory
from app.imports.run.ground import Ground
from app.imports.run.patience import Steps
from app.imports.run.ways import ReadsAll
from app.imports.run.work import Work

POINTING: Final[Mapping[KindName, str]] = {"person": MANAGER.name, "device": ASSIGNED_TO.name}


@dataclass
class Gathered:
    """`told` by kind; the rows are whole. `new` are the people who are new to Entra ID: whoever
    points to them was told as well."""

    told: Mapping[KindName, Told]
    people: list[PersonRow] = field(default_factory=list, repr=False)
    groups: list[GroupRow] = field(default_factory=list, repr=False)
    devices: list[DeviceRow] = field(default_factory=list, repr=False)
    new: set[str] = field(default_factory=set, repr=False)

    def removed(self, kind: KindName) -> set[str]:
        return self.told[kind].removed if kind in self.told else set()

    def rows(self, kind: KindName) -> list[Any]:
        rows: dict[KindName, list[Any]] = {
            "person": self.people, "group": self.groups, "device": self.devices
        }  # fmt: skip
        return rows[kind]


def gather(
    work: Work, ground: Ground, directory: FedDirectory, told: Mapping[KindName, Told]
) -> Steps[Gathered]:
    """Raises ReadsAll, RunEnds."""
    gathered = Gathered(told)
    concerned = {kind: set(each.named) for kind, each in told.items()}
    for kind, ids in (yield from _left_behind(work, ground, told)).items():
        concerned[kind] |= ids
    if "person" in told and "group" in told:
        concerned["person"] |= _regrouped(told["group"], work.rules.memberships)
    for kind, ids in concerned.items():
        ids -= told[kind].removed
        if len(ids) > MOST:
            raise ReadsAll("many")
        yield from _complete(work, directory, gathered, kind, ids)
    yield from ask_owners(work, directory, gathered.devices)
    return gathered


def _left_behind(
    work: Work, ground: Ground, told: Mapping[KindName, Told]
) -> Steps[dict[KindName, set[str]]]:
    """Who still points, in Assets, to somebody who is gone."""
    found: dict[KindName, set[str]] = {}
    if "person" not in told:
        return found
    gone = yield from look_up(work, ground.types.get("person"), told["person"].removed)
    for kind, attribute in POINTING.items():
        if kind in told and gone:
            there = ground.types.get(kind)
            found[kind] = set((yield from pointing_to(work, there, attribute, gone.values())))
    return found


def _regrouped(told: Told, asked: Iterable[str]) -> set[str]:
    """The people who joined or left one of these groups."""
    wanted = {key_of(each) for each in asked}
    return {
        str(member["id"])
        for group, members in told.members.items()
        if key_of(group) in wanted
        for member in members.values()
        if person_of([Pointer(str(member["id"]), str(member.get("@odata.type") or ""))])
    }


def _complete(
    work: Work, directory: FedDirectory, gathered: Gathered, kind: KindName, ids: Iterable[str]
) -> Steps[None]:
    told, select = gathered.told[kind], select_of(kind, work.rules, members=False)
    found = yield from read_whole(work, directory.feed, kind, ids, select)
    rows = gathered.rows(kind)
    for key, record in laid_over(kind, found, told).items():
        row: Any = msgspec.convert(dict(record), ROWS[kind])
        if kind == "group":
            row.members = _members(told, key)
        rows.append(row)
        if kind == "person" and is_new(kind, found.get(key, {}), told.named.get(key, {})):
            gathered.new.add(key)


def _members(told: Told, group: str) -> list[Pointer] | None:
    members = told.members.get(group)
    return [msgspec.convert(dict(each), Pointer) for each in members.values()] if members else None
