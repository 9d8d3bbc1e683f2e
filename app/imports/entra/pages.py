"""Pages of Graph one after the other, the next one fetched while this one is worked on.

At most one request is under way, and only after the run was seen to be still wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from typing import Generic

from app.imports.kinds.records import RowPage, RowType
from app.imports.run.patience import Patience, Steps


class Pages(Generic[RowType]):
    """`fetch(link)` gets one page; None asks for the first."""

    def __init__(
        self,
        patience: Patience,
        fetch: Callable[[str | None], RowPage[RowType]],
        ahead: Executor | None,
    ) -> None:
        self._patience = patience
        self._fetch = fetch
        self._ahead = ahead
        self._link: str | None = None
        self._over = False
        self._coming: Future[RowPage[RowType]] | None = None

    def next(self) -> Steps[RowPage[RowType] | None]:
        """The next page; None after the last. Raises RunEnds."""
        if self._over:
            return None
        page = yield from self._patience.call("graph", self._take)
        self._link = page.next_link
        self._over = page.next_link is None
        if self._ahead is not None and not self._over:
            fetch = partial(self._fetch, self._link)
            self._coming = self._patience.beside(self._ahead, fetch)
        return page

    def _take(self) -> RowPage[RowType]:
        coming, self._coming = self._coming, None
        return self._fetch(self._link) if coming is None else coming.result()
