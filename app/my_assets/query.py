"""What a viewer may ask of the list: parsed strictly, every problem named at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, cast, get_args

from app.errors import InputRefused, Problem
from app.said import Sentence
from app.sentences import ONCE, QUERY_REFUSED

NO_FILTER: Final = Sentence("query.no_filter", "This is not a filter of the list.")
AT_MOST: Final = Sentence("query.at_most", "Use at most {most} characters.")
USE_ONE_OF: Final = Sentence("query.one_of", "Use one of: {choices}.")
UP_TO: Final = Sentence("query.up_to", "Use a number from 1 to {most}.")
A_CURSOR: Final = Sentence("query.cursor", "Use a cursor of an earlier answer.")
AN_ID: Final = Sentence("query.id", "Use an id.")

Sort = Literal["label", "-label", "object_type", "-object_type", "updated_at", "-updated_at"]
Format = Literal["csv", "json"]
Given = Mapping[str, list[str]]

DEFAULT_LIMIT: Final = 50
MOST_ROWS: Final = 200
MOST_SEARCH: Final = 255
_ID: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_FILTERS: Final = ("search", "object_type", "schema", "sort")
_NUMBER: Final = re.compile(r"[0-9]{1,6}")
_CURSOR: Final = re.compile(r"[A-Za-z0-9_-]{1,512}")


@dataclass(frozen=True)
class Query:
    """`object_type` and `schema` are ids; `cursor` is as the client gave it, still opaque."""

    search: str = field(default="", repr=False)
    object_type: str | None = None
    schema: str | None = None
    sort: Sort = "label"
    limit: int = DEFAULT_LIMIT
    cursor: str | None = None

    @staticmethod
    def parse(args: Given) -> Query:
        """The query of the list. Raises InputRefused with every problem."""
        reading = _Reading(args, (*_FILTERS, "limit", "cursor"))
        query = replace(reading.filters(), limit=reading.limit(), cursor=reading.cursor())
        reading.refuse_problems()
        return query

    @staticmethod
    def parse_export(args: Given) -> tuple[Query, Format]:
        """The query of the export: the same filters, all rows. Raises InputRefused."""
        reading = _Reading(args, (*_FILTERS, "format"))
        query = reading.filters()
        wanted = reading.choice("format", get_args(Format), "csv")
        reading.refuse_problems()
        return query, cast("Format", wanted)


class _Reading:
    """One pass over the arguments that collects problems instead of stopping at the first."""

    def __init__(self, args: Given, known: tuple[str, ...]) -> None:
        self._args = args
        unknown = [name for name in args if name not in known]
        self._problems = [Problem(name, NO_FILTER()) for name in unknown]
        for name in known:
            if len(args.get(name, [])) > 1:
                self._problems.append(Problem(name, ONCE()))

    def refuse_problems(self) -> None:
        if self._problems:
            raise InputRefused(QUERY_REFUSED(), problems=self._problems)

    def filters(self) -> Query:
        search = self._one("search")
        if len(search) > MOST_SEARCH:
            self._problems.append(Problem("search", AT_MOST(most=MOST_SEARCH)))
        return Query(
            search=search,
            object_type=self._id("object_type"),
            schema=self._id("schema"),
            sort=cast("Sort", self.choice("sort", get_args(Sort), "label")),
        )

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        given = self._one(name) if name in self._args else default
        if given not in choices:
            self._problems.append(Problem(name, USE_ONE_OF(choices=choices)))
        return given

    def limit(self) -> int:
        given = self._one("limit") if "limit" in self._args else str(DEFAULT_LIMIT)
        limit = int(given) if _NUMBER.fullmatch(given) else 0
        if not 1 <= limit <= MOST_ROWS:
            self._problems.append(Problem("limit", UP_TO(most=MOST_ROWS)))
        return limit

    def cursor(self) -> str | None:
        given = self._one("cursor")
        if given and not _CURSOR.fullmatch(given):
            self._problems.append(Problem("cursor", A_CURSOR()))
        return given or None

    def _id(self, name: str) -> str | None:
        given = self._one(name)
        if given and not _ID.fullmatch(given):
            self._problems.append(Problem(name, AN_ID()))
        return given or None

    def _one(self, name: str) -> str:
        given = self._args.get(name) or [""]
        return given[0]
