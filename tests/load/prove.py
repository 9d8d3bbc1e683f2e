"""Plays the nights of the load proof: `python -m tests.load.prove` writes docs/evidence/load.md."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import boto3
from botocore.config import Config

from app import logs
from app.instances.table import InstanceTable
from app.outside.aws.bootstrap import create_table
from app.outside.aws.dynamodb import DynamoInstanceTable
from tests.load.bugs import BUGS
from tests.load.play import HOUR, Night, Played, play
from tests.load.truth import Delays, delays, untruths
from tests.stand_ins.dynamodb_local import DynamoDbLocal
from tests.stand_ins.table import InMemoryTable

PAPER: Final = Path(__file__).parents[2] / "docs/evidence/load.md"
BAD: Final = Night(
    20, hours=1, workers=2, troubled=0.25, throttled=(range(320, 420),),
    no_keys=(range(430, 460),), no_queue=(range(300, 315),), unruly=0.1, poisoned=3,
    kills=(350.0, 400.0), pressing=400.0,
)  # fmt: skip
WORSE: Final = replace(
    BAD, instances=60, hours=2, workers=3, throttled=(range(320, 420), range(3990, 4050))
)
QUIET: Final = Night(1000, hours=1, pressing=400.0)
TROUBLED: Final = replace(QUIET, troubled=0.1)
BLACK: Final = replace(
    TROUBLED, throttled=(range(330, 450),), no_keys=(range(480, 540),), no_queue=(range(300, 330),),
    unruly=0.05, poisoned=50, kills=(360.0, 420.0, 500.0),
)  # fmt: skip
SEEDS: Final = 4
SEEDS_FOR_A_BUG: Final = 4
MOST_DELAY: Final = 2.0  # how much longer others may wait where one in ten is in trouble


@dataclass(frozen=True)
class Told:
    """What one night came to."""

    name: str
    night: Night
    runs: int
    endings: Mapping[str, int]
    delays: Delays
    deliveries: int
    table_calls: int
    found: tuple[str, ...]


@contextmanager
def dynamodb() -> Iterator[InstanceTable]:
    """A fresh table on Amazon's own engine."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        os.environ.setdefault(name, "testing")
    with DynamoDbLocal() as url:
        config = Config(max_pool_connections=64)
        client = boto3.client(
            "dynamodb", endpoint_url=url, region_name="eu-central-1", config=config
        )
        create_table(client, "load", protected=False)
        yield DynamoInstanceTable(client, "load")


def told(name: str, night: Night, table: InstanceTable | None = None) -> Told:
    with logs_off():
        return _of(name, play(night, table or InMemoryTable()))


@contextmanager
def logs_off() -> Iterator[None]:
    """A thousand instances in trouble say a lot."""
    with Path(os.devnull).open("w") as nowhere:
        logs.configure("CRITICAL", nowhere)
        yield


def _of(name: str, played: Played) -> Told:
    fates = played.table.fates.values()
    endings = Counter(" ".join(filter(None, each.endings[0][1:])) for each in fates if each.endings)
    return Told(
        name, played.night, len(fates), endings, delays(played), played.queue.deliveries,
        played.table.calls, tuple(untruths(played)),
    )  # fmt: skip


def on_the_engine(name: str, night: Night) -> Told:
    with dynamodb() as table:
        return told(name, night, table)


def seeded(seed: int) -> Told:
    return told(f"seed {seed}", replace(WORSE, seed=seed))


def bug_found(bug: str) -> tuple[int, str] | None:
    """How many nights it takes to find this planted bug, and what was seen; None: not found."""
    for seed in range(SEEDS_FOR_A_BUG):
        with BUGS[bug]():
            try:
                found = told(bug, replace(BAD, seed=seed)).found
            except Exception as fault:  # noqa: BLE001 - a process that ends is found, too
                found = (f"a process ended with {type(fault).__name__}",)
        if found:
            return seed + 1, found[0]
    return None


