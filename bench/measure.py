"""How everything here is measured: both sides interleaved, round by round, medians of the rounds.

A ratio is the median of the rounds' own ratios, so that a machine that slows down slows both.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]
SMALL = os.environ.get("BENCH") == "small"


@dataclass(frozen=True)
class Figure:
    """One figure. `goal` is the most it may be, or the least where `least`; None: only told."""

    name: str
    what: str
    value: float
    unit: str
    goal: float | None = None
    least: bool = False
    note: str = ""

    @property
    def reached(self) -> bool | None:
        if self.goal is None:
            return None
        return self.value >= self.goal if self.least else self.value <= self.goal

    def shape(self) -> dict[str, Any]:
        return {**asdict(self), "value": round(self.value, 4), "reached": self.reached}


def times(ours: Callable[[], object], floor: Callable[[], object], rounds: int = 15) -> float:
    """How many times the floor's CPU ours takes."""
    ratios = []
    for place in range(rounds if not SMALL else 5):
        first, second = (ours, floor) if place % 2 else (floor, ours)
        one, two = cpu(first), cpu(second)
        mine, theirs = (one, two) if place % 2 else (two, one)
        ratios.append(mine / theirs)
    return median(ratios)


def cpu(action: Callable[[], object]) -> float:
    """Seconds of this process's CPU."""
    before = time.process_time()
    action()
    return time.process_time() - before


def often(action: Callable[[], object], count: int) -> Callable[[], None]:
    def repeat() -> None:
        for _ in range(count):
            action()

    return repeat


def in_process(code: str, *arguments: str) -> dict[str, float]:
    """Run code in a fresh interpreter; it prints `name value` lines."""
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )
    pairs = (line.split() for line in ended.stdout.splitlines())
    return {pair[0]: float(pair[1]) for pair in pairs if len(pair) == 2}
