"""What Graph tells of changes of one kind, page by page: the last word on each object counts.

Only what a record names is known of it. Members are kept apart: they come in pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from app.imports.entra.pages import Pages
from app.imports.kinds.records import RowPage
from app.imports.kinds.table import KindName
from app.imports.run.feed import Feed, LinkExpired, Record
from app.imports.run.patience import Steps
from app.imports.run.ways import ReadsAll
from app.imports.run.work import Work

MOST: Final = 5_000  # objects and members of one kind; beyond, a full read is quicker
REMOVED: Final = "@removed"
MEMBERS: Final = "members@delta"


class Told:
    """`named` holds what changed by id, `removed` who is gone, `members` the word on each."""

    def __init__(self) -> None:
        self.named: dict[str, dict[str, Any]] = {}
        self.removed: set[str] = set()
        self.members: dict[str, dict[str, Record]] = {}
        self.link = ""

    @property
    def size(self) -> int:
        members = sum(map(len, self.members.values()))
        return len(self.named) + len(self.removed) + members

    def take(self, records: Sequence[Record]) -> None:
        for record in records:
            entra_id = str(record["id"])
            if record.get(REMOVED) is not None:
                self.named.pop(entra_id, None)
                self.members.pop(entra_id, None)
                self.removed.add(entra_id)
                continue
            self.removed.discard(entra_id)
            named = dict(record)
            pieces = named.pop(MEMBERS, None) or []
            self.named[entra_id] = {**self.named.get(entra_id, {}), **named}
            if pieces:
                members = self.members.setdefault(entra_id, {})
                members.update({one["id"]: one for one in pieces})


def read_told(work: Work, feed: Feed, kind: KindName, link: str) -> Steps[Told]:
    """All pages since the link. Raises ReadsAll, RunEnds."""

    def fetch(page: str | None) -> RowPage[Record]:
        try:
            return feed.changes(kind, page or link)
        except LinkExpired:
            raise ReadsAll("expired") from None

    pages, told = Pages(work.patience, fetch, work.ahead), Told()
    while (page := (yield from pages.next())) is not None:
        told.take(page.value)
        work.report.advance(len(page.value) or 1)
        if told.size > MOST:
            raise ReadsAll("many")
        told.link = page.delta_link or ""
    if not told.link:
        raise ReadsAll("untold")  # cut short: whatever else changed is not known
    return told
