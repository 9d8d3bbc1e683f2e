"""`my-assets vendor instances`: the list of references, for people or for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from app.goodbye.references import rows
from app.outside.aws.dynamodb import DynamoInstanceTable
from app.settings import Settings
from app.wiring.aws import aws_clients
from app.wiring.clock import utc_now
from app.words import Json

_SHOWN: Final = (
    "instance_id", "door", "state", "base_url", "erase_due_at", "silent_since", "erased_at",
    "receipt",
)  # fmt: skip


def instances(settings: Settings, *, as_json: bool) -> int:
    """Print it: as a table, or whole as `{"instances": [...]}`."""
    table = DynamoInstanceTable(aws_clients(settings).dynamodb, settings.table)
    found = rows(table, utc_now())
    print(json.dumps({"instances": found}) if as_json else _as_table(found))  # noqa: T201
    return 0


def _as_table(found: Sequence[Json]) -> str:
    lines = [_SHOWN, *([str(each[name] or "-") for name in _SHOWN] for each in found)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_SHOWN))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
