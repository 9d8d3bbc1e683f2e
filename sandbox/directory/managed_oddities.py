"""The records of Intune every importer trips over, made of ordinary ones. No chance in it."""

from typing import Any

from sandbox.directory.cast import CAST
from sandbox.directory.devices import NO_USER, intune_user
from sandbox.directory.state import State
from sandbox.directory.table import Table

FEWEST = 20  # managed devices of ordinary people, below which none is made odd
NO_DEVICE = "00000000-0000-0000-0000-000000000000"
SHARED_SERIAL = "OEM-0815"  # a placeholder that nobody has heard of, on many devices
TWIN_SERIAL = "TWIN-4711"  # of two devices


def invent_odd_records(directory: State) -> None:
    """Change some records, and add three: two of no device, one that a device has left behind."""
    managed, cast = directory.managed, {device.serial for one in CAST for device in one.devices}
    ordinary = [one for one in managed if managed.value(one, "serialNumber") not in cast]
    if len(ordinary) < FEWEST:
        return
    for record, changes in zip(ordinary, _changes(directory, ordinary), strict=False):
        managed.change(record, changes)
    for place, joins in enumerate((NO_DEVICE, "0dd00000-0000-4000-8000-000000000001")):
        _add(managed, ordinary[place], place, {"azureADDeviceId": joins})
    left_behind = {"lastSyncDateTime": "2018-01-01T00:00:00Z", "serialNumber": "OLD-1", **NO_USER}
    _add(managed, ordinary[10], 2, left_behind)


def _changes(directory: State, ordinary: list[str]) -> list[dict[str, Any]]:
    """One for each of the first records."""
    somebody = intune_user(directory.users, directory.users.order[len(CAST)])
    return [
        {"complianceState": "inGracePeriod"},
        {"complianceState": "unknown", "managedDeviceOwnerType": "unknown"},
        {"lastSyncDateTime": "0001-01-01T00:00:00Z"},
        dict(NO_USER),  # shared, whoever registered it
        somebody,  # handed on: the registered owner stays who it was
        {"serialNumber": TWIN_SERIAL},
        {"serialNumber": TWIN_SERIAL},
        {"manufacturer": "", "model": "", "osVersion": ""},
        {"azureADDeviceId": str(directory.managed.value(ordinary[8], "azureADDeviceId")).upper()},
        {"userId": NO_DEVICE},
        {},
        *({"serialNumber": SHARED_SERIAL} for _ in range(6)),
    ]


def _add(managed: Table, like: str, place: int, changes: dict[str, Any]) -> None:
    own = f"0dd3a4a6-0000-4000-8000-{place:012x}"
    managed.add({**managed.as_dict(like), "id": own, **changes})
