"""A Forge site that never said goodbye, on the running product, with the clock moved by `--now`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox.app_process import AppProcess
from sandbox.directory import generate
from sandbox.world import World
from tests.end_to_end.conftest import Life

pytestmark = pytest.mark.live


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Life]:
    world = World(generate(5, 7), "forge")
    world.start()
    with (tmp_path / "log").open("w") as stream:
        app = AppProcess(world.environment(), stream)
        try:
            app.start()
            world.door.install()
            world.door.tick()
            yield Life(world, app, tmp_path / "log")
        finally:
            app.stop()
            world.stop()


def reference(life: Life) -> dict[str, Any]:
    (found,) = json.loads(life.app.run("vendor", "instances", "--json").stdout)["instances"]
    assert isinstance(found, dict)
    return found


def look(life: Life, days: float) -> None:
    """One tick of the scheduler, so many days from now."""
    moment = datetime.now(UTC) + timedelta(days=days)
    assert life.app.run("schedule", "--now", moment.isoformat()).returncode == 0


def test_without_a_tick_for_days_it_is_silent_is_never_erased_and_a_tick_wakes_it(
    installed: Life,
) -> None:
    asked = len(installed.world.site.calls)
    look(installed, 6.9)
    assert reference(installed)["state"] == "installed"
    look(installed, 7.1)
    silent = reference(installed)
    assert (silent["state"], silent["door"]) == ("silent", "forge")
    assert len(installed.world.site.calls) == asked  # its ticks say it; nobody is asked
    moment = (datetime.now(UTC) + timedelta(days=400)).isoformat()
    cleaned = installed.app.run("vendor", "cleanup", "--dry-run", "--now", moment)
    assert json.loads(cleaned.stdout)["erased"] == []
    installed.world.door.tick()
    awake = reference(installed)
    assert (awake["state"], awake["silent_since"]) == ("installed", None)
    assert awake["generation"] == silent["generation"]
