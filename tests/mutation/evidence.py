"""Reads what a run of mutmut left behind and writes it down: counts, and each survivor's reason.

`python -m tests.mutation.evidence FILE`, in the folder where mutmut ran. Exit code 1 below
LEAST killed or with a survivor that nobody explained.
"""

from __future__ import annotations

import ast
import difflib
import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

LEAST = 0.95
REASONS = Path(__file__).parent / "survivors.toml"
# mutmut's own marks: pytest's codes, and signals of a process that took too long.
KILLED, TOO_LONG = {1, 3}, {-24, 24, 36, 152, 255}


def main(target: Path) -> int:
    codes = _exit_codes(Path("mutants"))
    told = Counter(_outcome(code) for code in codes.values())
    if told["killed"] == 0:
        raise RuntimeError("nothing was killed: mutmut did not run here")
    reasons = _reasons()
    survivors = [name for name, code in codes.items() if _outcome(code) != "killed"]
    rows = [_row(name, codes[name], reasons) for name in sorted(survivors)]
    share = told["killed"] / max(1, sum(told.values()))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(_page(told, share, rows))
    unexplained = [row for row in rows if row.endswith("| **not explained** |")]
    print(f"{told['killed']} of {sum(told.values())} mutants killed, {share:.1%}; "
          f"{len(unexplained)} survivors not explained")  # fmt: skip
    return int(share < LEAST or bool(unexplained))


def is_explained(name: str) -> bool:
    """Whether somebody has said why this mutant may live."""
    return _change(name)[1] in _reasons()


def _reasons() -> dict[str, str]:
    return tomllib.loads(REASONS.read_text()) if REASONS.exists() else {}


def _exit_codes(folder: Path) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for meta in sorted(folder.rglob("*.meta")):
        found |= json.loads(meta.read_text())["exit_code_by_key"]
    return found


def _outcome(code: int | None) -> str:
    if code in KILLED:
        return "killed"
    if code in TOO_LONG:
        return "too long"
    return {0: "survived"}.get(code if code is not None else -1, f"not run ({code})")


def _row(name: str, code: int | None, reasons: dict[str, str]) -> str:
    place, change = _change(name)
    told = reasons.get(change, "**not explained**")
    shown = change.replace("|", "\\|")
    return f"| {place} | `{shown}` | {_outcome(code)} | {told} |"


def _change(name: str) -> tuple[str, str]:
    """Where a mutant is, and the lines it takes out and puts in."""
    module, _, mangled = name.rpartition(".")
    tree = ast.parse(Path("mutants", *module.split(".")).with_suffix(".py").read_text())
    stem = mangled.rpartition("__mutmut_")[0]
    before, after = (_body(tree, each) for each in (f"{stem}__mutmut_orig", mangled))
    lines = [
        line
        for line in difflib.unified_diff(before, after, lineterm="", n=0)
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    function = re.sub(r"^x[ǁ_]", "", stem).replace("ǁ", ".")
    change = " → ".join(" ".join(line[1:].split()) for line in lines)
    return f"{module}.{function}", change


def _body(tree: ast.Module, function: str) -> list[str]:
    for each in ast.walk(tree):
        if isinstance(each, ast.FunctionDef) and each.name == function:
            return ast.unparse(each).replace(function, "").splitlines()
    return []


def _page(told: Counter[str], share: float, rows: list[str]) -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    counts = ", ".join(f"{number} {what}" for what, number in sorted(told.items()))
    return "\n".join(
        [
            "# Mutants of the token checks and the guards",
            "",
            f"Written by `make mutants` on {datetime.now(UTC):%Y-%m-%d}, commit {commit}.",
            "mutmut changed `app/callers` and `app/doors/guards.py` one place at a time. Each",
            "change met `tests/callers`; what lived met `tests/doors` and `tests/abuse`.",
            "",
            f"**{share:.1%} killed**: {counts}, of {sum(told.values())}.",
            "",
            "## Not killed, and why",
            "",
            "| place | change | outcome | why it may live |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
