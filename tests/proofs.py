"""The long proofs outside the gate, one line each: `make prove`, or `python -m tests.proofs NAME…`.

Each proof writes docs/evidence/<name>.md and ends with 0 if nothing was found. One that fails does
not keep the others from running. The gate runs a small slice of each.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]


@dataclass(frozen=True)
class Proof:
    """`command` is run in the repository; `python` in it means the one that runs this."""

    name: str
    command: str

    @property
    def paper(self) -> Path:
        """What the proof writes."""
        return ROOT / "docs/evidence" / f"{self.name}.md"

    @property
    def words(self) -> list[str]:
        """The command, taken apart."""
        first, *rest = shlex.split(self.command)
        return [sys.executable if first == "python" else first, *rest]


PROOFS: Final = (
    Proof("crash-simulation", "python -m tests.vault.crash_simulation"),
    Proof("goodbye", "python -m tests.goodbye.crash_simulation"),
    Proof("importer", "python -m tests.imports.long_proofs"),
    Proof("deployed", "python -m tests.deployed.prove --evidence"),
    Proof("mutants", "bin/mutants"),
    Proof("my-assets", "python -m tests.my_assets.great_numbers"),
    Proof("load", "python -m tests.load.prove"),
)


def hold(proof: Proof) -> bool:
    """Run one proof. True: it ended well and wrote its paper anew."""
    begun = time.time()
    print(f"prove: {proof.name}", flush=True)
    ended = subprocess.run(proof.words, cwd=ROOT, check=False)
    wrote = proof.paper.exists() and proof.paper.stat().st_mtime >= begun - 1
    held = ended.returncode == 0 and wrote
    print(f"prove: {proof.name} {'holds' if held else 'FAILED'}, {time.time() - begun:,.0f} s")
    return held


def main(names: Sequence[str]) -> int:
    """The named proofs, or all of them. 2: a name that no proof has."""
    by_name = {proof.name: proof for proof in PROOFS}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        print(f"No such proof: {', '.join(unknown)}. There are {', '.join(by_name)}.")
        return 2
    outcomes = [hold(by_name[name]) for name in names or by_name]
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
