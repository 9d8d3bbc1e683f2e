"""Makes whole records of partial ones: each object is read by its id, what was told laid over it.

So nothing is concluded from what a change leaves out, and filters judge the whole record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from app.imports.entra.pages import Pages
from app.imports.entra.told import REMOVED, Told
from app.imports.kinds.records import RowPage
from app.imports.kinds.table import KindName
from app.imports.run.feed import RECORDS, Feed, NoFeed, Record
from app.imports.run.patience import Steps
from app.imports.run.ways import ReadsAll
from app.imports.run.work import Work

# What each object has from its first day.
ALWAYS_SET: Final[Mapping[KindName, tuple[str, ...]]] = {
    "person": ("userPrincipalName",),
    "group": ("displayName",),
    "device": ("displayName",),
}


def is_new(kind: KindName, whole: Record, told: Record) -> bool:
    """Whether an object is new to Entra ID: the change names all that is set of it.

    Graph is asked for what changed only. Where it names everything anyway, all look new.
    """
    names = {name for name, value in whole.items() if value is not None and "@" not in name}
    return names <= told.keys() and all(told.get(name) for name in ALWAYS_SET[kind])


def read_whole(
    work: Work, feed: Feed, kind: KindName, ids: Iterable[str], select: Sequence[str]
) -> Steps[dict[str, Record]]:
    """The present records of these, by id; who is gone is not among them. Raises ReadsAll."""
    waiting, found = {each.casefold() for each in ids}, dict[str, Record]()
    while waiting:
        asked = sorted(waiting)[:RECORDS]
        came = yield from _some(work, feed, kind, asked, select)
        # A service that does not filter gives everybody: then nobody has to be asked for again.
        found.update({key: one for key, one in came.items() if key.casefold() in waiting})
        waiting -= {*asked, *(key.casefold() for key in came)}
    return {key: record for key, record in found.items() if record.get(REMOVED) is None}


def _some(
    work: Work, feed: Feed, kind: KindName, ids: Sequence[str], select: Sequence[str]
) -> Steps[dict[str, Record]]:
    def fetch(link: str | None) -> RowPage[Record]:
        try:
            return feed.records(kind, ids, select, link)
        except NoFeed:
            raise ReadsAll("untold") from None

    pages, found = Pages(work.patience, fetch, work.ahead), dict[str, Record]()
    while (page := (yield from pages.next())) is not None:
        found.update({str(record["id"]): record for record in page.value})
    return found


def laid_over(kind: KindName, whole: Mapping[str, Record], told: Told) -> dict[str, Record]:
    """The whole records, with what was told over them: an object may be read from a place that
    does not know of the change yet. Who was not found counts if what was told is of a new one."""
    merged: dict[str, Record] = {
        key: {**record, **told.named.get(key, {})} for key, record in whole.items()
    }
    for key, named in told.named.items():
        if key not in merged and is_new(kind, {}, named):
            merged[key] = named
    return merged
