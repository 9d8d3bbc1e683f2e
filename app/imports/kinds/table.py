"""The one table of what an import fills: kinds, their attributes, and where Graph keeps each value.

The mapping document, Graph's `$select`, the entries sent to Assets and the comparison with what
Assets holds are all derived from it. Names are the contract's ("Types and attributes it fills").
"""

from __future__ import annotations

from typing import Final

from app.imports.kinds.attributes import Attribute, Kind, KindName, Reference
from app.imports.kinds.turns import (
    ACTIVE,
    DISABLED,
    LEFT,
    as_compliance,
    as_day,
    as_long_text,
    as_moment,
    as_status,
)
from app.site_settings.documents import Objects

__all__ = ["BY_NAME", "KINDS", "Attribute", "Kind", "KindName", "Reference"]

STATUSES: Final = {ACTIVE: "active", DISABLED: "inactive", LEFT: "inactive"}

ENTRA_ID: Final = Attribute("Entra ID", "entraId", "id", identity=True)
NAME: Final = Attribute("Name", "name", "displayName", label=True)
STATUS: Final = Attribute("Status", "status", "accountEnabled", "status", as_status)
LEFT_ON: Final = Attribute("Left on", "leftOn", None, "date", as_day)
JIRA_ACCOUNT: Final = "Jira account"

NAME_KEY: Final = Attribute("Name", "name", "id", label=True, identity=True)

MANAGER: Final = Reference("Manager", "managerId", "person", "manager")
GROUPS: Final = Reference("Groups", "groupIds", "group", "members", many=True)
ASSIGNED_TO: Final = Reference("Assigned To", "assignedToId", "person", "registeredOwners")
DEPARTMENT_OBJECT: Final = Reference(
    "Department object", "departmentName", "department", "department", by_name=True
)
LOCATION_OBJECT: Final = Reference(
    "Location object", "locationName", "location", "officeLocation", by_name=True
)

PERSON: Final = Kind(
    "person",
    "Person",
    "People of Microsoft Entra ID",
    "people",
    (
        ENTRA_ID,
        NAME,
        Attribute("Email", "email", "mail", "email"),
        Attribute("User principal name", "userPrincipalName", "userPrincipalName"),
        Attribute("Job title", "jobTitle", "jobTitle"),
        Attribute("Department", "department", "department"),
        Attribute("Company", "company", "companyName"),
        Attribute("Office location", "officeLocation", "officeLocation"),
        Attribute("Employee ID", "employeeId", "employeeId"),
        STATUS,
        LEFT_ON,
    ),
    (DEPARTMENT_OBJECT, LOCATION_OBJECT, MANAGER, GROUPS),
    leaves=True,
)
GROUP: Final = Kind(
    "group",
    "Group",
    "Groups of Microsoft Entra ID",
    "groups",
    (
        ENTRA_ID,
        NAME,
        Attribute("Email", "email", "mail", "email"),
        Attribute("Description", "description", "description", "textarea", as_long_text),
    ),
)
DEVICE: Final = Kind(
    "device",
    "Device",
    "Devices of Microsoft Entra ID",
    "devices",
    (
        ENTRA_ID,
        NAME,
        Attribute("Serial number", "serialNumber", intune="serialNumber"),
        Attribute("Manufacturer", "manufacturer", "manufacturer", intune="manufacturer"),
        Attribute("Model", "model", "model", intune="model"),
        Attribute("Operating system", "operatingSystem", "operatingSystem"),
        Attribute("OS version", "osVersion", "operatingSystemVersion", intune="osVersion"),
        Attribute(
            "Compliance", "compliance", "isCompliant", turn=as_compliance, intune="complianceState"
        ),
        Attribute("Ownership", "ownership", "deviceOwnership", intune="managedDeviceOwnerType"),
        Attribute(
            "Last seen",
            "lastSeen",
            "approximateLastSignInDateTime",
            "date_time",
            as_moment,
            intune="lastSyncDateTime",
        ),
        STATUS,
        LEFT_ON,
    ),
    (ASSIGNED_TO,),
    leaves=True,
)

DEPARTMENT: Final = Kind(
    "department", "Department", "Departments of the people in Entra ID", "departments", (NAME_KEY,)
)
LOCATION: Final = Kind(
    "location", "Location", "Office locations of the people in Entra ID", "locations", (NAME_KEY,)
)
APPLICATION: Final = Kind(
    "application",
    "Application",
    "Applications registered in Microsoft Entra ID",
    "applications",
    (ENTRA_ID, NAME),
)

# What others point to comes before them: a reference then is to what is known already.
KINDS: Final[tuple[Kind, ...]] = (GROUP, DEPARTMENT, LOCATION, PERSON, DEVICE, APPLICATION)
BY_NAME: Final = {kind.name: kind for kind in KINDS}


def kinds_asked(objects: Objects) -> tuple[Kind, ...]:
    """The kinds an administrator switched on, in the order they are read."""
    asked = {
        "person": objects.users,
        "group": objects.groups,
        # Managed devices alone: the devices of Entra ID that Intune manages, and no others.
        "device": objects.devices or objects.managed_devices,
        "department": objects.departments,
        "location": objects.locations,
        "application": objects.applications,
    }
    return tuple(kind for kind in KINDS if asked[kind.name])


def label_bit(kind: Kind) -> int:
    """The label's bit among the plain values: it is never cleared, Assets needs one."""
    return next(1 << place for place, attribute in enumerate(kind.plain) if attribute.label)


def selected(kind: Kind, *extra: str) -> tuple[str, ...]:
    """What `$select` names: exactly what the table and the filters need, nothing else."""
    sources = [attribute.source for attribute in kind.plain if attribute.source]
    return tuple(dict.fromkeys([*sources, *extra]))


def selected_in_intune() -> tuple[str, ...]:
    """The same for managed devices, with what joins them to a device and says who uses it."""
    held = [attribute.intune for attribute in DEVICE.plain if attribute.intune]
    return ("id", "azureADDeviceId", "userId", *held)
