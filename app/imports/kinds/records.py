"""What Graph says about a person, a group or a device, reduced to what the table of kinds needs.

Typed, so that a page is decoded straight from its bytes. `repr` is never logged.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec


class Removed(msgspec.Struct):
    """`changed`: soft-deleted, can be restored. `deleted`: gone for good."""

    reason: str = ""


class Pointer(msgspec.Struct):
    """An entry of a relationship. Of a type the app may not read only these two come."""

    id: str
    type: str = msgspec.field(default="", name="@odata.type")
    removed: Removed | None = msgspec.field(default=None, name="@removed")


class PersonRow(msgspec.Struct, rename="camel"):
    id: str
    display_name: str | None = None
    mail: str | None = None
    user_principal_name: str | None = None
    job_title: str | None = None
    department: str | None = None
    company_name: str | None = None
    office_location: str | None = None
    employee_id: str | None = None
    account_enabled: bool | None = None
    user_type: str | None = None
    manager: list[Pointer] | None = msgspec.field(default=None, name="manager@delta")
    removed: Removed | None = msgspec.field(default=None, name="@removed")


class GroupRow(msgspec.Struct, rename="camel"):
    id: str
    display_name: str | None = None
    mail: str | None = None
    description: str | None = None
    members: list[Pointer] | None = msgspec.field(default=None, name="members@delta")
    removed: Removed | None = msgspec.field(default=None, name="@removed")


class DeviceRow(msgspec.Struct, rename="camel"):
    """`owners` is None where the list did not say: they are then asked by batch.

    What Intune says of the device is put over it, in Intune's words; the serial number is only
    there.
    """

    id: str
    device_id: str | None = None
    serial_number: str | None = None
    display_name: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    operating_system: str | None = None
    operating_system_version: str | None = None
    is_compliant: bool | str | None = None
    device_ownership: str | None = None
    approximate_last_sign_in_date_time: str | None = None
    account_enabled: bool | None = None
    owners: list[Pointer] | None = msgspec.field(default=None, name="registeredOwners")
    more_owners: str | None = msgspec.field(default=None, name="registeredOwners@odata.nextLink")
    removed: Removed | None = msgspec.field(default=None, name="@removed")


class ManagedRow(msgspec.Struct, rename="camel"):
    """A device as Intune manages it. `user_id` is its primary user: empty for a shared device,
    None where Intune does not say."""

    id: str
    joins: str | None = msgspec.field(default=None, name="azureADDeviceId")
    user_id: str | None = None
    serial_number: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    os_version: str | None = None
    compliance_state: str | None = None
    managed_device_owner_type: str | None = None
    last_sync_date_time: str | None = None


class ApplicationRow(msgspec.Struct, rename="camel"):
    id: str
    display_name: str | None = None


class NameRow(msgspec.Struct):
    """Something that Entra ID only names: its name is its identity."""

    id: str


Row = PersonRow | GroupRow | DeviceRow | ApplicationRow | NameRow
RowType = TypeVar("RowType")


class RowPage(msgspec.Struct, Generic[RowType]):
    """One page. A page without `value` is no page: Graph always sends one, even an empty one."""

    value: list[RowType]
    next_link: str | None = msgspec.field(default=None, name="@odata.nextLink")
    delta_link: str | None = msgspec.field(default=None, name="@odata.deltaLink")


def person_of(pointers: list[Pointer] | None) -> str | None:
    """The first person a relationship names: a device may be owned by something else."""
    for pointer in pointers or ():
        kind = pointer.type.rpartition(".")[2].lower()
        if pointer.removed is None and kind in ("", "user"):
            return pointer.id
    return None
