"""People who left and still hold assets, asked live of Assets by the owner rules that hold for all.

For administrators: nothing is hidden from them here. Names stand in the answer and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.errors import InputRefused, Problem
from app.inventory import AssetObject, Value
from app.my_assets import aql
from app.my_assets.asking import Questions
from app.my_assets.catalogue import EMAIL, ENTRA_ID, JIRA_ACCOUNT, Catalogue
from app.my_assets.ownership import Claim, claims
from app.my_assets.rows import named, read_window, sendable
from app.my_assets.who import Person, Viewer
from app.sentences import EARLIER_CURSOR, QUERY_REFUSED
from app.site_settings.documents import OwnerRule
from app.words import AccountId, Json

STATUS: Final = "Status"
LEFT: Final = "Left"
LEFT_ON: Final = "Left on"
STRETCH: Final = 25  # leavers asked for at a time: their conditions have to fit into one question
MOST_STRETCHES: Final = 8  # of one answer, then it says where to go on
MOST_CALLS: Final = 60
MOST_PAGES: Final = 4  # of one stretch's assets
MOST_SHOWN: Final = 20  # assets named of one leaver; all are counted
_MOST_DIGITS: Final = 9


@dataclass(frozen=True)
class Leaver:
    found: AssetObject = field(repr=False)
    person: Person
    viewer: Viewer
    left_on: str
    held: list[AssetObject] = field(default_factory=list, repr=False)


class LeaversList:
    """Of one instance, within one request."""

    def __init__(
        self, catalogue: Catalogue, questions: Questions, rules: Sequence[OwnerRule]
    ) -> None:
        self._catalogue = catalogue
        self._questions = questions
        self._rules = rules
        self._types = [
            one for one in catalogue.person_types() if catalogue.attribute(one, STATUS) is not None
        ]

    def page(self, cursor: str | None) -> Json:
        """`{"leavers", "next_cursor"}`. Only those who hold something. Raises InputRefused."""
        start: int | None = _start(cursor)
        holding: list[Leaver] = []
        for _ in range(MOST_STRETCHES if self._types else 0):
            leavers, start = self._stretch(start or 0)
            self._find_assets(leavers)
            holding += [each for each in leavers if each.held]
            if start is None or len(holding) >= STRETCH or self._questions.left < MOST_PAGES + 1:
                break
        else:
            start = start if self._types else None
        return {
            "leavers": [self._shown(each) for each in holding],
            "next_cursor": str(start) if start is not None else None,
        }

    def _stretch(self, start: int) -> tuple[list[Leaver], int | None]:
        """The next people who left, and where those after them begin; None: there are no more.

        In the order of their Entra ids: names are not unique, and pages would repeat some.
        """
        where = f"{aql.one_of('objectTypeId', self._types)} AND {aql.equals(STATUS, LEFT)}"
        page = self._questions.ask(f"{where} ORDER BY {aql.quoted(ENTRA_ID)} ASC", start, STRETCH)
        leavers = [self._leaver(one) for one in page.objects if self._has_left(one)]
        over = page.last or not page.objects
        return leavers, None if over else start + len(page.objects)

    def _has_left(self, found: AssetObject) -> bool:
        said = self._values(found, STATUS)
        return found.object_type_id in self._types and any(
            one.text.casefold() == LEFT.casefold() for one in said
        )

    def _leaver(self, found: AssetObject) -> Leaver:
        account, email = self._one(found, JIRA_ACCOUNT), self._one(found, EMAIL)
        return Leaver(
            found,
            Person(found.id, found.key, self._one(found, ENTRA_ID)),
            Viewer(AccountId(account), email or None),
            self._one(found, LEFT_ON)[:10],
        )

    def _find_assets(self, leavers: Sequence[Leaver]) -> None:
        """Give each of them what they hold. Too long a question is asked in two halves."""
        wanted: dict[str, set[str]] = {}
        for each in leavers:
            for type_id in self._catalogue.types:
                for claim in self._claims(each, type_id):
                    wanted.setdefault(claim.condition, set()).add(type_id)
        if not wanted:
            return
        asked = {condition: frozenset(types) for condition, types in wanted.items()}
        try:
            query = aql.owned(asked, self._catalogue.schema_of, "label ASC")
        except aql.Unspeakable:
            if len(leavers) > 1:
                half = len(leavers) // 2
                self._find_assets(leavers[:half])
                self._find_assets(leavers[half:])
            return
        most = min(MOST_PAGES, self._questions.left)
        self._share_out(leavers, read_window(self._questions, query, 0, most).assets)

    def _share_out(self, leavers: Sequence[Leaver], assets: Iterable[AssetObject]) -> None:
        """Assets compares loosely; whose it is, is decided here, row by row."""
        for asset in assets:
            for each in leavers:
                if asset.id != each.found.id and any(
                    claim.holds_for(asset.values.get(claim.attribute.id, ()), each.person)
                    for claim in self._claims(each, asset.object_type_id)
                ):
                    each.held.append(asset)

    def _claims(self, leaver: Leaver, type_id: str) -> tuple[Claim, ...]:
        return claims(self._rules, leaver.viewer, leaver.person, self._catalogue, type_id)

    def _shown(self, leaver: Leaver) -> Json:
        return {
            "object_id": sendable(leaver.found.id),
            "object_key": sendable(leaver.found.key),
            "name": sendable(leaver.found.label),
            "left_on": sendable(leaver.left_on) or None,
            "total": len(leaver.held),
            "assets": [self._asset(one) for one in leaver.held[:MOST_SHOWN]],
        }

    def _asset(self, asset: AssetObject) -> Json:
        kind = self._catalogue.types[asset.object_type_id]
        return {
            "object_id": sendable(asset.id),
            "object_key": sendable(asset.key),
            "label": sendable(asset.label),
            "object_type": named(kind),
            "schema": named(self._catalogue.schemas[kind.schema_id]),
        }

    def _one(self, found: AssetObject, name: str) -> str:
        values = self._values(found, name)
        return values[0].key if values else ""

    def _values(self, found: AssetObject, name: str) -> tuple[Value, ...]:
        attribute = self._catalogue.attribute(found.object_type_id, name)
        return found.values.get(attribute.id, ()) if attribute is not None else ()


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if cursor.isascii() and cursor.isdigit() and len(cursor) <= _MOST_DIGITS:
        return int(cursor)
    problem = Problem("cursor", EARLIER_CURSOR())
    raise InputRefused(QUERY_REFUSED(), problems=[problem])
