"""The collections of Graph that are played: their table, properties, permissions and relations."""

from dataclasses import dataclass

from sandbox.directory import Directory
from sandbox.directory.table import Table
from sandbox.graph import properties

_DIRECTORY_ROLES = frozenset({"Directory.Read.All", "Directory.ReadWrite.All"})


@dataclass(frozen=True)
class Resource:
    """`table` names a table of the directory; any of `roles` is enough to read it.

    `relation` is what `$expand` may name. `delta_relation` is what a delta's `$select` may name.
    """

    path: str
    table: str
    kind: str
    properties: frozenset[str]
    roles: frozenset[str]
    default: tuple[str, ...] = ()
    relation: str = ""
    delta_relation: str = ""
    has_delta: bool = False
    in_directory: bool = True

    def rows(self, directory: Directory) -> Table:
        """The table in a directory."""
        table: Table = getattr(directory, self.table)
        return table

    def defaults(self, table: Table) -> tuple[str, ...]:
        """What an answer holds without $select."""
        return self.default or tuple(n for n in table.columns if n in self.properties)


USER_ROLES = frozenset({"User.Read.All", "User.ReadWrite.All"}) | _DIRECTORY_ROLES
GROUP_ROLES = (
    frozenset({"Group.Read.All", "Group.ReadWrite.All", "GroupMember.Read.All"}) | _DIRECTORY_ROLES
)
DEVICE_ROLES = frozenset({"Device.Read.All", "Device.ReadWrite.All"}) | _DIRECTORY_ROLES
INTUNE_ROLES = frozenset(
    {
        "DeviceManagementManagedDevices.Read.All",
        "DeviceManagementManagedDevices.ReadWrite.All",
    }
)
APPLICATION_ROLES = (
    frozenset({"Application.Read.All", "Application.ReadWrite.All"}) | _DIRECTORY_ROLES
)
BASIC_ROLE = "User.ReadBasic.All"

USERS = Resource(
    "users",
    "users",
    "user",
    properties.USER,
    USER_ROLES,
    properties.USER_DEFAULT,
    relation="manager",
    delta_relation="manager",
    has_delta=True,
)
GROUPS = Resource(
    "groups",
    "groups",
    "group",
    properties.GROUP,
    GROUP_ROLES,
    delta_relation="members",
    has_delta=True,
)
DEVICES = Resource(
    "devices",
    "devices",
    "device",
    properties.DEVICE,
    DEVICE_ROLES,
    relation="registeredOwners",
    has_delta=True,
)
DELETED_USERS = Resource(
    "directory/deletedItems/microsoft.graph.user",
    "deleted_users",
    "user",
    properties.USER,
    USER_ROLES,
    (*properties.USER_DEFAULT, "deletedDateTime"),
)
MANAGED_DEVICES = Resource(
    "deviceManagement/managedDevices",
    "managed",
    "managedDevice",
    properties.MANAGED_DEVICE,
    INTUNE_ROLES,
    in_directory=False,
)
APPLICATIONS = Resource(
    "applications", "applications", "application", properties.APPLICATION, APPLICATION_ROLES
)
SERVICE_PRINCIPALS = Resource(
    "servicePrincipals",
    "principals",
    "servicePrincipal",
    properties.SERVICE_PRINCIPAL,
    APPLICATION_ROLES,
)
COLLECTIONS = (
    USERS,
    GROUPS,
    DEVICES,
    DELETED_USERS,
    MANAGED_DEVICES,
    APPLICATIONS,
    SERVICE_PRINCIPALS,
)
BY_KIND = {one.kind: one for one in (USERS, GROUPS, DEVICES, SERVICE_PRINCIPALS)}
