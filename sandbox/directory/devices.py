"""Invents devices, who owns them, and what Intune knows of them."""

from collections.abc import Sequence
from random import Random
from typing import Any

from sandbox.directory import names
from sandbox.directory.cast import CAST, CastDevice
from sandbox.directory.people import new_id, new_time
from sandbox.directory.table import Table

DEVICE_COLUMNS = (
    "id", "deviceId", "displayName", "operatingSystem", "operatingSystemVersion", "manufacturer",
    "model", "isManaged", "isCompliant", "trustType", "profileType", "accountEnabled",
    "approximateLastSignInDateTime", "registrationDateTime", "deviceOwnership", "deletedDateTime",
)  # fmt: skip
MANAGED_COLUMNS = (
    "id", "deviceName", "userId", "userPrincipalName", "userDisplayName", "emailAddress",
    "serialNumber", "manufacturer", "model", "operatingSystem", "osVersion", "complianceState",
    "managedDeviceOwnerType", "enrolledDateTime", "lastSyncDateTime", "azureADDeviceId",
)  # fmt: skip
TWIN_NAME = "DESKTOP-TWIN"
DEVICES_PER_PERSON = 1.5
NO_USER = {"userId": "", "userPrincipalName": "", "userDisplayName": "", "emailAddress": ""}


def intune_user(users: Table, owner: str) -> dict[str, Any]:
    """What Intune copies of the person who uses a device."""
    return {
        "userId": owner,
        "userPrincipalName": users.value(owner, "userPrincipalName"),
        "userDisplayName": users.value(owner, "displayName"),
        "emailAddress": users.value(owner, "mail") or "",
    }


def invent_devices(
    devices: Table, managed: Table, users: Table, random: Random
) -> dict[str, tuple[str, ...]]:
    """Fill both tables and give the registered owners by device. Cast devices come first."""
    owners = _cast_devices(devices, managed, users)
    cast = {member.entra_id for member in CAST}
    others = [one for one in users.order if one not in cast]
    total = round(len(users) * DEVICES_PER_PERSON)
    for number in range(len(devices), total):
        owner = _owner(others, random)
        row = _device(number, random)
        device_id = devices.add(row)
        if owner:
            owners[device_id] = (owner,)
        if row["isManaged"]:
            _manage(managed, users, row, owner, _serial(number, random), new_id(random))
    return owners


def _owner(others: Sequence[str], random: Random) -> str:
    return random.choice(others) if others and random.random() > 0.08 else ""


def _serial(number: int, random: Random) -> str | None:
    if random.random() < 0.05:
        return random.choice(names.JUNK_SERIALS)
    return f"SN{number:08d}"


def _device(number: int, random: Random) -> dict[str, Any]:
    prefix, manufacturer, model, system, version = random.choice(names.MAKES)
    managed = random.random() < 0.85
    return {
        "id": new_id(random),
        "deviceId": new_id(random),
        # The first two after the cast share one name: a name is no identity.
        "displayName": TWIN_NAME if number in (7, 8) else f"{prefix}-{number:06d}",
        "operatingSystem": system,
        "operatingSystemVersion": version,
        "manufacturer": manufacturer if managed else None,
        "model": model if managed else None,
        "isManaged": managed,
        "isCompliant": random.random() < 0.9 if managed else None,
        "trustType": random.choice(("AzureAd", "Workplace", "ServerAd")),
        "profileType": "RegisteredDevice",
        "accountEnabled": random.random() > 0.03,
        "approximateLastSignInDateTime": new_time(random),
        "registrationDateTime": new_time(random),
        "deviceOwnership": random.choice(("Company", "Company", "Personal")) if managed else None,
    }


def _manage(
    managed: Table,
    users: Table,
    device: dict[str, Any],
    owner: str,
    serial: str | None,
    managed_id: str,
) -> None:
    managed.add(
        {
            "id": managed_id,
            "deviceName": device["displayName"],
            **(intune_user(users, owner) if owner else NO_USER),
            "serialNumber": serial,
            "manufacturer": device["manufacturer"],
            "model": device["model"],
            "operatingSystem": device["operatingSystem"],
            "osVersion": device["operatingSystemVersion"],
            "complianceState": "compliant" if device["isCompliant"] else "noncompliant",
            "managedDeviceOwnerType": str(device["deviceOwnership"]).lower(),
            "enrolledDateTime": device["registrationDateTime"],
            "lastSyncDateTime": device["approximateLastSignInDateTime"],
            "azureADDeviceId": device["deviceId"],
        }
    )


def _cast_devices(devices: Table, managed: Table, users: Table) -> dict[str, tuple[str, ...]]:
    owners: dict[str, tuple[str, ...]] = {}
    for member in CAST:
        for device in member.devices:
            row = _cast_row(device)
            devices.add(row)
            owners[device.entra_id] = (member.entra_id,)
            managed_id = device.entra_id.replace("de71ce00", "3a4a6ed0")
            _manage(managed, users, row, member.entra_id, device.serial, managed_id)
    return owners


def _cast_row(device: CastDevice) -> dict[str, Any]:
    return {
        "id": device.entra_id,
        "deviceId": device.device_id,
        "displayName": device.name,
        "operatingSystem": device.operating_system,
        "operatingSystemVersion": device.version,
        "manufacturer": device.manufacturer,
        "model": device.model,
        "isManaged": True,
        "isCompliant": True,
        "trustType": "AzureAd",
        "profileType": "RegisteredDevice",
        "accountEnabled": True,
        "approximateLastSignInDateTime": "2026-11-02T07:45:00Z",
        "registrationDateTime": "2023-05-02T08:00:00Z",
        "deviceOwnership": "Company",
    }
