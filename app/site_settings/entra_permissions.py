"""Which application permissions of Microsoft Graph an import needs, and what a token's roles lack.

Pure. Source: Microsoft Graph permissions reference; the narrowest permission for each read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from app.site_settings.documents import ImportRules

USERS: Final = "User.Read.All"
GROUPS: Final = "GroupMember.Read.All"
DEVICES: Final = "Device.Read.All"
MANAGED_DEVICES: Final = "DeviceManagementManagedDevices.Read.All"
APPLICATIONS: Final = "Application.Read.All"

_DIRECTORY: Final = frozenset({"Directory.Read.All", "Directory.ReadWrite.All"})
# Needed permission → the wider ones that contain it.
WIDER: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        USERS: _DIRECTORY | {"User.ReadWrite.All"},
        GROUPS: _DIRECTORY | {"Group.Read.All", "Group.ReadWrite.All", "GroupMember.ReadWrite.All"},
        DEVICES: _DIRECTORY | {"Device.ReadWrite.All"},
        MANAGED_DEVICES: frozenset({"DeviceManagementManagedDevices.ReadWrite.All"}),
        APPLICATIONS: _DIRECTORY | {"Application.ReadWrite.All"},
    }
)


def needed_permissions(rules: ImportRules) -> list[str]:
    """What the enabled kinds and filters of these rules read. Departments and locations are
    made of the people's own fields."""
    objects = rules.objects
    wanted = {
        USERS: objects.users or objects.departments or objects.locations,
        GROUPS: objects.groups or bool(rules.memberships) or bool(rules.filter.groups),
        # What Intune manages is joined to the devices of Entra ID.
        DEVICES: objects.devices or objects.managed_devices,
        MANAGED_DEVICES: objects.managed_devices,
        APPLICATIONS: objects.applications,
    }
    return [name for name, is_wanted in wanted.items() if is_wanted]


def missing_permissions(rules: ImportRules, roles: Iterable[str]) -> list[str]:
    """The needed permissions that neither stand in the roles nor are contained in one of them."""
    granted = set(roles)
    return [
        name
        for name in needed_permissions(rules)
        if name not in granted and not WIDER[name] & granted
    ]


def may_read_applications(roles: Iterable[str]) -> bool:
    """Whether these roles let the app look up its own registration."""
    return bool({APPLICATIONS, *WIDER[APPLICATIONS]} & set(roles))


def writing_permissions(roles: Iterable[str]) -> list[str]:
    """The roles that allow more than reading.

    Graph names them `Thing.Verb.Scope`. Only a verb that begins with Read and does not write is
    harmless; a name of any other form is taken for one that is not.
    """
    return sorted(role for role in roles if not _only_reads(role))


def _only_reads(role: str) -> bool:
    verbs = [word for word in role.split(".")[1:] if word.startswith("Read")]
    return bool(verbs) and not any("Write" in verb for verb in verbs)
