"""Applications: the registrations of a tenant, by their object id."""

from __future__ import annotations

from app.errors import NotAllowed, Problem
from app.site_settings.documents import ImportRules
from tests.stand_ins.import_world import ImportWorld


def company(**rules: object) -> ImportWorld:
    objects = {"applications": True, "users": False, "groups": False, "devices": False}
    world = ImportWorld(
        ImportRules.model_validate({"missing_objects": "ignore", "objects": objects, **rules})
    )
    world.graph.applications_by_id = {"a1": "Payroll", "a2": "Payroll", "a3": None}
    return world


def test_applications_are_known_by_id_whatever_they_are_called() -> None:
    world = company()
    run = world.run()
    assert (run["state"], run["counts"]["create"]) == ("succeeded", 3)
    assert world.assets.state("Application") == {
        "a1": {"Entra ID": "a1", "Name": "Payroll"},
        "a2": {"Entra ID": "a2", "Name": "Payroll"},
        "a3": {"Entra ID": "a3", "Name": "a3"},
    }
    world.graph.applications_by_id["a2"] = "Wages"
    assert world.run()["counts"]["update"] == 1
    assert world.assets.state("Application")["a2"]["Name"] == "Wages"
    assert world.graph.selected["applications"] == ("id", "displayName")


def test_an_application_that_is_gone_is_kept() -> None:
    world = company(leavers="mark", brake={"percent": 100, "count": 500})
    world.run()
    del world.graph.applications_by_id["a1"]
    run = world.run()
    assert (run["state"], run["counts"]["leavers"]) == ("succeeded", 0)
    assert set(world.assets.state("Application")) == {"a1", "a2", "a3"}


def test_no_answer_for_several_known_applications_is_not_believed() -> None:
    world = company()
    world.graph.applications_by_id = {f"a{n}": f"App {n}" for n in range(5)}
    world.run()
    world.graph.applications_by_id = {}
    assert world.run()["reason"] == "empty_source"


def test_a_missing_permission_is_named() -> None:
    world = company()

    def refuse(call: str) -> None:
        if call.startswith("graph.applications"):
            raise NotAllowed("no", problems=[Problem("Application.Read.All", "lacks")])

    world.graph.before = refuse
    run = world.run()
    assert run["reason"] == "graph_not_allowed"
    assert "Application.Read.All" in run["next_step"]
