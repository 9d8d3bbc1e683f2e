"""Which words a run has for each way in which a credential fails it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.errors import CredentialRefused
from app.imports.run.entra_reasons import BY_CODE
from app.imports.run.reasons import NEXT_STEPS
from app.site_settings import entra_refusals
from tests.stand_ins.import_world import ImportWorld

SAMPLES = Path(__file__).parents[3] / "shared/samples/graph/entra-token-errors.json"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (7000215, "value, not its id"),
        (7000222, "has expired"),
        (700016, "no app registration with this client id"),
        (7000112, "switched off"),
        (90002, "no such tenant"),
        (53003, "Conditional Access"),
        (123456, "did not accept the app registration"),
        (None, "did not accept the app registration"),
    ],
)
def test_each_refusal_of_entra_id_ends_a_run_with_what_to_do(code: int | None, says: str) -> None:
    world = ImportWorld()
    world.connected.entra_refuses, world.connected.entra_code = True, code
    run = world.run()
    assert run["state"] == "failed"
    assert says in run["next_step"]


def test_a_secret_that_ends_in_the_middle_of_a_read_is_told_as_that() -> None:
    world = ImportWorld()

    def refuse(call: str) -> None:
        if call.startswith("graph."):
            raise CredentialRefused(code=7000222)

    world.graph.before = refuse
    assert world.run()["reason"] == "entra_secret_expired"


def test_a_token_that_graph_refuses_is_no_word_about_the_secret() -> None:
    world = ImportWorld()

    def refuse(call: str) -> None:
        if call.startswith("graph."):
            raise CredentialRefused

    world.graph.before = refuse
    assert world.run()["reason"] == "graph_refused"


def test_every_code_has_its_words_here_and_in_the_settings() -> None:
    assert set(BY_CODE.values()) <= set(NEXT_STEPS)
    assert set(BY_CODE) <= set(entra_refusals.BY_CODE)


def test_every_published_refusal_is_told_in_words_of_its_own() -> None:
    cases = json.loads(SAMPLES.read_text())["cases"] if SAMPLES.exists() else []
    # A wrong scope is a fault of ours or of the cloud chosen: only the settings can be at fault.
    assert {case["code"] for case in cases} - {70011} <= set(BY_CODE)
