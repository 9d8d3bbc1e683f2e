"""What the nights of the load proof came to, as the paper that is committed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tests.load.play import HOUR, Night
from tests.load.truth import Delays

MOST_DELAY: Final = 2.0  # how much longer others may wait where one in ten is in trouble


@dataclass(frozen=True)
class Told:
    """What one night came to."""

    name: str
    night: Night
    runs: int
    taken_again: int
    endings: Mapping[str, int]
    delays: Delays
    deliveries: int
    table_calls: int
    found: tuple[str, ...]


def paper(
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
            "|---" * len(_COLUMNS) + "|",
            *(_row(each) for each in nights),
            f"\n{_WAITED.format(troubled.p95 / quiet.p95, MOST_DELAY)}",
            _LOOKED_FOR,
            "## What was untrue",
            *([f"- {e.name}: {found}" for e in nights for found in e.found] or ["Nothing."]),
            "\n## Planted bugs",
            _PLANTED,
            "| planted | nights | first seen as |",
            "|---|---|---|",
            *(
                f"| {bug} | {found[0]} | {found[1]} |" if found else f"| {bug} | not found | |"
                for bug, found in bugs.items()
            ),
            _NOT_SHOWN,
        )
    )


def _row(each: Told) -> str:
    ends = ", ".join(f"{count:,} {name}" for name, count in sorted(each.endings.items()))
    waited = each.delays
    return (
        f"| {each.name} | {each.night.seed} | {each.night.instances:,} | {each.runs:,} | {ends} |"
        f" {each.taken_again:,} | {each.deliveries:,} | {each.table_calls:,} |"
        f" {waited.median:,.0f}, {waited.p95:,.0f}, {waited.longest:,.0f} |"
    )


_COLUMNS: Final = (
    "night", "seed", "instances", "runs", "ends", "taken again", "deliveries",
    "calls of the table", "median, 95 %, longest (s)",
)  # fmt: skip
_WAITED: Final = """\
One in ten in trouble: the other nine waited {:.2f} times as long (95 %) as in the quiet night;
{} times is the most that holds.
"""
_PLAYED: Final = f"""\
The scheduler, the queue's runners and the workers of the app, with their real vaults and sealed
settings, import for many instances in made-up time: one thread runs at a time, and when all wait
the clock jumps, so that {HOUR:,.0f} seconds pass in a few and a seed plays the same again. Four
worker processes (three in the nights of the seeds, five where they stand still) have eight slots
each; every instance has five to thirteen people, a group and four devices, and all imports are due
in the same minute. Calls take as long as such calls may: Graph 0.3 to 1.2 s, Assets 0.1 to 0.8 s, a
service that is silent 30 s.

One in ten in trouble: a Jira that is silent, a Graph that is silent, a Graph that throttles, an
administrator who presses "Import now" every fifteen seconds, a bug that only this instance meets.
In the black night and in those of the seeds, besides: nine of ten calls of the table are throttled
for one to two minutes, one in three of those after it took effect; KMS is away for up to a minute,
the queue for half a minute; messages come twice, before one another, and as poison; workers are
killed at any call. The stand-in queue enforces what SQS FIFO enforces; the table is DynamoDB Local
in the black night and the strict stand-in in the others.

In these and in nights of their own workers stand still: for 46 to 100 s, longer than lease and
visibility, no thread of theirs goes on, and a call that was on its way arrives after it. By then
others work on their runs. (`taken again` counts runs that began anew, after a kill or a bug, too.)
"""
_LOOKED_FOR: Final = """\
Looked for in each night: every run that the table accepted ended, once, and a failed one says why;
an instance with no trouble of its own had exactly one scheduled run for each due time, and it
succeeded; no due time moved twice; Assets holds each person, device and group of the directory
once; every change was written by one execution, and none was left open; nothing became a dead
letter.
"""
_PLANTED: Final = """\
Each was planted alone: into a bad night of twenty instances, then into one with workers that stand
still, then into both with the next seed. The number is how many nights it took to find it.
"""
_NOT_SHOWN: Final = """
## What these nights do not show
A change of a single object that was on its way when its worker stood still. It arrives late, and
Assets asks for no fence: an execution can be cancelled by whoever takes the run over, such a call
cannot. It says what Entra ID said when that worker read it; here Entra ID says the same all along.
"""
