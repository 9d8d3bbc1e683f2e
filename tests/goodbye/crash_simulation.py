"""Plays many seeds of saying goodbye, with every single write killed, unanswered, refused or late.

`python -m tests.goodbye.crash_simulation` writes docs/evidence/goodbye.md. Of each planted bug it
tells which play found it.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog

from tests.goodbye.simulation.bugs import BUGS
from tests.goodbye.simulation.play import Told, play
from tests.goodbye.simulation.truth import Untrue
from tests.vault.simulation.fates import FATES, Fate

PAPER: Final = Path(__file__).parents[2] / "docs/evidence/goodbye.md"
SEEDS: Final = 200
SEEDS_FOR_A_BUG: Final = 60
Plan = Mapping[int, Fate]
Found = tuple[int, str]


@dataclass
class Score:
    """What was played. `untrue` names seed, plan and what was found."""

    seeds: int = 0
    plays: int = 0
    told: Counter[str] = field(default_factory=Counter)
    untrue: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        self.seeds += other.seeds
        self.plays += other.plays
        self.told += other.told
        self.untrue += other.untrue


def every_write_of(seed: int) -> Score:
    """The seed undisturbed, then once for each of its writes and fates."""
    score = Score(seeds=1)
    for number in range(1, _played(seed, {}, score) + 1):
        for fate in FATES:
            _played(seed, {number: fate}, score)
    return score


def _played(seed: int, plan: Plan, score: Score) -> int:
    score.plays += 1
    try:
        told: Told = play(seed, plan)
    except Untrue as untrue:
        score.untrue.append(_seen(seed, plan, untrue))
        return 0
    counted = {"steps": told.steps, "writes": told.writes, "looks": told.looks}
    score.told.update({**counted, "lives": len(told.lives), **told.fates})
    return told.writes


def found(bug: str, seeds: int = SEEDS_FOR_A_BUG) -> Found | None:
    """How many plays it takes to find this planted bug, and what was seen; None: not found."""
    with BUGS[bug]():
        for number, (seed, plan) in enumerate(_plays_in_turn(seeds), start=1):
            try:
                play(seed, plan)
            except Untrue as untrue:
                return number, _seen(seed, plan, untrue)
    return None


def _plays_in_turn(seeds: int) -> Iterator[tuple[int, Plan]]:
    for seed in range(seeds):
        yield seed, {}
        drawn = random.Random(seed)
        for number in drawn.sample(range(1, 15), 8):
            yield seed, {number: drawn.choice(FATES)}


def _seen(seed: int, plan: Plan, untrue: Untrue) -> str:
    return f"seed {seed}, {dict(plan) or 'undisturbed'}: {untrue}"


def _quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))


def main() -> int:
    started, begun = time.monotonic(), datetime.now(UTC)
    score = Score()
    with ProcessPoolExecutor(max_workers=os.cpu_count(), initializer=_quiet) as pool:
        for each in pool.map(every_write_of, range(SEEDS), chunksize=4):
            score.add(each)
        bugs = dict(zip(BUGS, pool.map(found, BUGS), strict=True))
    PAPER.parent.mkdir(parents=True, exist_ok=True)
    PAPER.write_text(_paper(score, bugs, begun, time.monotonic() - started))
    missed = [bug for bug, seen in bugs.items() if seen is None]
    for line in (*score.untrue[:20], *(f"not found: {bug}" for bug in missed)):
        print(line, file=sys.stderr)
    return 1 if score.untrue or missed else 0


def _paper(score: Score, bugs: Mapping[str, Found | None], begun: datetime, seconds: float) -> str:
    counts = {
        "seeds": score.seeds,
        "plays": score.plays,
        "steps between actors": score.told["steps"],
        "writes": score.told["writes"],
        "lives erased": score.told["lives"],
        "processes killed right after a write": score.told["killed"],
        "writes whose answer was lost": score.told["lost"],
        "writes that were refused": score.told["refused"],
        "writes that arrived later, unanswered": score.told["late"],
        "looks of the observer": score.told["looks"],
    }
    rows = [f"| {name} | {count:,} |" for name, count in counts.items()]
    seen = [f"| {bug} | {told[0]:,} | {told[1]} |" if told else f"| {bug} | not found | |"
            for bug, told in bugs.items()]  # fmt: skip
    return "\n".join(
        (
            "# Crash simulation of saying goodbye\n",
            f"Written by `make prove` on {begun:%Y-%m-%d}, in {seconds:,.0f} seconds.",
            _AGAIN, _PLAYED, "| played | |", "|---|---|", *rows, f"\n{_LOOKED_FOR}",
            "## What was untrue",
            *([f"- {each}" for each in score.untrue] or ["Nothing."]),
            f"\n{_PLANTED}", "| planted | plays | first seen as |", "|---|---|---|", *seen, "",
        )
    )  # fmt: skip


_AGAIN: Final = """\
`python -m tests.goodbye.crash_simulation` repeats it; the gate plays a slice of it.
"""
_PLAYED: Final = """\
Two cleanups at once, two of the vendor's staff who purge what is silent, and in most plays two
sites that call and come back meanwhile. A seed decides how the sites stand, what each actor does
and who goes on at every call. Each seed is played undisturbed, and then once for each of its writes
(table, transaction, file) and for each of four fates of that write; whoever is killed is followed
by another that begins anew.
"""
_LOOKED_FOR: Final = """\
After every write an observer looks: the head of the chain only ever moves to a signed receipt that
follows on the last; a tombstone holds nothing but what it may and the receipt of its own life; what
was erased was due, or silent and wished for by somebody else; no file tells of a deletion that
never was. At the end one more cleanup runs undisturbed: then every life has one receipt, the folder
holds every receipt there ever was as one whole chain, and nothing that was due is left.
"""
_PLANTED: Final = """\
## Planted bugs
Each was planted alone and looked for by the same observer. The number is how many plays it took.
"""


if __name__ == "__main__":
    sys.exit(main())
