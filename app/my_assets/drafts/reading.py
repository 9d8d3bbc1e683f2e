"""Reads objects for a count: page by page, until the end, the most pages, or the time is up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from app.inventory import AssetObject
from app.my_assets.asking import PAGE_SIZE, Questions

MOST_PAGES: Final = 6
GoOn = Callable[[], bool]  # whether there is time for another call


@dataclass(frozen=True)
class Stretch:
    """Each object once. `complete`: there is no more of it."""

    objects: tuple[AssetObject, ...] = field(repr=False)
    complete: bool


NOTHING: Final = Stretch((), complete=True)


def read_stretch(questions: Questions, aql: str, go_on: GoOn) -> Stretch:
    """Raises the service errors of Assets."""
    found: dict[str, AssetObject] = {}
    start = 0
    for _ in range(MOST_PAGES):
        if not go_on():
            break
        page = questions.ask(aql, start, PAGE_SIZE)
        found |= {one.id: one for one in page.objects}
        start += len(page.objects)
        if page.last or not page.objects:
            return Stretch(tuple(found.values()), complete=True)
    return Stretch(tuple(found.values()), complete=False)
