"""What Intune says of a device: joined by the device id, never by a serial number or a name."""

from __future__ import annotations

import pytest

from app.errors import NotAllowed, Problem
from app.imports.kinds.serials import SHARED_BY, real_serial
from app.imports.run.ports import NoIntune
from app.site_settings.documents import ImportRules
from tests.stand_ins.entra_directory import Device, Managed, Person
from tests.stand_ins.import_world import ImportWorld

NOBODY = "00000000-0000-0000-0000-000000000000"


def company(*managed: Managed, **objects: bool) -> ImportWorld:
    asked = {"managed_devices": True, **objects}
    world = ImportWorld(ImportRules.model_validate({"missing_objects": "ignore", "objects": asked}))
    world.graph.people_by_id = {key: Person(key, f"Name {key}") for key in ("p1", "p2")}
    world.graph.devices_by_id = {
        "d1": Device("d1", "Laptop", "Old", owner="p1", device_id="j1"),
        "d2": Device("d2", "Phone", "Pebble", owner="p2", device_id="j2"),
    }
    world.graph.managed = list(managed)
    return world


def devices(world: ImportWorld) -> dict[str, dict[str, object]]:
    return world.assets.state("Device")


def test_intune_s_words_are_laid_over_entra_s_and_others_stay_as_they_are() -> None:
    world = company(
        Managed(
            "m1", "J1", " SN-1 ", "New", "p1", "2026-11-01T10:00:00Z", "inGracePeriod", "company"
        )
    )
    assert world.run()["state"] == "succeeded"
    assert devices(world)["d1"] == {
        "Entra ID": "d1", "Name": "Laptop", "Serial number": "SN-1", "Model": "New",
        "Compliance": "inGracePeriod", "Ownership": "Company", "Status": "Active",
        "Last seen": "2026-11-01T10:00:00Z", "Assigned To": ["p1"],
    }  # fmt: skip
    assert devices(world)["d2"] == {
        "Entra ID": "d2", "Name": "Phone", "Model": "Pebble", "Status": "Active",
        "Assigned To": ["p2"],
    }  # fmt: skip
    world.assets.writes.clear()
    assert world.run()["counts"]["unchanged"] == 4
    assert world.assets.writes == []


def test_what_intune_does_not_say_entra_says() -> None:
    seen = "0001-01-01T00:00:00Z"
    world = company(Managed("m1", "j1", "", " ", None, seen, "unknown", "unknown"))
    world.run()
    assert devices(world)["d1"] == {
        "Entra ID": "d1", "Name": "Laptop", "Model": "Old", "Status": "Active",
        "Assigned To": ["p1"],
    }  # fmt: skip


def test_the_primary_user_counts_more_than_the_registered_owner() -> None:
    world = company(Managed("m1", "j1", user="p2"))
    world.run()
    assert devices(world)["d1"]["Assigned To"] == ["p2"]
    assert devices(world)["d2"]["Assigned To"] == ["p2"]


@pytest.mark.parametrize("user", ["", NOBODY, " "])
def test_a_shared_device_is_nobody_s_whoever_registered_it(user: str) -> None:
    world = company(Managed("m1", "j1", user="p1"))
    world.run()
    world.graph.managed = [Managed("m1", "j1", user=user)]
    assert world.run()["state"] == "succeeded"
    assert "Assigned To" not in devices(world)["d1"]


def test_a_primary_user_is_assigned_reassigned_and_cleared() -> None:
    world = company(Managed("m1", "j1", user="p1"))
    for user in ("p1", "p2", "", "p1", "unknown to entra"):
        world.graph.managed[0].user = user
        world.run()
        given = [user] if user in ("p1", "p2") else None
        assert devices(world)["d1"].get("Assigned To") == given


def test_a_managed_device_without_a_device_in_entra_is_counted_and_not_made() -> None:
    world = company(
        Managed("m1", "j1"), Managed("m2", "gone"), Managed("m3", NOBODY), Managed("m4", None)
    )
    run = world.run()
    assert (run["state"], run["counts"]["skipped"]) == ("succeeded", 3)
    assert set(devices(world)) == {"d1", "d2"}


def test_of_two_records_the_one_that_was_in_touch_last_counts() -> None:
    old = Managed("m9", "j1", "SN-OLD", user="p1", seen="2025-01-01T00:00:00Z")
    new = Managed("m1", "j1", "SN-NEW", user="p2", seen="2026-01-01T00:00:00Z")
    for records in ([old, new], [new, old]):
        world = company(*records)
        run = world.run()
        assert run["counts"]["skipped"] == 0
        assert devices(world)["d1"]["Serial number"] == "SN-NEW"
        assert devices(world)["d1"]["Assigned To"] == ["p2"]


