"""One site that has imported everything once, and how its next run went."""

from __future__ import annotations

import json
from typing import Any

from app.imports.run.ways import WHY_FULL
from app.site_settings.documents import ImportRules
from app.words import Json
from tests.stand_ins.entra_directory import Device, Group, Person
from tests.stand_ins.import_world import ImportWorld


def office(people: int = 20, **rules: object) -> ImportWorld:
    """One full run behind it, so that a delta has something to start from."""
    world = ImportWorld(
        ImportRules.model_validate(
            {"missing_objects": "ignore", "memberships": ("g1", "g2"), **rules}
        )
    )
    world.graph.people_by_id = {
        f"p{n}": Person(f"p{n}", f"P {n}", f"p{n}@one.example", f"p{n}@one.example")
        for n in range(people)
    }
    world.graph.groups_by_id = {"g1": Group("g1", "G 1", ("p1", "p2")), "g2": Group("g2", "G 2")}
    world.graph.devices_by_id = {
        f"d{n}": Device(f"d{n}", f"D {n}", "Model", f"p{n}") for n in range(people)
    }
    assert world.run()["state"] == "succeeded"
    world.assets.writes.clear()
    world.graph.calls.clear()
    world.assets.calls.clear()
    return world


def why(run: Json) -> str:
    assert run["state"] == "succeeded", run
    assert (run["ran_as"] == "full") == (run["ran_because"] is not None)
    return next((code for code, text in WHY_FULL.items() if text() == run["ran_because"]), "")


def links(world: ImportWorld) -> Any:
    return json.loads(world.connected.links.content or b"{}")


def person(world: ImportWorld, key: str) -> dict[str, object]:
    return world.assets.state("Person")[key]
