"""Reads a stretch of the viewer's rows, by what Assets holds now if the catalogue turns out old.

Where no call is left for that, the stretch is empty and the next request reads it.
"""

from __future__ import annotations

from typing import Final

from app.errors import RequestRefused
from app.my_assets.asking import MOST_CALLS
from app.my_assets.cursor import Place
from app.my_assets.look import Look
from app.my_assets.query import Query
from app.my_assets.rows import Window, question_for_rows, read_window

_NOTHING: Final = Window((), None, 0)


def read_rows(look: Look, query: Query, place: Place) -> tuple[Look, Window]:
    """The stretch that is read, and the look it was read with. Raises the service errors."""
    try:
        return look, _read(look, query, place)
    except RequestRefused:  # the catalogue may name what Assets no longer has
        again = look.anew()
        if look.questions.left > 0:
            return again, _read(again, query, place)
        if place.offset or question_for_rows(again, query) == question_for_rows(look, query):
            raise
        # The very question was wrong: nothing of this stretch was read, so it is read next time.
        return again, Window((), place.start, 0)


def _read(look: Look, query: Query, place: Place) -> Window:
    aql_query = question_for_rows(look, query)
    if aql_query is None:
        return _NOTHING
    most = min(place.windows or MOST_CALLS, look.questions.left)
    return read_window(look.questions, aql_query, place.start, most)
