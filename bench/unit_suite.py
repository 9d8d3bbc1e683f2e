"""C17: how long the app's own tests take that need no browser, Java or process (`make unit`)."""

from __future__ import annotations

import subprocess
import sys
import time

from bench.measure import ROOT, SMALL, Figure

# One folder stands in for all of them where a minute has to do.
WHERE = ["tests/callers"] if SMALL else ["--ignore", "tests/sandbox"]


def figures() -> list[Figure]:
    began = time.monotonic()
    marks = "not browser and not forge and not aws and not live"
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", *WHERE, "-m", marks],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=1800,
    )
    took = time.monotonic() - began
    goal = None if SMALL else 30.0
    return [Figure("C17", "unit suite, two processes", took, "s", goal,
                   note=f"exit code {ended.returncode}")]  # fmt: skip
