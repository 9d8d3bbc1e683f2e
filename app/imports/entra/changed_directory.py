"""Entra ID as the readers see it in a delta run: of some kinds only what changed.

So the same readers read everything, or what changed.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.imports.entra.gathering import Gathered
from app.imports.kinds.records import (
    ApplicationRow,
    DeviceRow,
    GroupRow,
    ManagedRow,
    PersonRow,
    Pointer,
    Removed,
    RowPage,
)
from app.imports.run.ports import Directory

GONE = Removed("deleted")


class ChangedDirectory:
    """A Directory. `directory` is asked for whatever was not gathered."""

    def __init__(self, directory: Directory, gathered: Gathered) -> None:
        self._directory = directory
        self._gathered = gathered

    def people(self, link: str | None, select: Sequence[str]) -> RowPage[PersonRow]:
        if "person" not in self._gathered.told:
            return self._directory.people(link, select)
        gone = [PersonRow(each, removed=GONE) for each in self._gathered.removed("person")]
        return RowPage([*gone, *self._gathered.people])

    def groups(self, link: str | None, select: Sequence[str]) -> RowPage[GroupRow]:
        if "group" not in self._gathered.told:
            return self._directory.groups(link, select)
        gone = [GroupRow(each, removed=GONE) for each in self._gathered.removed("group")]
        return RowPage([*gone, *self._gathered.groups])

    def devices(self, link: str | None, select: Sequence[str]) -> RowPage[DeviceRow]:
        if "device" not in self._gathered.told:
            return self._directory.devices(link, select)
        gone = [DeviceRow(each, removed=GONE) for each in self._gathered.removed("device")]
        return RowPage([*gone, *self._gathered.devices])

    def members(self, group_id: str, link: str | None) -> RowPage[Pointer]:
        return self._directory.members(group_id, link)

    def owners(self, device_ids: Sequence[str], told: dict[str, list[Pointer]]) -> None:
        self._directory.owners(device_ids, told)

    def deleted_people(self, link: str | None) -> RowPage[Pointer]:
        return self._directory.deleted_people(link)

    def managed_devices(self, link: str | None, select: Sequence[str]) -> RowPage[ManagedRow]:
        return self._directory.managed_devices(link, select)

    def applications(self, link: str | None, select: Sequence[str]) -> RowPage[ApplicationRow]:
        return self._directory.applications(link, select)
