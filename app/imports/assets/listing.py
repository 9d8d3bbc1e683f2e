"""The pages of one AQL query. Assets may give fewer objects than asked for, and repeat some."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from functools import partial
from typing import Final

from app.imports.run.patience import Steps
from app.imports.run.work import Work
from app.inventory import AssetObject, Page

PAGE: Final = 500
AT_ONCE: Final = 4  # pages under way or waiting to be taken; so many are in memory at most


def quoted(name: str) -> str:
    """A name or value in AQL. Backslash first, then the quote (facts, 1.9)."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def every_one(work: Work, query: str, name: str) -> Steps[Listing]:
    """All objects of a query by a quoted attribute name, counted first. Raises RunEnds."""
    total = yield from work.patience.call("assets", lambda: work.assets.count(query))
    return Listing(work, f"{query} ORDER BY {name} ASC", total)


class Listing:
    """`next` gives the objects of the next page, None after the last. Raises RunEnds.

    `total` is how many there are, as far as it is known: pages within it are asked for ahead.
    """

    def __init__(self, work: Work, query: str, total: int = 0) -> None:
        self._work = work
        self._query = query
        self._total = total
        self._start = 0
        self._over = False
        self._coming: deque[Future[Page]] = deque()
        self._reached = 0  # what is asked for ahead ends here
        self._size = 0  # of each page asked for ahead; 0: none is

    def next(self) -> Steps[tuple[AssetObject, ...] | None]:
        if self._over:
            return None
        page = yield from self._work.patience.call("assets", self._take)
        self._start += len(page.objects)
        self._over = page.last or not page.objects
        if self._over:
            self._forget()
        else:
            self._ask_ahead(len(page.objects))
        return page.objects

    def _take(self) -> Page:
        if not self._coming:
            self._size = 0
            return self._work.assets.search(self._query, self._start, PAGE)
        try:
            return self._coming.popleft().result()
        except Exception:
            # Whatever it was, asking to wait above all, holds for those behind it too.
            self._forget()
            raise

    def _ask_ahead(self, size: int) -> None:
        """`size` is the last page's: as much as Assets is ready to give."""
        if self._size and size != self._size:
            self._forget()  # what is under way does not join on to what came
            return
        if not self._size:
            self._size, self._reached = size, self._start
        while self._work.ahead and len(self._coming) < AT_ONCE and self._reached < self._total:
            fetch = partial(self._work.assets.search, self._query, self._reached, size)
            self._coming.append(self._work.patience.beside(self._work.ahead, fetch))
            self._reached += size

    def _forget(self) -> None:
        for each in self._coming:
            each.cancel()
        self._coming.clear()
        self._size = 0
