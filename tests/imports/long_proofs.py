"""The importer's tests in full, of which the gate runs a slice.

`python -m tests.imports.long_proofs` runs them and writes docs/evidence/importer.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAPER: Final = ROOT / "docs/evidence/importer.md"


@dataclass(frozen=True)
class Proof:
    """Tests to run, and the variables with which they run whole."""

    what: str
    tests: tuple[str, ...]
    wholly: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """`left` names what did not pass; `cells` are what the tests say they tried."""

    passed: int
    left: tuple[str, ...]
    cells: int
    seconds: float


PROOFS: Final = (
    Proof(
        "every call of a run to Microsoft and Assets, failing in every way: once, for good, and "
        "with its answer lost",
        ("tests/imports/test_fault_matrix.py",),
        {"FAULTS": "all"},
    ),
    Proof(
        "every call of a pass of Jira accounts, failing in every way",
        ("tests/imports/test_account_pass_at_the_wire.py",),
        {"FAULTS": "all"},
    ),
    Proof(
        "`my-assets worker` ended by kill -9 in the middle of a call, at each of five points",
        ("tests/end_to_end/test_killed_worker.py",),
        {"KILLS": "all"},
    ),
    Proof(
        "random directories through random histories, full and delta, some runs killed: after each "
        "run Assets equals the oracle, and a second run writes nothing",
        ("tests/imports/test_any_history.py", "tests/imports/test_any_delta_history.py"),
        {"MORE": "20"},
    ),
)


def tried(proof: Proof) -> Outcome:
    """Run it in a process of its own."""
    with tempfile.TemporaryDirectory() as there:
        report = Path(there) / "report.xml"
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--timeout=3600", "-o", "junit_family=xunit1",
             f"--junitxml={report}",
             *proof.tests],
            cwd=ROOT,
            env={**os.environ, **proof.wholly},
            check=False,
            stdout=sys.stderr,
        )  # fmt: skip
        return _read(ET.parse(report).getroot())


def _read(report: ET.Element) -> Outcome:
    cases = report.findall(".//testcase")
    bad = ("failure", "error", "skipped")
    left = tuple(
        str(case.get("name")) for case in cases if any(case.find(each) is not None for each in bad)
    )
    cells = sum(
        int(each.get("value", "0"))
        for each in report.findall(".//property")
        if each.get("name") == "tried"
    )
    seconds = sum(float(case.get("time", "0")) for case in cases)
    return Outcome(len(cases) - len(left), left, cells, seconds)


def main() -> int:
    begun = datetime.now(UTC)
    outcomes = [(proof, tried(proof)) for proof in PROOFS]
    PAPER.parent.mkdir(parents=True, exist_ok=True)
    PAPER.write_text(_paper(outcomes, begun))
    failed = any(outcome.left or not outcome.passed for _, outcome in outcomes)
    return 1 if failed else 0


def _paper(outcomes: list[tuple[Proof, Outcome]], begun: datetime) -> str:
    rows = (
        f"| {proof.what} | {outcome.cells or ''} | {outcome.passed} | {len(outcome.left)} "
        f"| {outcome.seconds:,.0f} |"
        for proof, outcome in outcomes
    )
    left = [f"- {name}" for _, outcome in outcomes for name in outcome.left]
    return "\n".join(
        (
            "# The importer's tests in full\n",
            f"Written by `make prove` on {begun:%Y-%m-%d}.",
            "`python -m tests.imports.long_proofs` repeats it; the gate runs a slice of each.\n",
            "| what | tried | tests passed | not passed | seconds |",
            "|---|---|---|---|---|",
            *rows,
            "\n*Tried* counts the runs with a fault, or the examples.\n",
            "## What did not pass",
            *(left or ["Nothing."]),
            "",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
