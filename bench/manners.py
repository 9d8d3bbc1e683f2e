"""C14: how many requests a run makes while Graph throttles, over how many it makes in peace."""

from __future__ import annotations

import pytest

from bench.measure import SMALL, Figure
from sandbox.directory import generate
from sandbox.graph import Behaviour
from tests.abuse.importing import Importing, importing

PEOPLE = 60 if SMALL else 600
UNITS = 6  # of a budget in ten seconds: a run in peace needs several times as many


def _asked(world: Importing) -> int:
    return sum(" graph." in each.name for each in world.seen)


def _run(units: int | None) -> tuple[int, int]:
    """Requests to Graph, and how many of them came before the time it had named."""
    with pytest.MonkeyPatch.context() as patch:
        world = importing(patch, generate(PEOPLE, 7), Behaviour(delta_page=10, list_page=10))
        world.graph.behaviour.units_per_ten_seconds = units
        assert world.run()["state"] == "succeeded"
        throttled = [call for call in world.graph.calls if call.status == 429]
        return _asked(world), len(throttled)


def figures() -> list[Figure]:
    (peace, _), (storm, throttled) = _run(None), _run(UNITS)
    return [
        Figure("C14", "requests while throttled / in peace", storm / peace, "x", 1.3,
               note=f"{throttled} of {storm} were throttled"),
    ]  # fmt: skip
