"""Plays the nights of the load proof: `python -m tests.load.prove` writes docs/evidence/load.md."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
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
from tests.load.paper import MOST_DELAY, Told, paper
from tests.load.play import Night, Played, play
from tests.load.truth import delays, untruths
from tests.stand_ins.dynamodb_local import DynamoDbLocal
from tests.stand_ins.table import InMemoryTable

PAPER: Final = Path(__file__).parents[2] / "docs/evidence/load.md"
BAD: Final = Night(
    20, hours=1, workers=2, troubled=0.25, throttled=(range(320, 420),),
    no_keys=(range(430, 460),), no_queue=(range(300, 315),), unruly=0.1, poisoned=3,
    kills=(350.0, 400.0), pressing=(0.0, 400.0),
)  # fmt: skip
WORSE: Final = replace(
    BAD, instances=60, hours=2, workers=3, throttled=(range(320, 420), range(3990, 4050)),
    freezes=((306.0, 50.0), (3906.0, 50.0)),
)  # fmt: skip
# Each goes on in the middle of the leg of whoever took its runs over: a leg is a quarter minute.
FROZEN: Final = Night(
    40, hours=1, workers=5, troubled=0.1, pressing=(240.0, 400.0),
    freezes=((303.0, 46.0), (310.0, 50.0), (317.0, 50.0)),
)  # fmt: skip
QUIET: Final = Night(1000, hours=1, pressing=(0.0, 400.0))
TROUBLED: Final = replace(QUIET, troubled=0.1)
BLACK: Final = replace(
    TROUBLED, throttled=(range(330, 450),), no_keys=(range(480, 540),), no_queue=(range(300, 330),),
    unruly=0.05, poisoned=50, kills=(360.0, 420.0, 500.0),
    # The later two at the end of the crowd: only then does anybody have a slot to take over with.
    freezes=((700.0, 60.0), (1150.0, 100.0), (1220.0, 90.0)),
)  # fmt: skip
SEEDS: Final = 4
SEEDS_FOR_A_BUG: Final = 4
FOR_A_BUG: Final = (BAD, FROZEN)


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
        name, played.night, len(fates), sum(each.taken > 1 for each in fates), endings,
        delays(played), played.queue.deliveries, played.table.calls, tuple(untruths(played)),
    )  # fmt: skip


def on_the_engine(name: str, night: Night) -> Told:
    with dynamodb() as table:
        return told(name, night, table)


def seeded(seed: int) -> Told:
    return told(f"seed {seed}", replace(WORSE, seed=seed))


def frozen(seed: int) -> Told:
    return told("workers that stand still", replace(FROZEN, seed=seed))


def bug_found(bug: str) -> tuple[int, str] | None:
    """How many nights it takes to find this planted bug, and what was seen; None: not found."""
    nights = (replace(night, seed=seed) for seed in range(SEEDS_FOR_A_BUG) for night in FOR_A_BUG)
    for number, night in enumerate(nights, start=1):
        with BUGS[bug]():
            try:
                found = told(bug, night).found
            except Exception as fault:  # noqa: BLE001 - a process that ends is found, too
                found = (f"a process ended with {type(fault).__name__}",)
        if found:
            return number, found[0]
    return None


def main() -> int:
    started, begun = time.monotonic(), datetime.now(UTC)
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        black = pool.submit(on_the_engine, "black, on DynamoDB Local", BLACK)
        quiet = pool.submit(told, "quiet", QUIET)
        troubled = pool.submit(told, "one in ten in trouble", TROUBLED)
        seeds = [*pool.map(seeded, range(1, SEEDS + 1)), *pool.map(frozen, range(1, SEEDS + 1))]
        bugs = dict(zip(BUGS, pool.map(bug_found, BUGS), strict=True))
        nights = [quiet.result(), troubled.result(), black.result(), *seeds]
    PAPER.parent.mkdir(parents=True, exist_ok=True)
    PAPER.write_text(paper(nights, bugs, begun, time.monotonic() - started))
    wrong = [f"{each.name}: {found}" for each in nights for found in each.found]
    wrong += [f"not found: {bug}" for bug, found in bugs.items() if found is None]
    ratio = nights[1].delays.p95 / nights[0].delays.p95
    wrong += [f"others waited {ratio:.2f} times as long"] if ratio > MOST_DELAY else []
    print("\n".join(wrong[:40]), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
