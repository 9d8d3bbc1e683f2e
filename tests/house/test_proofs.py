"""The list of long proofs: each line can be run, and what it found is committed."""

from __future__ import annotations

import importlib.util
import os

import pytest

from tests import proofs
from tests.proofs import PROOFS, ROOT, Proof


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.name)
def test_every_proof_can_be_run_and_its_paper_is_committed(proof: Proof) -> None:
    assert proof.paper.is_file()
    first, *rest = proof.command.split()
    if first == "python":
        assert rest[0] == "-m"
        assert importlib.util.find_spec(rest[1]) is not None
    else:
        assert os.access(ROOT / first, os.X_OK)


def test_a_proof_that_fails_is_told_and_the_others_run(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = list[str]()

    def hold(proof: Proof) -> bool:
        ran.append(proof.name)
        return proof.name != "one"

    monkeypatch.setattr(proofs, "PROOFS", (Proof("one", "false"), Proof("two", "true")))
    monkeypatch.setattr(proofs, "hold", hold)
    assert proofs.main([]) == 1
    assert ran == ["one", "two"]
    assert proofs.main(["two"]) == 0
    assert proofs.main(["three"]) == 2


def test_a_command_that_writes_no_paper_proves_nothing() -> None:
    assert not proofs.hold(Proof("never-written", "true"))