def test_two_devices_with_one_serial_number_stay_two() -> None:
    world = company(Managed("m1", "j1", "SN-1", user="p1"), Managed("m2", "j2", "SN-1", user="p2"))
    world.run()
    assert [each["Serial number"] for each in devices(world).values()] == ["SN-1", "SN-1"]
    assert devices(world)["d1"]["Assigned To"] == ["p1"]
    assert devices(world)["d2"]["Assigned To"] == ["p2"]


@pytest.mark.parametrize(
    "junk",
    [
        "", " ", "0", "000000", "Default string", "To be filled by O.E.M.", "None", "N/A", "-",
        "System Serial Number", "XXXXXXX", "unknown", "Not Specified", "0123456789", "......", None,
    ],
)  # fmt: skip
def test_a_serial_number_that_says_nothing_is_not_shown(junk: str | None) -> None:
    assert real_serial(junk) == ""


@pytest.mark.parametrize("real", ["5CG0123ABC", "PF-0X0X", "C02XK0AAJG5H", "10", "0010"])
def test_any_other_serial_number_is(real: str) -> None:
    assert real_serial(f" {real} ") == real


def test_a_serial_number_that_many_share_is_a_placeholder() -> None:
    records = [Managed(f"m{n}", f"j{n}", "Made Up") for n in range(SHARED_BY)]
    world = company(*records)
    world.run()
    assert "Serial number" not in devices(world)["d1"]
    world.graph.managed.pop()
    world.run()
    assert devices(world)["d1"]["Serial number"] == "Made Up"


def test_without_intune_a_serial_number_that_somebody_typed_stays() -> None:
    world = company(managed_devices=False)
    world.run()
    world.assets.of("Device")[0].plain["Serial number"] = "typed"
    world.graph.devices_by_id["d1"].model = "Newer"
    world.run()
    assert devices(world)["d1"]["Serial number"] == "typed"
    assert "managed" not in world.graph.calls
    assert "deviceId" not in world.graph.selected["devices"]


def test_a_serial_number_that_goes_in_intune_goes_in_assets() -> None:
    world = company(Managed("m1", "j1", "SN-1"))
    world.run()
    world.graph.managed = [Managed("m1", "j1", "Default string")]
    world.run()
    assert "Serial number" not in devices(world)["d1"]


def test_serial_numbers_that_are_gone_for_all_end_the_read() -> None:
    world = company()
    numbers = range(6)
    world.graph.devices_by_id = {f"d{n}": Device(f"d{n}", "D", device_id=f"j{n}") for n in numbers}
    world.graph.managed = [Managed(f"m{n}", f"j{n}", f"SN-{n}") for n in numbers]
    world.run()
    world.graph.managed = []
    run = world.run()
    assert (run["state"], run["reason"]) == ("failed", "empty_source")
    assert "Serial number" in run["next_step"]


def test_managed_devices_alone_bring_no_other_device() -> None:
    world = company(Managed("m1", "j1"), devices=False)
    run = world.run()
    assert set(devices(world)) == {"d1"}
    assert run["counts"]["skipped"] == 1


def test_a_missing_permission_is_named_and_nothing_is_written() -> None:
    world = company(Managed("m1", "j1"))

    def refuse(call: str) -> None:
        if call.startswith("graph.managed"):
            name = "DeviceManagementManagedDevices.Read.All"
            raise NotAllowed("no", problems=[Problem(name, "lacks")])

    world.graph.before = refuse
    run = world.run()
    assert (run["state"], run["reason"]) == ("failed", "graph_not_allowed")
    assert "DeviceManagementManagedDevices.Read.All" in run["next_step"]
    assert world.assets.writes == []


def test_a_tenant_without_intune_is_told_so() -> None:
    world = company(Managed("m1", "j1"))

    def refuse(call: str) -> None:
        if call.startswith("graph.managed"):
            raise NoIntune("no")

    world.graph.before = refuse
    run = world.run()
    assert (run["state"], run["reason"]) == ("failed", "no_intune")
    assert "licence" in run["next_step"]
    assert world.assets.writes == []


def test_select_asks_intune_for_what_is_used_and_nothing_else() -> None:
    world = company(Managed("m1", "j1"))
    world.run()
    assert world.graph.selected["managed"] == (
        "id", "azureADDeviceId", "userId", "serialNumber", "manufacturer", "model", "osVersion",
        "complianceState", "managedDeviceOwnerType", "lastSyncDateTime",
    )  # fmt: skip
    assert "deviceId" in world.graph.selected["devices"]
    assert "serialNumber" not in world.graph.selected["devices"]
