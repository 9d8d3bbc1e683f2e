"""Delta runs of the running product: what changed in Entra ID arrives, little is asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.administrator import Member, member, run_import, save_settings
from sandbox.app_process import AppProcess
from sandbox.assets.model import Thing
from sandbox.directory import CAST, Directory, generate
from sandbox.directory.groups import EVERYONE
from sandbox.http import Call
from sandbox.world import World

pytestmark = pytest.mark.live

BOSS, ONE, TWO, THREE = (each.entra_id for each in CAST)
DEVICE = CAST[1].devices[0].entra_id
RULES = {
    "missing_objects": "ignore", "memberships": [EVERYONE], "leavers": "mark",
    "brake": {"percent": 100},
}  # fmt: skip
FEW_CALLS = 40  # of a run that finds nothing: half of them look around in Assets


class Office:
    """One site that imports by delta."""

    def __init__(self, world: World, admin: Member, log: Path) -> None:
        self.world = world
        self.admin = admin
        self.log = log

    @property
    def directory(self) -> Directory:
        return self.world.directory

    def delta(self) -> tuple[Any, list[Call]]:
        """A delta run to its end, and what it asked of Graph."""
        graph = self.world.microsoft.graph
        before = len(graph.calls)
        run = run_import(self.admin, "delta")
        assert run["state"] == "succeeded", run
        return run, graph.calls[before:]

    def held(self, kind: str, entra_id: str) -> dict[str, list[str]]:
        """What Assets holds of one object: the values by attribute name, references by label."""
        space = self.world.assets.workspace
        for thing in space.things.values():
            shown = {space.attributes[each].name: held for each, held in thing.values.items()}
            if shown.get("Entra ID") == (entra_id,) and space.types[thing.type_id].name == kind:
                return {name: [_label(space, one) for one in held] for name, held in shown.items()}
        raise AssertionError(f"no {kind} {entra_id}")


def _label(space: Any, value: str) -> str:
    thing: Thing | None = space.things.get(int(value)) if value.isdigit() else None
    return thing.label if thing is not None else value


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    log = tmp_path_factory.mktemp("delta") / "log"
    world = World(generate(30, 7))
    world.microsoft.behaviour.delta_page = 4
    world.microsoft.behaviour.members_per_page = 5
    world.start()
    with log.open("w") as stream:
        app = AppProcess(world.environment(), stream)
        try:
            app.start()
            world.site.install(world.app_base_url)
            with member(world, world.site.cast.administrator) as admin:
                save_settings(admin, world.credentials, **RULES)
                first = run_import(admin, "delta")
                assert (first["state"], first["ran_as"]) == ("succeeded", "full")
                assert first["ran_because"] == "There was no earlier read to start from."
                yield Office(world, admin, log)
        finally:
            app.stop()
            world.stop()


def test_a_delta_without_change_asks_little_and_writes_nothing(office: Office) -> None:
    before = len(office.world.assets.calls)
    run, asked = office.delta()
    assert (run["mode"], run["ran_as"], run["ran_because"]) == ("delta", "delta", None)
    assert all("deltatoken" in call.query for call in asked)
    assert len(office.world.assets.calls) - before + len(asked) < FEW_CALLS
    assert run["counts"]["create"] == run["counts"]["update"] == run["counts"]["leavers"] == 0


def test_what_changed_arrives_and_the_rest_stays(office: Office) -> None:
    there = office.directory
    there.change_person(ONE, jobTitle=None, displayName="Renamed")
    there.set_manager(THREE, None)
    there.set_manager(ONE, TWO)
    there.assign_device(DEVICE, TWO)
    there.remove_member(EVERYONE, TWO)
    there.add_person(id="p-new", userPrincipalName="new@contoso.example", displayName="New",
                     accountEnabled=True, userType="Member")  # fmt: skip
    there.set_manager("p-new", ONE)
    there.add_member(EVERYONE, "p-new")
    there.add_device("p-new", id="d-new", displayName="NEW-1")
    run, _ = office.delta()
    assert run["ran_as"] == "delta"
    renamed = office.held("Person", ONE)
    assert "Job title" not in renamed
    assert (renamed["Name"], renamed["Email"]) == (["Renamed"], [CAST[1].email])
    assert renamed["Manager"] == [CAST[2].display_name]
    assert "Manager" not in office.held("Person", THREE)
    assert "Groups" not in office.held("Person", TWO)
    assert office.held("Device", DEVICE)["Assigned To"] == [CAST[2].display_name]
    new = office.held("Person", "p-new")
    assert (new["Manager"], len(new["Groups"])) == (["Renamed"], 1)
    assert office.held("Device", "d-new")["Assigned To"] == ["New"]
    office.world.microsoft.behaviour.replayed_changes = 3
    again, asked = office.delta()
    office.world.microsoft.behaviour.replayed_changes = 0
    assert any("deltatoken" not in call.query for call in asked), "what came again was looked at"
    assert again["counts"]["create"] == again["counts"]["update"] == 0


def test_who_is_deleted_is_marked_and_holds_nothing_and_comes_back_whole(office: Office) -> None:
    office.directory.assign_device(DEVICE, THREE)
    office.directory.set_manager(TWO, THREE)
    office.delta()
    office.directory.remove_person(THREE)
    run, _ = office.delta()
    assert (run["ran_as"], run["counts"]["leavers"]) == ("delta", 1)
    assert "Left on" in office.held("Person", THREE)
    assert "Assigned To" not in office.held("Device", DEVICE)
    assert "Manager" not in office.held("Person", TWO)
    office.directory.restore_person(THREE)
    run, _ = office.delta()
    assert "came back" in run["ran_because"]
    assert "Left on" not in office.held("Person", THREE)
    assert office.held("Device", DEVICE)["Assigned To"] == [CAST[3].display_name]
    assert office.held("Person", TWO)["Manager"] == [CAST[3].display_name]


@pytest.mark.parametrize("status", [410, 400])
def test_a_link_that_is_lost_means_a_full_read_and_nobody_leaves(
    office: Office, status: int
) -> None:
    behaviour = office.world.microsoft.behaviour
    behaviour.expired_delta = status
    behaviour.delta_generation += 1
    office.directory.change_person(BOSS, jobTitle=f"After {status}")
    run, _ = office.delta()
    assert (run["ran_as"], run["counts"]["leavers"]) == ("full", 0)
    assert office.held("Person", BOSS)["Job title"] == [f"After {status}"]
    assert office.delta()[0]["ran_as"] == "delta"


def test_other_rules_mean_a_full_read(office: Office) -> None:
    rules = {**office.world.credentials.into_assets["import"], **RULES}
    for leavers in ("keep", "mark"):
        office.admin.call("PUT", "/api/settings/import", rules | {"leavers": leavers})
        run, _ = office.delta()
        assert run["ran_because"] == "The settings have changed since the last read."


def test_links_are_sealed_and_never_logged(office: Office) -> None:
    stored = office.world.site.properties.held
    names = [name for name in stored if ".delta-links." in name]
    text = str(stored) + office.log.read_text()
    assert len(names) == 1
    assert "deltatoken" not in text
    assert office.world.graph_url + "/v1.0" not in text
