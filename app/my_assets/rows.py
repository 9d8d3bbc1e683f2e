"""The viewer's rows: read in windows, kept only if the decision shows them, searched, put in order.

Search and order look at what is shown and nothing else: what is hidden cannot be guessed at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from app.errors import ServiceFailed
from app.inventory import AssetObject, ObjectType, Schema
from app.my_assets import aql
from app.my_assets.asking import Questions
from app.my_assets.decision import Decision, Shown
from app.my_assets.look import Look
from app.my_assets.query import Query, Sort
from app.said import Sentence
from app.words import Json

TOO_MANY_RULES: Final = Sentence(
    "mine.too_many_rules", "There are more owner rules than one question can hold."
)

# Half of a character, as Assets may tell one (JSON can say it): UTF-8 has no bytes for it. Whose
# an asset is, is decided with the text as Assets has it.
_HALVES: Final = re.compile(r"[\ud800-\udfff]")


def sendable(text: str) -> str:
    """The text with the replacement character for what cannot be encoded."""
    return _HALVES.sub("\ufffd", text)


def named(kind: ObjectType | Schema) -> Json:
    """A type or schema as answers tell it."""
    return {"id": sendable(kind.id), "name": sendable(kind.name)}


@dataclass(frozen=True)
class Row:
    asset: AssetObject = field(repr=False)
    object_type: ObjectType
    schema: Schema
    decision: Decision = field(repr=False)

    @cached_property
    def shown(self) -> Shown:
        return self.decision.shown(self.asset)

    def says(self, wanted: str) -> bool:
        """Whether label, key or a shown value holds the text; `wanted` is case-folded."""
        texts = (self.asset.label, self.asset.key, *(one for _, all_ in self.shown for one in all_))
        return any(wanted in one.casefold() for one in texts)

    def as_json(self) -> Json:
        """The row as every answer tells it; all of it can be sent."""
        return {
            "object_id": sendable(self.asset.id),
            "object_key": sendable(self.asset.key),
            "label": sendable(self.asset.label),
            "object_type": named(self.object_type),
            "schema": named(self.schema),
            "attributes": [
                {"name": sendable(name), "values": list(map(sendable, texts))}
                for name, texts in self.shown
            ],
            "updated_at": sendable(self.asset.updated_at),
        }


@dataclass(frozen=True)
class Window:
    """A stretch of Assets' answer, each object once. `next_start` is None at the end.

    `total` is what Assets told of all stretches together, 0 if it told nothing.
    """

    assets: tuple[AssetObject, ...] = field(repr=False)
    next_start: int | None
    pages: int
    total: int = 0


def read_window(questions: Questions, aql_query: str, start: int, most_pages: int) -> Window:
    """Read on from `start` until the end, or until as many pages are read as may be."""
    found: dict[str, AssetObject] = {}
    total = 0
    for pages in range(1, most_pages + 1):
        page = questions.ask(aql_query, start)
        found |= {one.id: one for one in page.objects}
        start += len(page.objects)
        total = page.total or 0
        if page.last:
            return Window(tuple(found.values()), None, pages, total)
    return Window(tuple(found.values()), start, most_pages, total)


def total_of(window: Window, query: Query, rows: Sequence[Row], before: int) -> int:
    """How many rows there are, `before` of them in earlier stretches.

    Where more follows than one request reads, Assets' own number counts, if it can only be about
    rows that are shown: nothing was searched for, and nothing that was read was left out.
    """
    counted = before + len(rows)
    if window.next_start is None or query.search or len(rows) != len(window.assets):
        return counted
    return max(counted, window.total)


def question_for_rows(look: Look, query: Query) -> str | None:
    """The AQL for the viewer's rows, or None if no rule can give them any."""
    types = look.catalogue.types

    def wanted(type_id: str) -> bool:
        fits_type = query.object_type in (None, type_id)
        return fits_type and query.schema in (None, types[type_id].schema_id)

    asked = look.decision.asked(wanted)
    if not asked:
        return None
    # Order matters only where there is more than one request reads; then the windows follow it.
    direction = "DESC" if query.sort == "-label" else "ASC"
    try:
        return aql.owned(asked, look.catalogue.schema_of, f"label {direction}")
    except aql.Unspeakable:
        raise ServiceFailed(TOO_MANY_RULES()) from None


def own_rows(
    look: Look, assets: Iterable[AssetObject], query: Query, on_stranger: Callable[[], None]
) -> list[Row]:
    """The rows that may be shown and fit the query. `on_stranger`: one was not the viewer's."""
    rows: list[Row] = []
    strangers = False
    for asset in assets:
        verdict = look.decision.judge(asset)
        if verdict.visible:
            of_type = look.catalogue.types[asset.object_type_id]
            rows.append(
                Row(asset, of_type, look.catalogue.schemas[of_type.schema_id], look.decision)
            )
        elif not verdict.owned and look.decision.was_asked_for(asset):
            strangers = True
    if strangers:
        on_stranger()
    return [row for row in rows if _fits(row, query)]


def _fits(row: Row, query: Query) -> bool:
    return (
        query.object_type in (None, row.object_type.id)
        and query.schema in (None, row.schema.id)
        and (not query.search or row.says(query.search.casefold()))
    )


def counts_of(rows: Sequence[Row]) -> list[Json]:
    """How many rows there are of each type, by the type's name."""
    held = Counter(row.object_type.id for row in rows)
    first = {row.object_type.id: row for row in reversed(rows)}
    sorted_ = sorted(held, key=lambda one: (first[one].object_type.name.casefold(), one))
    return [
        {
            "object_type": named(first[one].object_type),
            "schema": named(first[one].schema),
            "count": held[one],
        }
        for one in sorted_
    ]


def in_order(rows: Sequence[Row], sort: Sort) -> list[Row]:
    """Equal rows stand by label and id, so that a page never depends on chance."""
    settled = sorted(rows, key=lambda row: (row.asset.label.casefold(), _by_id(row)))
    return sorted(settled, key=_KEYS[sort.lstrip("-")], reverse=sort.startswith("-"))


def _by_id(row: Row) -> tuple[int, str]:
    return (len(row.asset.id), row.asset.id)


_KEYS: Final[dict[str, Callable[[Row], Any]]] = {
    "label": lambda row: row.asset.label.casefold(),
    "object_type": lambda row: row.object_type.name.casefold(),
    "updated_at": lambda row: row.asset.updated_at,
}
