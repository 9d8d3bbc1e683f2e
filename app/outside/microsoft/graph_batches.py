"""Many small questions to Microsoft Graph in one `$batch`, and its answers told apart.

What an item told is kept, whatever became of the others: only those are asked for again, after the
longest wait that one of them wants.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

import msgspec

from app.errors import ServiceFailed, SlowDown
from app.imports.kinds.records import Pointer, RowPage
from app.outside.answers import seconds_to_wait
from app.outside.http import Answer
from app.outside.microsoft.graph_answers import check, decoded
from app.words import Json

BATCH: Final = 20
OWNER_FIELDS: Final = "id"


class _Item(msgspec.Struct):
    id: str
    status: int
    headers: dict[str, str] = {}
    body: msgspec.Raw = msgspec.Raw(b"null")


class _Batch(msgspec.Struct):
    responses: list[_Item]


_BATCHES: Final = msgspec.json.Decoder(_Batch)


def owners_asked(device_ids: Sequence[str]) -> Json:
    """The body that asks for the registered owners of these devices."""
    return {
        "requests": [
            {
                "id": str(place),
                "method": "GET",
                "url": f"/devices/{quote(each, safe='')}/registeredOwners?$select={OWNER_FIELDS}",
            }
            for place, each in enumerate(device_ids)
        ]
    }


def owners_told(
    device_ids: Sequence[str],
    answer: Answer,
    decoder: msgspec.json.Decoder[RowPage[Pointer]],
    told: dict[str, list[Pointer]],
) -> None:
    """Add the owners by device. A device that is gone by now has none. Raises as GraphReader."""
    # 424 says that items were throttled (facts, 3.9): the items then say more.
    if answer.status != 424:
        check(answer, "devices")
    items = {item.id: item for item in decoded(answer, _BATCHES).responses}
    answers = {
        each: _item_answer(items[str(place)])
        for place, each in enumerate(device_ids)
        if str(place) in items
    }
    for each, item in answers.items():
        if item.status in (200, 404):
            told[each] = [] if item.status == 404 else decoded(item, decoder).value
    _check_items(list(answers.values()))
    if len(answers) < len(device_ids):
        raise ServiceFailed("Microsoft Graph left out an answer of a batch.")


def _item_answer(item: _Item) -> Answer:
    headers = {name.lower(): value for name, value in item.headers.items()}
    return Answer(item.status, headers, bytes(item.body))


def _check_items(answers: Sequence[Answer]) -> None:
    """Raise the longest wait that an item asks for, or else the first failure."""
    throttled = [each for each in answers if each.status == 429]
    if throttled:
        waits = [wait for each in throttled if (wait := seconds_to_wait(each)) is not None]
        raise SlowDown("Microsoft Graph asked to wait.", retry_after=max(waits, default=None))
    for each in answers:
        if each.status != 404:
            check(each, "devices")
