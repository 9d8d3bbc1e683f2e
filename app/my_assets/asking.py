"""Questions to Assets within one request: counted, and their refusals told as what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from app.errors import (
    NotAllowed,
    NotThere,
    ServiceFailed,
    ServiceTimedOut,
    ServiceUnreachable,
)
from app.inventory import Page
from app.my_assets.ports import Assets
from app.said import Sentence

MAY_NOT_READ: Final = Sentence(
    "mine.may_not_read",
    "The saved Assets account may not read Assets. An administrator can check it.",
)

MOST_CALLS: Final = 3  # AQL calls a page may make (contract, calls)
PAGE_SIZE: Final = 500


@contextmanager
def believed() -> Iterator[None]:
    """A 403 or 404 of Assets is about the saved account, not about the viewer."""
    try:
        yield
    except (NotAllowed, NotThere):
        raise ServiceFailed(MAY_NOT_READ()) from None


class Questions:
    """AQL calls of one request. `left` never goes below zero: a call too many is a bug."""

    def __init__(self, assets: Assets, most: int, on_failure: Callable[[], None]) -> None:
        """`on_failure` is told of a question that Assets did not take."""
        self._assets = assets
        self.left = most
        self._on_failure = on_failure

    def ask(self, aql: str, start_at: int = 0, limit: int = PAGE_SIZE) -> Page:
        if self.left < 1:
            raise RuntimeError("a page asked Assets too often")
        self.left -= 1
        try:
            with believed():
                return self._assets.search(aql, start_at, limit)
        except (ServiceUnreachable, ServiceTimedOut):
            raise
        except ServiceFailed:
            self._on_failure()
            raise
