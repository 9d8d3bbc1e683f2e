"""`make bench`: every benchmark, a table of what came out, and bench/results.json.

BENCH=small takes about a minute and writes nothing.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib import import_module

from bench.measure import ROOT, SMALL, Figure

NAMES = ("vault", "pipeline", "memory", "overlap", "manners", "cold_start", "routes",
         "unit_suite", "whole_import")  # fmt: skip
RESULTS = ROOT / "bench" / "results.json"


def main(names: list[str]) -> int:
    """Run those named, or all; gives the exit code. A goal that is missed is no failure."""
    load = os.getloadavg()[0]
    found: list[Figure] = []
    for name in names or NAMES:
        print(f"{name} …", file=sys.stderr, flush=True)
        found += import_module(f"bench.{name}").figures()
    _print(found)
    if not names and not SMALL:
        about = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "load_before": round(load, 2),
            "load_after": round(os.getloadavg()[0], 2),
            "figures": [each.shape() for each in found],
        }
        RESULTS.write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n")
    return 0


def _print(found: list[Figure]) -> None:
    for each in found:
        mark = {True: "yes", False: "NO", None: ""}[each.reached]
        sign = ">=" if each.least else "<="
        goal = "" if each.goal is None else f"{sign} {each.goal:g}"
        value = f"{each.value:.2f} {each.unit}"
        print(f"{each.name:6} {each.what:58} {value:>16} {goal:>9} {mark:4} {each.note}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
