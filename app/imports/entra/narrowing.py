"""Whom the filter's groups let in: their members, and those of the groups within, at 8 bytes each.

A group that cannot be read ends the run: it never means that nobody is in it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection

from app.errors import NotThere
from app.imports.entra.pages import Pages
from app.imports.kinds.entries import key_of
from app.imports.kinds.records import Pointer, RowPage
from app.imports.planning.memberships import short_key
from app.imports.run.additions import GROUP_NUMBER
from app.imports.run.patience import RunEnds, Steps
from app.imports.run.ports import Directory
from app.imports.run.work import Work


class Scope:
    """`people` are sorted short keys; None: no group is named, so everybody is in.

    `newcomers` are the Entra ids of those whom the reader of the scope wanted to know by name.
    """

    def __init__(self, people: array[int] | None = None, newcomers: Collection[str] = ()) -> None:
        self._people = people
        self.newcomers = newcomers

    def holds(self, entra_id: str) -> bool:
        return self.holds_key(key_of(entra_id))

    def holds_key(self, key: bytes) -> bool:
        if self._people is None:
            return True
        wanted = short_key(key)
        place = bisect_left(self._people, wanted)
        return place < len(self._people) and self._people[place] == wanted


def read_scope(
    work: Work, directory: Directory, is_new: Callable[[str], bool] = lambda _: False
) -> Steps[Scope]:
    """Raises RunEnds. `is_new` says which members to remember by name."""
    groups = list(dict.fromkeys(work.rules.filter.groups))
    if not groups:
        return Scope()
    found, newcomers = array("Q"), set[str]()
    for place, group_id in enumerate(groups, start=1):
        pages = _members(work, directory, group_id, place)
        while (page := (yield from pages.next())) is not None:
            there = [each.id for each in page.value if each.removed is None]
            found.extend(short_key(key_of(each)) for each in there)
            newcomers.update(filter(is_new, there))
        found = array("Q", sorted(set(found)))
    return Scope(found, newcomers)


def _members(work: Work, directory: Directory, group_id: str, place: int) -> Pages[Pointer]:
    def fetch(link: str | None) -> RowPage[Pointer]:
        try:
            return directory.members(group_id, link)
        except NotThere:
            # Not the id: somebody may have put in a person's.
            more = GROUP_NUMBER(place=place)
            raise RunEnds("filter_group_missing", more=more) from None

    return Pages(work.patience, fetch, work.ahead)
