"""The receipts that the desk hands out: from the folder, or for sixty days from a tombstone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.errors import NotThere
from app.goodbye.references import References, is_over, receipt_name
from app.instances.reference import InstanceReference
from app.vendor_desk.services import Receipts
from app.words import InstanceId

_NAME: Final = re.compile(r"(?P<instance_id>[0-9a-f]{32})-(?P<generation>[A-Za-z0-9-]{1,64})\.json")


@dataclass(frozen=True, order=True)
class Kept:
    """One receipt: of this instance, of this life of it."""

    instance_id: str
    generation: str


def kept(folder: Receipts, table: References, now: datetime, find: str) -> list[Kept]:
    """Those whose instance id has this piece in it. Raises ServiceUnreachable."""
    names = {*folder.names(), *(receipt_name(each) for each in _stones(table, now))}
    shaped = (_NAME.fullmatch(name) for name in names)
    found = (Kept(name["instance_id"], name["generation"]) for name in shaped if name)
    return sorted(each for each in found if find in each.instance_id)


def text_of(
    folder: Receipts, table: References, now: datetime, instance_id: str, generation: str
) -> tuple[str, str]:
    """The file's name and its text, as it was signed. Raises NotThere, ServiceUnreachable."""
    name = f"{instance_id}-{generation}.json"
    if not _NAME.fullmatch(name):
        raise NotThere
    text = folder.read(name)
    if text is None:
        stone = table.read(InstanceId(instance_id))
        alive = stone is not None and stone.generation == generation and not is_over(stone, now)
        text = stone.receipt if stone is not None and alive else None
    if text is None:
        raise NotThere("There is no such receipt.")
    return name, text


def _stones(table: References, now: datetime) -> Iterator[InstanceReference]:
    return (each for each in table.all() if each.receipt is not None and not is_over(each, now))
