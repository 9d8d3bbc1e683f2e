"""The effect of a draft before it is saved: how many people gain or lose how many assets.

Counted on live data in one request, kept nowhere. What was not counted is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

from app.my_assets import aql
from app.my_assets.asking import Questions, believed
from app.my_assets.catalogue import Catalogue
from app.my_assets.decision import needs_person
from app.my_assets.drafts.crowd import Crowd, Persons, crowd_of
from app.my_assets.drafts.lookups import Lookups
from app.my_assets.drafts.owners import owners_of
from app.my_assets.drafts.reading import MOST_PAGES, NOTHING, GoOn, Stretch, read_stretch
from app.my_assets.drafts.structure import Structure, TypeChange
from app.my_assets.drafts.tally import Tally, TypeTally
from app.my_assets.drafts.weighing import Weighing
from app.my_assets.ownership import reaching
from app.my_assets.ports import Assets, People
from app.my_assets.rows import named
from app.site_settings.documents import Visibility
from app.words import Json

MOST_TYPES: Final = 50  # told of
MOST_COUNTED: Final = 20  # of these, where not all assets were read


@dataclass(frozen=True)
class World:
    """What the count reads, and how long it may go on."""

    catalogue: Catalogue
    assets: Assets
    people: People
    share: Executor
    go_on: GoOn


class Effect:
    """Of one draft against the saved rules, within one request."""

    def __init__(self, saved: Visibility, draft: Visibility, world: World) -> None:
        self._saved, self._draft = saved, draft
        self._world = world
        self._rules = tuple(dict.fromkeys((*saved.owner_rules, *draft.owner_rules)))
        self._changes = {
            one.type_id: one for one in Structure(saved, draft, world.catalogue).changes()
        }

    def count(self) -> Json:
        """Raises the service errors of Assets; what Jira does not tell is left out and named."""
        touched = [one.type_id for one in self._changes.values() if one.touched]
        assets, persons = self._read(touched)
        lookups = Lookups(self._world.people, self._world.share, self._world.go_on)
        crowd = crowd_of(
            owners_of(assets.objects, self._rules, self._world.catalogue),
            Persons(persons.objects, self._world.catalogue),
            lookups,
        )
        weighing = Weighing(self._saved, self._draft, self._world.catalogue, self._world.people)
        tally = weighing.weigh(crowd.people, lookups)
        return {
            "people": tally.people_as_json() | {"known": len(crowd.people)},
            "assets": tally.assets.as_json() | self._reach(touched, assets),
            "object_types": self._types(tally, assets),
            "not_counted": self._left_out(assets, persons, lookups, crowd),
        }

    def _read(self, touched: Iterable[str]) -> tuple[Stretch, Stretch]:
        """The assets that name an owner, and the people they may name, side by side."""
        query = self._owned(touched, order="label ASC")
        if query is None:
            return NOTHING, NOTHING
        persons = self._world.share.submit(self._persons)
        try:
            return self._stretch(query), persons.result()
        finally:
            persons.cancel()

    def _persons(self) -> Stretch:
        types = self._world.catalogue.person_types()
        if not types or not (needs_person(self._saved) or needs_person(self._draft)):
            return NOTHING
        return self._stretch(f"{aql.one_of('objectTypeId', types)} ORDER BY label ASC")

    def _stretch(self, query: str) -> Stretch:
        questions = Questions(self._world.assets, MOST_PAGES, lambda: None)
        return read_stretch(questions, query, self._world.go_on)

    def _owned(self, types: Iterable[str], order: str = "") -> str | None:
        """The question for what names an owner. None: there is none that can be asked."""
        asked = self._asked(types)
        return aql.owned(asked, self._world.catalogue.schema_of, order) if asked else None

    def _asked(self, types: Iterable[str]) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for type_id in types:
            for _, attribute in reaching(self._rules, self._world.catalogue, type_id):
                found.setdefault(aql.filled(attribute.name), set()).add(type_id)
        return {condition: frozenset(of) for condition, of in found.items()}

    def _reach(self, touched: Iterable[str], assets: Stretch) -> Json:
        """How many assets were read, and how many there are to read."""
        known = len(assets.objects) if assets.complete else self._total(touched)
        return {"looked_at": len(assets.objects), "known": known}

    def _total(self, types: Iterable[str]) -> int | None:
        query = self._owned(types)
        if query is None or not self._world.go_on():
            return None
        with believed():
            return self._world.assets.count(query)

    def _types(self, tally: Tally, assets: Stretch) -> list[Json]:
        told = [
            one
            for one in self._changes.values()
            if one.worth_telling or one.type_id in tally.by_type
        ]
        types = self._world.catalogue.types
        told.sort(key=lambda one: (types[one.type_id].name.casefold(), one.type_id))
        totals = self._totals(told[:MOST_COUNTED], assets)
        return [self._type(one, tally, totals.get(one.type_id)) for one in told[:MOST_TYPES]]

    def _totals(self, changes: Iterable[TypeChange], assets: Stretch) -> Mapping[str, int | None]:
        """How many assets of each type name an owner; none, where it was not asked."""
        if assets.complete:
            return {
                one.type_id: sum(each.object_type_id == one.type_id for each in assets.objects)
                for one in changes
                if one.touched
            }
        share = self._world.share
        asked = {one.type_id: share.submit(self._total, [one.type_id]) for one in changes}
        return {type_id: answer.result() for type_id, answer in asked.items()}

    def _type(self, change: TypeChange, tally: Tally, total: int | None) -> Json:
        kind = self._world.catalogue.types[change.type_id]
        return {
            "object_type": named(kind),
            "schema": named(self._world.catalogue.schemas[kind.schema_id]),
            "seen": {"before": change.seen_before, "after": change.seen_after},
            **tally.by_type.get(change.type_id, TypeTally()).as_json(),
            "known": total,
            "attributes": change.attributes_as_json(),
        }

    def _left_out(
        self, assets: Stretch, persons: Stretch, lookups: Lookups, crowd: Crowd
    ) -> list[str]:
        """Codes, in the order in which they matter."""
        found = {
            "assets": not assets.complete,
            "persons": not persons.complete,
            "look_ups": lookups.skipped > crowd.unlinked,
            "not_linked": crowd.unlinked > 0,
            "unknown_owners": crowd.unknown > 0,
            # Members of a group are not among what the app may ask Jira for.
            "people_without_assets": self._saved.access != self._draft.access,
        }
        return [code for code, so in found.items() if so]
