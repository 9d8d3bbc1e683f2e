"""Reads people, and what only they name: departments and office locations.

A department nobody names any more is kept: it only stops being named.
"""

from __future__ import annotations

from app.imports.entra.intake import Intake
from app.imports.entra.narrowing import Scope
from app.imports.entra.pages import Pages
from app.imports.kinds.entries import Shape, key_of
from app.imports.kinds.records import NameRow, PersonRow, person_of
from app.imports.kinds.selects import select_of
from app.imports.kinds.table import PERSON, KindName, Reference
from app.imports.kinds.turns import as_name
from app.imports.planning.memberships import Memberships
from app.imports.planning.watching import why_left_out
from app.imports.run.patience import Steps
from app.imports.run.ports import Directory
from app.site_settings.documents import Filter

NAMED = tuple(each for each in PERSON.references if each.by_name)


def lets_in(wanted: Filter, row: PersonRow, scope: Scope) -> bool:
    """Whether a person is to be imported. The record has to be whole."""
    guest = (row.user_type or "").casefold() == "guest"
    return (
        (wanted.include_guests or not guest)
        and not (wanted.enabled_only and row.account_enabled is False)
        and scope.holds(row.id)
    )


class PeopleReader:
    """Everybody the filter lets in. `memberships` were filled while groups were read."""

    def __init__(
        self, intake: Intake, directory: Directory, memberships: Memberships, scope: Scope
    ) -> None:
        self._intake = intake
        self._directory = directory
        self._memberships = memberships
        self._scope = scope
        self._named = [each for each in NAMED if intake.asks(each.target)]
        self._found: dict[KindName, int] = {each.target: 0 for each in self._named}

    def read(self) -> Steps[dict[KindName, int]]:
        """How many people there are, and how many departments and locations they name."""
        work, directory, select = self._intake.work, self._directory, self._selected()
        pages = Pages(work.patience, lambda link: directory.people(link, select), work.ahead)
        people = 0
        while (page := (yield from pages.next())) is not None:
            for row in page.value:
                people += row.removed is None and self._scope.holds(row.id)
                yield from self._person(row)
            if self._intake.asks("person"):
                self._intake.keep_link("person", page.delta_link)
            self._intake.tell(len(page.value))
        return {**self._found, **({"person": people} if self._intake.asks("person") else {})}

    def _selected(self) -> tuple[str, ...]:
        rules = self._intake.work.rules
        if self._intake.asks("person"):
            return select_of("person", rules)
        guests = () if rules.filter.include_guests else ("userType",)
        enabled = ("accountEnabled",) if rules.filter.enabled_only else ()
        return ("id", *(each.source for each in self._named), *enabled, *guests)

    def _person(self, row: PersonRow) -> Steps[None]:
        asked, plan = self._intake.asks("person"), self._intake.plan
        wanted = self._intake.work.rules.filter
        if row.removed is not None:
            if asked:
                plan.removed("person", row.id)
        elif plan.restricted.holds("person", key_of(row.id)):
            if asked:
                plan.counts.skipped += 1
                plan.watch.left_out("person", row, "restricted")
        elif not lets_in(wanted, row, self._scope):
            if asked:
                plan.out_of_filter("person", row.id)
                plan.watch.left_out("person", row, why_left_out(wanted, row))
        else:
            names = yield from self._names(row)
            if asked:
                yield from self._compare(self._intake.shape("person"), row, names)

    def _compare(self, shape: Shape, row: PersonRow, names: list[str]) -> Steps[None]:
        target = person_of(row.manager) if shape.single else None
        reading = shape.reading(row, target, names)
        groups = self._memberships.groups_of(reading.key) if shape.many else None
        yield from self._intake.compare(shape, reading, groups)

    def _names(self, row: PersonRow) -> Steps[list[str]]:
        """What the person names, spelled as it is in Assets; what is new comes into the plan."""
        given = {"department": row.department, "officeLocation": row.office_location}
        found = []
        for each in self._named:
            name = as_name(given[each.source])
            found.append((yield from self._meet(each, name)) if name else "")
        return found

    def _meet(self, reference: Reference, name: str) -> Steps[str]:
        names = self._intake.scene.names[reference.target]
        spelled = names.spelled(name)
        if names.meet(spelled):
            self._found[reference.target] += 1
            shape = self._intake.shape(reference.target)
            yield from self._intake.compare(shape, shape.reading(NameRow(spelled)))
        return spelled
