"""A run looks when its secret expires, and never comes to harm by it."""

from __future__ import annotations

import pytest

from app.errors import CredentialRefused, NotAllowed, ServiceUnreachable
from tests.stand_ins.entra_directory import Person
from tests.stand_ins.import_world import ImportWorld


def small_world() -> ImportWorld:
    world = ImportWorld()
    world.graph.people_by_id = {"a1": Person("a1", "Ada")}
    return world


@pytest.mark.parametrize("mode", ["full", "preview"])
def test_a_run_that_reads_everything_looks_once(mode: str) -> None:
    world = small_world()
    world.run(mode)
    assert world.connected.expiry_asked == 1


def test_a_run_that_reads_only_changes_does_not_look() -> None:
    world = small_world()
    world.run()
    world.connected.expiry_asked = 0
    assert world.run("delta")["ran_as"] == "delta"
    assert world.connected.expiry_asked == 0


@pytest.mark.parametrize("fault", [ServiceUnreachable(), NotAllowed(), CredentialRefused()])
def test_a_look_that_fails_spoils_no_run(fault: Exception) -> None:
    world = small_world()
    world.connected.expiry_fault = fault  # type: ignore[assignment]
    assert world.run()["state"] == "succeeded"
