"""The pages of one AQL query. Assets may give fewer objects than asked for, and repeat some."""

from __future__ import annotations

from typing import Final

from app.imports.patience import Steps
from app.imports.work import Work
from app.inventory import AssetObject

PAGE: Final = 500


def quoted(name: str) -> str:
    """A name or value in AQL. Backslash first, then the quote (facts, 1.9)."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class Listing:
    """`next` gives the objects of the next page, None after the last. Raises RunEnds."""

    def __init__(self, work: Work, query: str) -> None:
        self._work = work
        self._query = query
        self._start = 0
        self._over = False

    def next(self) -> Steps[tuple[AssetObject, ...] | None]:
        if self._over:
            return None
        page = yield from self._work.patience.call(
            "assets", lambda: self._work.assets.search(self._query, self._start, PAGE)
        )
        self._start += len(page.objects)
        self._over = page.last or not page.objects
        return page.objects
