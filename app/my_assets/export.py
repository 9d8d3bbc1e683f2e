"""The viewer's rows as a file: CSV that a spreadsheet never runs, or JSON as the list has it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from app.instances.reference import stamp
from app.my_assets.inert import inert
from app.my_assets.query import Format
from app.my_assets.rows import Row

FIXED: Final = ("object_key", "label", "object_type", "schema", "updated_at")


@dataclass(frozen=True)
class Export:
    filename: str
    content_type: str
    content: str = field(repr=False)  # to be sent as UTF-8


def write_export(rows: Sequence[Row], wanted: Format, as_of: datetime) -> Export:
    filename = f"my-assets-{as_of:%Y-%m-%d}.{wanted}"
    if wanted == "csv":
        return Export(filename, "text/csv; charset=utf-8", _csv(rows))
    told = {
        "assets": [row.as_json() for row in rows],
        "total": len(rows),
        "as_of": stamp(as_of),
    }
    return Export(filename, "application/json", json.dumps(told, ensure_ascii=False))


def _csv(rows: Sequence[Row]) -> str:
    told = [row.as_json() for row in rows]
    names = sorted({one["name"] for row in told for one in row["attributes"]})
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(map(inert, (*FIXED, *names)))
    for row in told:
        # Each value alone, before they stand side by side: the `;` between them may split a cell.
        texts = {one["name"]: "; ".join(map(inert, one["values"])) for one in row["attributes"]}
        fixed = (
            row["object_key"],
            row["label"],
            row["object_type"]["name"],
            row["schema"]["name"],
            row["updated_at"],
        )
        writer.writerow([*map(inert, fixed), *(texts.get(name, "") for name in names)])
    return written.getvalue()
