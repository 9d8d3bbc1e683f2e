"""`my-assets vendor rights`: what is held of a person or an instance, and what is done about it.

Words about a person come by standard input: an argument would stand in the shell's history.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from app.goodbye.references import reference_of
from app.goodbye.rights import Right, Store, about_instance, about_person
from app.goodbye.rights_texts import SCHEMA
from app.goodbye.search import SHORTEST
from app.outside.aws.dynamodb import KEY, DynamoInstanceTable
from app.outside.aws.housekeeping import every_item
from app.settings import Settings
from app.wiring.aws import aws_clients
from app.wiring.clock import utc_now
from app.wiring.goodbye import bucket
from app.wiring.tables import pinned_table
from app.words import Json


def schema() -> int:
    """Print the schema of every answer."""
    return _print(SCHEMA)


def rights_of_person(
    settings: Settings, right: Right, receipts: str, received: datetime | None
) -> int:
    """0: nothing is held. 1: something was found, and the answer names where.

    Raises LookupError: no word to look for, or one too short to mean anybody.
    """
    words = [line.strip() for line in sys.stdin.read().splitlines() if line.strip()]
    if not words or any(len(word) < SHORTEST for word in words):
        raise LookupError(f"Give words of {SHORTEST} characters or more on standard input.")
    now = utc_now()
    answer = about_person(right, words, _stores(settings, receipts), received or now, now)
    _print(answer)
    if answer["outcome"] == "held":
        print("Something was found: see the runbook on rights.", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def rights_of_instance(
    settings: Settings, right: Right, instance_id: str, received: datetime | None
) -> int:
    """0: answered. Raises NotThere, and AnotherRegion."""
    aws, now = aws_clients(settings), utc_now()
    # Deleting writes; every other right only looks, wherever the reference belongs.
    whole = DynamoInstanceTable(aws.dynamodb, settings.table)
    table = pinned_table(settings, aws) if right == "delete" else whole
    found = reference_of(table, instance_id, now)
    return _print(about_instance(right, found, table, received or now, now))


def _stores(settings: Settings, receipts: str) -> Iterator[Store]:
    """Everything that lies with the vendor and can be read at all."""
    items = every_item(aws_clients(settings).dynamodb, settings.table)
    yield "instance table", ((str(item[KEY]), item) for item in items)
    yield "receipts", chain(_files(Path(receipts)), _objects(settings))


def _files(folder: Path) -> Iterator[tuple[str, Any]]:
    """Every file in it, however deep. Raises LookupError: one of them cannot be read."""
    for file in sorted(each for each in folder.rglob("*") if not each.is_dir()):
        name = str(file.relative_to(folder))
        try:
            yield name, [name, file.read_text(errors="replace")]
        except OSError:
            raise LookupError(f"{file}: cannot be read.") from None


def _objects(settings: Settings) -> Iterator[tuple[str, Any]]:
    """Those of the bucket, where there is one. Raises ServiceUnreachable."""
    if settings.receipts_bucket is not None:
        kept = bucket(settings)
        for name in kept.names():
            yield name, [name, kept.read(name)]


def _print(answer: Json) -> int:
    print(json.dumps(answer, indent=2, ensure_ascii=False))  # noqa: T201 - the result
    return 0
