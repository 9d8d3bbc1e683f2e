"""A page of an AQL answer, its objects one at a time.

As dictionaries a page of five hundred takes seven times its bytes, most of it icons and links that
nobody reads. So each object is opened alone, and gone before the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from app.errors import ServiceFailed
from app.outside.atlassian.assets_fields import record
from app.outside.http import Answer
from app.words import Json

_whole: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_rows: Final = msgspec.json.Decoder(list[msgspec.Raw])
_one: Final = msgspec.json.Decoder()
_UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def read_page(answer: Answer) -> tuple[Json, int, Iterator[Json]]:
    """Everything but the objects, how many there are, and the objects. Raises ServiceFailed."""
    try:
        parts = _whole.decode(answer.body)
        rows = _rows.decode(parts.pop("values", b""))
        rest = {name: _one.decode(part) for name, part in parts.items()}
    except _UNREADABLE:
        raise _unreadable() from None
    return rest, len(rows), map(_object, rows)


def _object(row: msgspec.Raw) -> Json:
    try:
        return record(_one.decode(row))
    except _UNREADABLE:
        raise _unreadable() from None


def _unreadable() -> ServiceFailed:
    return ServiceFailed("Assets answered in a shape that cannot be read.")