def main() -> int:
    started, begun = time.monotonic(), datetime.now(UTC)
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        black = pool.submit(on_the_engine, "black, on DynamoDB Local", BLACK)
        quiet = pool.submit(told, "quiet", QUIET)
        troubled = pool.submit(told, "one in ten in trouble", TROUBLED)
        seeds = list(pool.map(seeded, range(1, SEEDS + 1)))
        bugs = dict(zip(BUGS, pool.map(bug_found, BUGS), strict=True))
        nights = [quiet.result(), troubled.result(), black.result(), *seeds]
    PAPER.parent.mkdir(parents=True, exist_ok=True)
    PAPER.write_text(_paper(nights, bugs, begun, time.monotonic() - started))
    wrong = [f"{each.name}: {found}" for each in nights for found in each.found]
    wrong += [f"not found: {bug}" for bug, found in bugs.items() if found is None]
    ratio = nights[1].delays.p95 / nights[0].delays.p95
    wrong += [f"others waited {ratio:.2f} times as long"] if ratio > MOST_DELAY else []
    print("\n".join(wrong[:40]), file=sys.stderr)
    return 1 if wrong else 0


def _paper(
    nights: list[Told], bugs: Mapping[str, tuple[int, str] | None], begun: datetime, seconds: float
) -> str:
    quiet, troubled = nights[0].delays, nights[1].delays
    return "\n".join(
        (
            "# A night of scheduled imports\n",
            f"Written by `make prove` on {begun:%Y-%m-%d}, in {seconds:,.0f} seconds.",
            "`python -m tests.load.prove` repeats it; the gate plays a slice of it.\n",
            _PLAYED,
            f"| {' | '.join(_COLUMNS)} |",
            "|---|---|---|---|---|---|---|---|",
            *(_row(each) for each in nights),
            f"\n{_WAITED.format(troubled.p95 / quiet.p95, MOST_DELAY)}",
            _LOOKED_FOR,
            "## What was untrue",
            *([f"- {e.name}: {found}" for e in nights for found in e.found] or ["Nothing."]),
            "\n## Planted bugs",
            "Each was planted alone. The number is how many nights it took to find it.\n",
            "| planted | nights | first seen as |",
            "|---|---|---|",
            *(
                f"| {bug} | {found[0]} | {found[1]} |" if found else f"| {bug} | not found | |"
                for bug, found in bugs.items()
            ),
            "",
        )
    )


def _row(each: Told) -> str:
    ends = ", ".join(f"{count:,} {name}" for name, count in sorted(each.endings.items()))
    waited = each.delays
    return (
        f"| {each.name} | {each.night.seed} | {each.night.instances:,} | {each.runs:,} | {ends} |"
        f" {each.deliveries:,} | {each.table_calls:,} |"
        f" {waited.median:,.0f}, {waited.p95:,.0f}, {waited.longest:,.0f} |"
    )


_COLUMNS: Final = (
    "night", "seed", "instances", "runs", "ends", "deliveries", "calls of the table",
    "median, 95 %, longest (s)",
)  # fmt: skip
_WAITED: Final = """\
One in ten in trouble: the other nine waited {:.2f} times as long (95 %) as in the quiet night;
{} times is the most that holds.
"""
_PLAYED: Final = f"""\
The scheduler, the queue's runners and the workers of the app, with their real vaults and sealed
settings, import for many instances in made-up time: one thread runs at a time, and when all wait
the clock jumps, so that {HOUR:,.0f} seconds pass in a few and a seed plays the same again. Four
worker processes have eight slots each; every instance has five to thirteen people, a group and four
devices, and all imports are due in the same minute. Calls take as long as such calls may: Graph
0.3 to 1.2 s, Assets 0.1 to 0.8 s, a service that is silent 30 s.

One in ten in trouble: a Jira that is silent, a Graph that is silent, a Graph that throttles, an
administrator who presses "Import now" every fifteen seconds, a bug that only this instance meets.
In the black night and in those of the seeds, besides: nine of ten calls of the table are throttled
for one to two minutes, one in three of those after it took effect; KMS is away for up to a minute,
the queue for half a minute; messages come twice, before one another, and as poison; workers are
killed at any call. The stand-in queue enforces what SQS FIFO enforces; the table is DynamoDB Local
in the black night and the strict stand-in in the others.
"""
_LOOKED_FOR: Final = """\
Looked for in each night: every run that the table accepted ended, once, and a failed one says why;
an instance with no trouble of its own had exactly one scheduled run for each due time, and it
succeeded; no due time moved twice; Assets holds each person, device and group of the directory
once; every change was written by one execution; nothing became a dead letter.
"""

if __name__ == "__main__":
    sys.exit(main())
