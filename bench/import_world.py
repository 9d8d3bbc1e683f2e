"""A directory and an Assets that make their pages as they are asked for, so they cost no memory."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from app.imports.kinds.records import (
    ApplicationRow,
    DeviceRow,
    GroupRow,
    ManagedRow,
    PersonRow,
    Pointer,
    RowPage,
)

sys.path.insert(0, str(Path(__file__).parents[1]))
PAGE = 500


class EndlessDirectory:
    """People by number; each page takes `seconds` to come."""

    def __init__(self, people: int, wait: object = None) -> None:
        self.people_count = people
        self.wait = wait
        self.asked = 0

    def people(self, link: str | None, select: Sequence[str]) -> RowPage[PersonRow]:
        self.asked += 1
        if callable(self.wait):
            self.wait()
        start = int(link or 0)
        stop = min(start + PAGE, self.people_count)
        rows = [_row(number) for number in range(start, stop)]
        return RowPage(value=rows, next_link=str(stop) if stop < self.people_count else None)

    def groups(self, link: str | None, select: Sequence[str]) -> RowPage[GroupRow]:
        return RowPage(value=[])

    def devices(self, link: str | None, select: Sequence[str]) -> RowPage[DeviceRow]:
        return RowPage(value=[])

    def managed_devices(self, link: str | None, select: Sequence[str]) -> RowPage[ManagedRow]:
        return RowPage(value=[])

    def applications(self, link: str | None, select: Sequence[str]) -> RowPage[ApplicationRow]:
        return RowPage(value=[])

    def members(self, group_id: str, link: str | None) -> RowPage[Pointer]:
        return RowPage(value=[])

    def owners(self, device_ids: Sequence[str], told: dict[str, list[Pointer]]) -> None:
        pass

    def deleted_people(self, link: str | None) -> RowPage[Pointer]:
        return RowPage(value=[])

    def before(self, call: str) -> None:
        """As the stand-in of the tests has it."""


def _row(number: int) -> PersonRow:
    return PersonRow(
        id=f"{number:08x}-0000-4000-8000-0123456789ab",
        display_name=f"Example Person {number}",
        mail=f"person{number}@contoso.example",
        user_principal_name=f"person{number}@contoso.example",
        department=f"Department {number % 50}",
        account_enabled=True,
    )
