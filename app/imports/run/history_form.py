"""The records of runs as bytes: column by column, so that 28 days of hourly runs fit. Pure.

The values of one field lie side by side, and numbers that hardly move are told as the step from a
neighbour. Ids, which nothing makes shorter, follow as they are, sixteen bytes each. So a record
takes about half of what it needs alone.
"""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from app.instances.reference import stamp
from app.words import Json

FORM: Final = 2
MOST_INFLATED: Final = 4 * 1024 * 1024
ABSENT: Final[list[Any]] = []  # no value of a record is an empty list
_TIMES: Final = ("started_at", "updated_at", "ended_at")
# A number → the one of the same record that it is told from, the last ones first.
_NEAR: Final[Mapping[str, str]] = {
    "ended_at": "updated_at",
    "updated_at": "started_at",
    "progress.total": "progress.done",
}
# Told from the record before.
_ALONG: Final = ("started_at", "progress.done", "counts.unchanged")
_ID: Final = re.compile(r"[0-9a-f]{32}")
_UNREADABLE: Final = (
    zlib.error, struct.error, ValueError, TypeError, KeyError, AttributeError, OverflowError,
    OSError,
)  # fmt: skip
_NESTED: Final = ("counts", "progress")


def packed(records: Sequence[Json]) -> bytes:
    """Every field of every record, none lost."""
    rows = [_flat(each) for each in records]
    ids = b""
    if all(_ID.fullmatch(str(row.get("id"))) for row in rows):
        ids = b"".join(bytes.fromhex(row.pop("id")) for row in rows)
    _tell_steps(rows)
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: [row.get(name, ABSENT) for row in rows] for name in names}
    text = json.dumps({"form": FORM, "columns": columns}, separators=(",", ":"))
    return zlib.compress(text.encode(), 9) + ids


def unpacked(content: bytes) -> list[Json]:
    """The records; none where the bytes are not what `packed` makes."""
    try:
        inflater = zlib.decompressobj()
        found = json.loads(inflater.decompress(content, MOST_INFLATED))
        columns = found["columns"] if found["form"] == FORM else {}
        if ids := inflater.unused_data:
            columns = {"id": [each.hex() for (each,) in struct.iter_unpack("16s", ids)], **columns}
        lines = zip(*columns.values(), strict=True)
        rows = [
            {name: value for name, value in zip(columns, line, strict=True) if value != ABSENT}
            for line in lines
        ]
        _take_steps(rows)
        return [_deep(row) for row in rows]
    except _UNREADABLE:
        return []


def _flat(record: Json) -> Json:
    row: Json = {}
    for name, value in record.items():
        if name in _NESTED:
            row |= {f"{name}.{inner}": each for inner, each in value.items()}
        else:
            row[name] = value
    return row


def _deep(row: Json) -> Json:
    record: Json = {}
    for name, value in row.items():
        outer, dot, inner = name.partition(".")
        if dot:
            record.setdefault(outer, {})[inner] = value
        else:
            record[name] = value
    return record


def _tell_steps(rows: Iterable[Json]) -> None:
    before = dict.fromkeys(_ALONG, 0)
    for row in rows:
        row |= {name: _seconds(row[name]) for name in _TIMES if row.get(name) is not None}
        for name, near in _NEAR.items():
            if row.get(name) is not None:
                row[name] -= row[near]
        for name in _ALONG:
            if name in row:
                row[name], before[name] = row[name] - before[name], row[name]


def _take_steps(rows: Iterable[Json]) -> None:
    before = dict.fromkeys(_ALONG, 0)
    for row in rows:
        for name in _ALONG:
            if name in row:
                before[name] = row[name] = row[name] + before[name]
        for name, near in reversed([*_NEAR.items()]):
            if row.get(name) is not None:
                row[name] += row[near]
        row |= {name: _moment(row[name]) for name in _TIMES if row.get(name) is not None}


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def _moment(seconds: int) -> str:
    return stamp(datetime.fromtimestamp(seconds, UTC))
