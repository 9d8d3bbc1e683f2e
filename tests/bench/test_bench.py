"""The benchmarks run, and say what was measured beside what was wanted. No figure fails a test."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bench.__main__ import NAMES, RESULTS
from bench.measure import ROOT, Figure

QUICK = ["vault", "pipeline", "memory", "manners", "routes"]


def test_each_quick_benchmark_prints_its_row_and_leaves_the_results_alone() -> None:
    before = RESULTS.read_bytes() if RESULTS.exists() else None
    ended = subprocess.run(
        [sys.executable, "-m", "bench", *QUICK],
        cwd=ROOT,
        env={**os.environ, "BENCH": "small"},
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    rows = {line.split()[0] for line in ended.stdout.splitlines() if line.startswith("C")}
    assert {"C1", "C1b", "C3", "C5", "C9", "C10", "C11", "C12", "C14"} <= rows
    assert (RESULTS.read_bytes() if RESULTS.exists() else None) == before


def test_every_benchmark_has_a_file_that_is_run() -> None:
    named = {path.stem for path in (ROOT / "bench").glob("*.py")}
    assert set(NAMES) == named - {"__init__", "__main__", "measure", "import_world"}


@pytest.mark.parametrize(
    ("value", "least", "reached"), [(1.0, False, True), (1.3, False, False), (1.3, True, True)]
)
def test_a_goal_is_a_most_or_a_least(value: float, least: bool, reached: bool) -> None:
    assert Figure("C", "x", value, "x", 1.2, least=least).reached is reached
    assert Figure("C", "x", value, "x").reached is None
