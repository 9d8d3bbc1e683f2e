"""Every kind switched on, over real sockets: Assets then says what Entra ID and Intune say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from sandbox.administrator import Member, member, run_import, save_settings
from sandbox.app_process import AppProcess
from sandbox.assets.model import Thing
from sandbox.directory import CAST, Directory, generate
from sandbox.directory.managed_oddities import SHARED_SERIAL, TWIN_SERIAL
from sandbox.directory.names import JUNK_SERIALS
from sandbox.world import World
from tests.end_to_end.conftest import Life

pytestmark = pytest.mark.live
EVERY = {"managed_devices": True, "departments": True, "locations": True, "applications": True}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    log = tmp_path_factory.mktemp("every-kind") / "log"
    world = World(generate(40, 7))
    world.start()
    with log.open("w") as stream:
        app = AppProcess(world.environment(), stream)
        try:
            app.start()
            world.site.install(world.app_base_url)
            with member(world, world.site.cast.administrator) as boss:
                save_settings(boss, world.credentials, objects=EVERY)
                assert run_import(boss)["state"] == "succeeded"
            yield Life(world, app, log)
        finally:
            app.stop()
            world.stop()


@pytest.fixture
def boss(company: Life) -> Iterator[Member]:
    with member(company.world, company.world.site.cast.administrator) as one:
        yield one


class Shown:
    """What stands in Assets, by attribute names."""

    def __init__(self, life: Life) -> None:
        self._space = life.world.assets.workspace

    def of(self, type_name: str) -> dict[str, dict[str, str]]:
        """The objects of a type by Entra ID, or by name."""
        schema = next(s.id for s in self._space.schemas.values() if s.name == "People and devices")
        types = {t.id for t in self._space.types.values()
                 if t.name == type_name and t.schema_id == schema}  # fmt: skip
        rows = [self._row(each) for each in self._space.things.values() if each.type_id in types]
        return {row.get("Entra ID", row.get("Name", "")): row for row in rows}

    def _row(self, thing: Thing) -> dict[str, str]:
        row = {}
        for number, values in thing.values.items():
            attribute = self._space.attributes[number]
            if attribute.target_type_id and values:
                row[attribute.name] = self._space.things[int(values[0])].label
            elif values:
                row[attribute.name] = values[0]
        return row


def members(directory: Directory) -> list[str]:
    return [one for one in directory.users if directory.users.value(one, "userType") != "Guest"]


def test_a_second_run_changes_nothing_and_counts_what_cannot_come(
    company: Life, boss: Member
) -> None:
    run_import(boss)
    run = run_import(boss)
    assert (run["state"], run["counts"]["create"], run["counts"]["update"]) == ("succeeded", 0, 0)
    directory = company.world.directory
    guests = len(directory.users) - len(members(directory))
    assert run["counts"]["skipped"] == guests + 2  # and two records of Intune without a device


def test_devices_say_what_intune_says(company: Life) -> None:
    directory, shown = company.world.directory, Shown(company).of("Device")
    assert set(shown) == set(directory.devices)
    serials = Counter(row.get("Serial number") for row in shown.values())
    assert not set(serials) & {*(each for each in JUNK_SERIALS if each), SHARED_SERIAL}
    assert serials[TWIN_SERIAL] == 2
    for owner in CAST:
        for device in owner.devices:
            row = shown[device.entra_id]
            assert (row["Serial number"], row["Assigned To"]) == (device.serial, owner.display_name)
            assert (row["Compliance"], row["Ownership"]) == ("compliant", "Company")
    assert "inGracePeriod" in {row.get("Compliance") for row in shown.values()}


def test_departments_and_locations_stand_once_and_people_point_to_them(company: Life) -> None:
    directory, shown = company.world.directory, Shown(company)
    for kind, field in (("Department", "department"), ("Location", "officeLocation")):
        said = {
            one: str(directory.users.value(one, field) or "").strip()[:255]
            for one in members(directory)
        }
        names = {name.casefold() for name in said.values() if name}
        things = shown.of(kind)
        assert len(things) == len({name.casefold() for name in things})
        assert names <= {name.casefold() for name in things}
        people = shown.of("Person")
        for one, name in said.items():
            assert people[one].get(f"{kind} object", "").casefold() == name.casefold()


def test_applications_are_the_registrations(company: Life) -> None:
    directory = company.world.directory
    names = {one: directory.applications.value(one, "displayName")
             for one in directory.applications}  # fmt: skip
    shown = Shown(company).of("Application")
    assert {one: row["Name"] for one, row in shown.items()} == names
    assert set(shown).isdisjoint(directory.principals)


def test_what_changes_in_intune_and_entra_changes_in_assets(company: Life, boss: Member) -> None:
    directory = company.world.directory
    cast = {device.entra_id for one in CAST for device in one.devices}
    users = {directory.managed.value(one, "userId") for one in directory.managed}
    theirs = [
        one for one in directory.devices
        if one not in cast and {*directory.owners_of(one)} & users & {*members(directory)}
        and directory.devices.value(one, "isManaged")
    ]  # fmt: skip
    handed_on, given_back = theirs[-2:]
    directory.hand_over(handed_on, CAST[3].entra_id)
    directory.hand_over(given_back, None)
    directory.change_person(CAST[2].entra_id, department="Kitchen", officeLocation=None)
    application = next(iter(directory.applications))
    directory.change_application(application, displayName="Wages")
    assert run_import(boss)["state"] == "succeeded"
    shown = Shown(company)
    devices, maeve = shown.of("Device"), shown.of("Person")[CAST[2].entra_id]
    assert devices[handed_on]["Assigned To"] == CAST[3].display_name
    assert "Assigned To" not in devices[given_back]
    assert (maeve["Department object"], maeve.get("Location object")) == ("Kitchen", None)
    assert shown.of("Application")[application]["Name"] == "Wages"


def test_graph_is_asked_for_nothing_but_what_is_listed_and_used(company: Life) -> None:
    calls = {(each.method, each.path) for each in company.world.microsoft.graph.calls}
    listed = ("users/delta", "users", "groups/delta", "groups", "devices/delta", "devices",
              "deviceManagement/managedDevices", "applications", "$batch")  # fmt: skip
    paths = {path.removeprefix("/v1.0/") for _, path in calls}
    assert paths - set(listed) == {each for each in paths if each.endswith("/registeredOwners")}


def test_a_tenant_without_intune_is_told_so_and_nothing_is_written(
    company: Life, boss: Member
) -> None:
    graph = company.world.microsoft.graph
    graph.behaviour.intune_licensed = False
    try:
        run = run_import(boss)
    finally:
        graph.behaviour.intune_licensed = True
    assert (run["state"], run["reason"]) == ("failed", "no_intune")


def test_kinds_that_are_switched_off_stay(company: Life, boss: Member) -> None:
    run_import(boss)
    before = {name: Shown(company).of(name) for name in ("Application", "Department", "Device")}
    source = company.world.import_source
    few = {"missing_objects": "unknown", "objects": {"devices": False}}
    try:
        source.missing_objects = "remove"  # what Jira really does, whatever was claimed
        save_settings(boss, company.world.credentials, **few)
        company.world.directory.change_person(CAST[2].entra_id, jobTitle="Chef")
        assert run_import(boss)["state"] == "succeeded"
        assert {name: Shown(company).of(name) for name in before} == before
    finally:
        source.missing_objects = "ignore"
        save_settings(boss, company.world.credentials, objects=EVERY)
