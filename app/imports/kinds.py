"""The one table of what an import fills: kinds, their attributes, and where Graph keeps each value.

The mapping document, Graph's `$select`, the entries sent to Assets and the comparison with what
Assets holds are all derived from it. Names are the contract's ("Types and attributes it fills").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from app.imports.turns import (
    ACTIVE,
    DISABLED,
    LEFT,
    as_compliance,
    as_day,
    as_long_text,
    as_moment,
    as_status,
    as_text,
)
from app.site_settings.documents import Objects

KindName = Literal["person", "group", "device"]
Form = Literal["text", "textarea", "email", "date", "date_time", "status"]

STATUSES: Final = {ACTIVE: "active", DISABLED: "inactive", LEFT: "inactive"}

_HELD: Final[dict[Form, Callable[[object], str]]] = {
    "textarea": as_long_text,
    "date": as_day,
    "date_time": as_moment,
}


@dataclass(frozen=True)
class Attribute:
    """A plain value. Without a `source` in Graph the import never compares nor clears it."""

    name: str
    locator: str
    source: str | None = None
    form: Form = "text"
    turn: Callable[[object], str] = as_text
    label: bool = False
    identity: bool = False
    description: str = ""

    @property
    def slug(self) -> str:
        return self.name.lower().replace(" ", "-")

    def held(self, text: str) -> str:
        """The value as Assets shows it, in the form in which the import writes it."""
        return _HELD.get(self.form, as_text)(text)


@dataclass(frozen=True)
class Reference:
    """A pointer to another kind, by Entra id. `many` ones are written by PUT, not by the import:

    how an import matches several values is NC (facts, 2.3, `objectMappingIQL`).
    """

    name: str
    locator: str
    target: KindName
    source: str
    many: bool = False

    @property
    def slug(self) -> str:
        return self.name.lower().replace(" ", "-")


@dataclass(frozen=True)
class Kind:
    """`leaves`: who is no longer in Entra can be kept, marked or deleted. `selector` is where the
    entries lie in a chunk."""

    name: KindName
    type_name: str
    description: str
    selector: str
    plain: tuple[Attribute, ...]
    references: tuple[Reference, ...] = ()
    leaves: bool = False

    @property
    def parts(self) -> tuple[Attribute | Reference, ...]:
        return (*self.plain, *self.references)


ENTRA_ID: Final = Attribute("Entra ID", "entraId", "id", identity=True)
NAME: Final = Attribute("Name", "name", "displayName", label=True)
STATUS: Final = Attribute("Status", "status", "accountEnabled", "status", as_status)
LEFT_ON: Final = Attribute("Left on", "leftOn", None, "date", as_day)
JIRA_ACCOUNT: Final = "Jira account"

MANAGER: Final = Reference("Manager", "managerId", "person", "manager")
GROUPS: Final = Reference("Groups", "groupIds", "group", "members", many=True)
ASSIGNED_TO: Final = Reference("Assigned To", "assignedToId", "person", "registeredOwners")

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
    (MANAGER, GROUPS),
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
        Attribute("Serial number", "serialNumber"),
        Attribute("Manufacturer", "manufacturer", "manufacturer"),
        Attribute("Model", "model", "model"),
        Attribute("Operating system", "operatingSystem", "operatingSystem"),
        Attribute("OS version", "osVersion", "operatingSystemVersion"),
        Attribute("Compliance", "compliance", "isCompliant", turn=as_compliance),
        Attribute("Ownership", "ownership", "deviceOwnership"),
        Attribute("Last seen", "lastSeen", "approximateLastSignInDateTime", "date_time", as_moment),
        STATUS,
        LEFT_ON,
    ),
    (ASSIGNED_TO,),
    leaves=True,
)

# Groups first: a person's memberships and a device's owner then point to what is known already.
KINDS: Final[tuple[Kind, ...]] = (GROUP, PERSON, DEVICE)
BY_NAME: Final = {kind.name: kind for kind in KINDS}


def kinds_asked(objects: Objects) -> tuple[Kind, ...]:
    """The kinds an administrator switched on, in the order they are read."""
    asked = {"person": objects.users, "group": objects.groups, "device": objects.devices}
    return tuple(kind for kind in KINDS if asked[kind.name])


def label_bit(kind: Kind) -> int:
    """The label's bit among the plain values: it is never cleared, Assets needs one."""
    return next(1 << place for place, attribute in enumerate(kind.plain) if attribute.label)


def selected(kind: Kind, *extra: str) -> tuple[str, ...]:
    """What `$select` names: exactly what the table and the filters need, nothing else."""
    sources = [attribute.source for attribute in kind.plain if attribute.source]
    return tuple(dict.fromkeys([*sources, *extra]))
