"""The delta queries of Microsoft Graph: what changed since a link, and single objects as they are.

A link is never logged and never part of an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

import msgspec

from app.errors import ServiceFailed
from app.imports.kinds.records import RowPage
from app.imports.kinds.table import KindName
from app.imports.run.feed import RECORDS, ROWS, LinkExpired, NoFeed, Record
from app.outside.http import Answer
from app.outside.microsoft.graph_pages import GraphPages, selecting

PATHS: Final[Mapping[KindName, str]] = {"person": "users", "group": "groups", "device": "devices"}
# What changed, and nothing else: so a record that names everything is of something new.
MINIMAL: Final = {"Prefer": "return=minimal"}
# 410, or 40x with one of these codes (facts, 3.6). Any other 4xx about a link we keep says the
# same: it cannot be followed. These speak of the caller instead.
OF_THE_CALLER: Final = frozenset({401, 403, 408, 429})
LOST: Final = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired"})
NOT_PLAYED: Final = frozenset({400, 404, 405, 501})  # NC: how a tenant without a feed answers
_RECORDS: Final = msgspec.json.Decoder(RowPage[dict[str, Any]])


class _Error(msgspec.Struct):
    code: str = ""


class _Refusal(msgspec.Struct):
    error: _Error = msgspec.field(default_factory=_Error)


_REFUSALS: Final = msgspec.json.Decoder(_Refusal)


class GraphFeed:
    """Of one tenant. Raises as GraphPages does."""

    def __init__(self, pages: GraphPages) -> None:
        self._pages = pages

    def latest(self, kind: KindName, select: Sequence[str], link: str | None) -> RowPage[Record]:
        first = (
            f"{self._address(kind, select)}&$deltaToken=latest"  # Graph's own spelling (facts, 3.6)
        )
        return self._page(kind, link or first)

    def changes(self, kind: KindName, link: str) -> RowPage[Record]:
        answer = self._pages.send("GET", link, headers=MINIMAL)
        if _is_expired(answer):
            raise LinkExpired("Microsoft Graph wants everything to be read again.")
        return _believed(kind, self._pages.kept(link, answer, PATHS[kind], _RECORDS))

    def records(
        self, kind: KindName, ids: Sequence[str], select: Sequence[str], link: str | None
    ) -> RowPage[Record]:
        wanted = " or ".join(f"id eq {_literal(each)}" for each in ids[:RECORDS])
        first = f"{self._address(kind, select)}&$filter={quote(wanted, safe='')}"
        return self._page(kind, link or first)

    def _address(self, kind: KindName, select: Sequence[str]) -> str:
        return f"{self._pages.base}/{PATHS[kind]}/delta?{selecting(select)}"

    def _page(self, kind: KindName, url: str) -> RowPage[Record]:
        answer = self._pages.send("GET", url)
        if answer.status in NOT_PLAYED:
            raise NoFeed("Microsoft Graph does not tell this.")
        return _believed(kind, self._pages.kept(url, answer, PATHS[kind], _RECORDS))


def _believed(kind: KindName, page: RowPage[dict[str, Any]]) -> RowPage[Record]:
    """The page, each of its records in the shape of the kind's row. Raises ServiceFailed."""
    try:
        for record in page.value:
            msgspec.convert(record, ROWS[kind])
    except msgspec.ValidationError:
        # Its text quotes what was sent, people included: it goes nowhere.
        raise ServiceFailed("Microsoft Graph answered in a shape that is not known.") from None
    return RowPage(list(page.value), page.next_link, page.delta_link)


def _is_expired(answer: Answer) -> bool:
    if not 400 <= answer.status < 500:
        return False
    if answer.status not in OF_THE_CALLER:
        return True
    try:
        return _REFUSALS.decode(answer.body).error.code.lower() in LOST
    except msgspec.MsgspecError:
        return False


def _literal(text: str) -> str:
    """A text in OData; the quote is doubled."""
    return "'" + text.replace("'", "''") + "'"
