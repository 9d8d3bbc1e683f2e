"""Plays many seeds, each with every single write killed, unanswered, refused or late.

`python -m tests.vault.crash_simulation` writes docs/evidence/crash-simulation.md. Of each planted
bug it tells which play found it.
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

from tests.vault.simulation.bugs import BUGS
from tests.vault.simulation.fates import FATES, Fate
from tests.vault.simulation.play import play
from tests.vault.simulation.truth import Untrue

PAPER: Final = Path(__file__).parents[2] / "docs/evidence/crash-simulation.md"
SEEDS: Final = 300
SEEDS_FOR_A_BUG: Final = 400


@dataclass
class Score:
    """What was played. `untrue` names seed, plan and what was found."""

    seeds: int = 0
    plays: int = 0
    steps: int = 0
    writes: int = 0
    looks: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    untrue: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        for name in ("seeds", "plays", "steps", "writes", "looks"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.fates += other.fates
        self.untrue += other.untrue


def every_write_of(seed: int, fates: tuple[Fate, ...] = FATES) -> Score:
    """The seed undisturbed, then once for each of its writes and fates."""
    score = Score(seeds=1)
    writes = _played(seed, {}, score)
    for number in range(1, writes + 1):
        for fate in fates:
            _played(seed, {number: fate}, score)
    return score


def _played(seed: int, plan: Mapping[int, Fate], score: Score) -> int:
    score.plays += 1
    try:
        told = play(seed, plan)
    except Untrue as untrue:
        score.untrue.append(f"seed {seed}, {dict(plan) or 'undisturbed'}: {untrue}")
        return 0
    score.steps += told.steps
    score.writes += told.writes
    score.looks += told.looks
    score.fates += told.fates
    return told.writes


def plays_in_turn(seeds: int) -> Iterator[tuple[int, Mapping[int, Fate]]]:
    """For finding: each seed undisturbed, then with a few of its writes disturbed."""
    for seed in range(seeds):
        yield seed, {}
        drawn = random.Random(seed)
        for number in drawn.sample(range(1, 41), 8):
            yield seed, {number: drawn.choice(FATES)}


def found(bug: str, seeds: int = SEEDS_FOR_A_BUG) -> tuple[int, str] | None:
    """How many plays it takes to find this planted bug, and what was seen; None: not found."""
    with BUGS[bug]():
        for number, (seed, plan) in enumerate(plays_in_turn(seeds), start=1):
            try:
                play(seed, plan)
            except Untrue as untrue:
                return number, f"seed {seed}, {dict(plan) or 'undisturbed'}: {untrue}"
    return None


def main() -> int:
    started, begun = time.monotonic(), datetime.now(UTC)
    score = Score()
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for each in pool.map(every_write_of, range(SEEDS), chunksize=4):
            score.add(each)
        bugs = dict(zip(BUGS, pool.map(found, BUGS), strict=True))
    PAPER.parent.mkdir(parents=True, exist_ok=True)
    PAPER.write_text(_paper(score, bugs, begun, time.monotonic() - started))
    missed = [bug for bug, plays in bugs.items() if plays is None]
    for line in (*score.untrue[:20], *(f"not found: {bug}" for bug in missed)):
        print(line, file=sys.stderr)
    return 1 if score.untrue or missed else 0


def _paper(
    score: Score, bugs: Mapping[str, tuple[int, str] | None], begun: datetime, seconds: float
) -> str:
    return "\n".join(
        (
            "# Crash simulation of the vault\n",
            f"Written by `make prove` on {begun:%Y-%m-%d}, in {seconds:,.0f} seconds.",
            "`python -m tests.vault.crash_simulation` repeats it; the gate plays a slice of it.\n",
            _PLAYED,
            "| played | |",
            "|---|---|",
            *(f"| {name} | {count:,} |" for name, count in _counts(score).items()),
            f"\n{_LOOKED_FOR}",
            "## What was untrue",
            *([f"- {each}" for each in score.untrue] or ["Nothing."]),
            f"\n{_PLANTED}",
            "| planted | plays | first seen as |",
            "|---|---|---|",
            *(
                f"| {bug} | {plays[0]:,} | {plays[1]} |" if plays else f"| {bug} | not found | |"
                for bug, plays in bugs.items()
            ),
            "",
        )
    )


def _counts(score: Score) -> Mapping[str, int]:
    return {
        "seeds": score.seeds,
        "plays": score.plays,
        "steps between actors": score.steps,
        "writes": score.writes,
        "processes killed right after a write": score.fates["killed"],
        "writes whose answer was lost": score.fates["lost"],
        "writes that were refused": score.fates["refused"],
        "writes that arrived later, unanswered": score.fates["late"],
        "looks of the observer, one after each write": score.looks,
    }


_PLAYED: Final = """\
Two administrators save the same and different parts, forget them and change the Encryption String;
a worker rewrites the run history, seals anew and sweeps; in some plays the vendor wraps keys anew,
and the site is uninstalled and installed again. A seed decides what each of them does and who goes
on at every call. Each seed is played undisturbed, and then once for each of its writes and for each
of four fates of that write.
"""
_LOOKED_FOR: Final = """\
After every write a process that has just started looks: whatever is set opens, to one value that
somebody saved in this life of the site; what was replaced or forgotten never comes back; what is
saved together is never a mix; every property that a pointer names is there; nothing is set where
nothing is installed. Whoever was told that something is saved, forgotten or clashed was told the
truth; without an answer, a change that was passed by meanwhile is told as a clash, "look again". At
the end order can be made, and putting back every property that ever lay in the site
changes nothing.
"""
_PLANTED: Final = """\
## Planted bugs
Each was planted alone and looked for by the same observer. The number is how many plays it took.
"""


if __name__ == "__main__":
    sys.exit(main())
