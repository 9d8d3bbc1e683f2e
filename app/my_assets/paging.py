"""Which rows of a stretch a page gives, and where the next page goes on. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.my_assets.cursor import Place
from app.my_assets.rows import Row, Window


def rows_from(rows: Sequence[Row], place: Place, limit: int) -> tuple[int, list[Row]]:
    """The rows after the last one given, and the index of the first of them."""
    first = min(place.offset, len(rows))
    if place.after:
        ids = [row.asset.id for row in rows]
        # A row that went away meanwhile moved the others up by one: rather one twice than one less.
        first = ids.index(place.after) + 1 if place.after in ids else max(0, first - 1)
    return first, list(rows[first : first + limit])


def next_place(
    place: Place, window: Window, rows: Sequence[Row], first: int, given: Sequence[Row]
) -> Place | None:
    """In this stretch, else at the start of the next one, else nowhere."""
    reached = first + len(given)
    if reached < len(rows):
        return replace(place, windows=window.pages, offset=reached, after=given[-1].asset.id)
    if window.next_start is not None:
        return Place(start=window.next_start, counted=place.counted + len(rows))
    return None
