"""Reads groups, and with them who is a member of those whose members count."""

from __future__ import annotations

from app.imports.entra.intake import Intake
from app.imports.entra.pages import Pages
from app.imports.kinds.entries import key_of
from app.imports.kinds.records import GroupRow, Pointer, person_of
from app.imports.kinds.selects import select_of
from app.imports.kinds.table import KindName
from app.imports.planning.memberships import Memberships
from app.imports.run.patience import Steps
from app.imports.run.ports import Directory


class GroupReader:
    """Fills `memberships` while it reads."""

    def __init__(self, intake: Intake, directory: Directory, memberships: Memberships) -> None:
        self._intake = intake
        self._directory = directory
        self._memberships = memberships

    def read(self) -> Steps[dict[KindName, int]]:
        """How many groups there are."""
        work, directory = self._intake.work, self._directory
        select = select_of("group", work.rules)
        pages = Pages(work.patience, lambda link: directory.groups(link, select), work.ahead)
        found = 0
        while (page := (yield from pages.next())) is not None:
            for row in page.value:
                found += row.removed is None
                yield from self._group(row)
            self._intake.keep_link("group", page.delta_link)
            self._intake.tell(len(page.value))
        return {"group": found}

    def _group(self, row: GroupRow) -> Steps[None]:
        plan = self._intake.plan
        if row.removed is not None:
            plan.removed("group", row.id)
            return
        group = key_of(row.id)
        for member in row.members or ():
            if person_of([Pointer(member.id, member.type)]):
                self._memberships.add(group, member.id, member=member.removed is None)
        # Members come split over pages, under the same group again and without its other values.
        more = row.members is not None and row.display_name is None
        if not (more and plan.seen("group", row.id)):
            shape = self._intake.shape("group")
            yield from self._intake.compare(shape, shape.reading(row))
