"""Samples of what a preview plans, record by record, with the reason. Pure, and bounded.

They hold names, so they rest sealed in the customer's own Jira, for an hour, and nowhere else.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, Protocol, get_args

from app.imports.kinds.table import KindName
from app.instances.reference import stamp
from app.kept import PREVIEW_SAMPLES
from app.words import Json

Action = Literal["create", "update", "leavers", "skipped"]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
MOST_OF_A_SORT: Final = 50  # of one kind and action
# Sealed and as base64 it has to fit into the 30,000 characters of a property.
MOST_BYTES: Final = 22_000
MOST_INFLATED: Final = 4 * 1024 * 1024
LONGEST_NAME: Final = 120
Sort = tuple[KindName, Action]


@dataclass(frozen=True)
class Sample:
    """One record as planned. `code` is of app.imports.planning.sample_reasons.

    `changes` and `clears` are names of attributes, never their values.
    """

    entra_id: str
    name: str
    code: str
    changes: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()


@dataclass
class Samples:
    """`totals` counts every record, `taken` holds the first ones of each kind and action."""

    totals: Counter[Sort] = field(default_factory=Counter)
    taken: dict[Sort, list[Sample]] = field(default_factory=dict)

    def wants(self, kind: KindName, action: Action) -> bool:
        return len(self.taken.get((kind, action), ())) < MOST_OF_A_SORT

    def take(self, kind: KindName, action: Action, sample: Sample) -> None:
        """Keep one more. What there is no room for is dropped."""
        if self.wants(kind, action):
            self.taken.setdefault((kind, action), []).append(sample)


class SampleStore(Protocol):
    """The sealed document `preview-samples` in this instance's own site storage."""

    def read(self) -> bytes | None: ...

    def write(self, content: bytes) -> None: ...

    def forget(self) -> None: ...


def packed(samples: Samples, run_id: str, now: datetime) -> bytes:
    """The samples as they are sealed: fewer of each sort where they would not fit."""
    most = MOST_OF_A_SORT
    while True:
        content = {
            "run": run_id,
            "until": stamp(now + PREVIEW_SAMPLES),
            "totals": [[*sort, count] for sort, count in samples.totals.items()],
            "records": [
                row for sort, some in samples.taken.items() for row in _rows(sort, some[:most])
            ],
        }
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        made = zlib.compress(text.encode("utf-8", "replace"), 9)
        if len(made) <= MOST_BYTES or most == 0:
            return made
        most = most * 3 // 4


def _rows(sort: Sort, some: Iterable[Sample]) -> Iterator[list[Any]]:
    for each in some:
        name = each.name[:LONGEST_NAME]
        yield [*sort, each.entra_id, name, each.code, [*each.changes], [*each.clears]]


@dataclass(frozen=True)
class Kept:
    """What was sealed, opened again. `records` follow the order in which they were planned."""

    run_id: str
    until: str
    totals: Mapping[Sort, int]
    records: tuple[tuple[Sort, Sample], ...]


def unpacked(content: bytes | None, now: datetime) -> Kept | None:
    """None where there is nothing, its hour is over, or another version wrote it."""
    if not content:
        return None
    try:
        inflated = zlib.decompressobj().decompress(content, MOST_INFLATED)
        return _kept(json.loads(inflated), now)
    except (zlib.error, ValueError, TypeError, KeyError):
        return None


def _kept(found: Json, now: datetime) -> Kept | None:
    until = str(found["until"])
    # A later time than our own rule gives is none of ours.
    if not stamp(now) < until <= stamp(now + PREVIEW_SAMPLES):
        return None
    totals: dict[Sort, int] = {(kind, action): int(n) for kind, action, n in found["totals"]}
    records: list[tuple[Sort, Sample]] = [
        ((kind, action), Sample(entra_id, name, code, tuple(changes), tuple(clears)))
        for kind, action, entra_id, name, code, changes, clears in found["records"]
    ]
    return Kept(str(found["run"]), until, totals, tuple(records))
