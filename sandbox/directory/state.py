"""What a directory holds and how it is read: tables, who manages whom, who owns what, members."""

import threading
from dataclasses import dataclass, field
from functools import partial

from sandbox.directory.devices import DEVICE_COLUMNS, MANAGED_COLUMNS
from sandbox.directory.groups import GROUP_COLUMNS, Members
from sandbox.directory.journal import Journal
from sandbox.directory.people import USER_COLUMNS
from sandbox.directory.table import Table

APPLICATION_COLUMNS = (
    "id", "appId", "displayName", "createdDateTime", "publisherDomain", "passwordCredentials",
)  # fmt: skip
PRINCIPAL_COLUMNS = ("id", "appId", "displayName", "accountEnabled", "servicePrincipalType")


@dataclass
class State:
    """The tables and the relations. Hold `lock` while reading what another thread may change.

    `former_managers` holds whom a person reported to before they reported to nobody.
    `owners` maps a device to its registered owners, `managers` a person to theirs, `members` a
    group to its direct members in order (False = left: its place stays, so pages do not shift).
    """

    users: Table = field(default_factory=partial(Table, "user", USER_COLUMNS))
    deleted_users: Table = field(default_factory=partial(Table, "user", USER_COLUMNS))
    groups: Table = field(default_factory=partial(Table, "group", GROUP_COLUMNS))
    devices: Table = field(default_factory=partial(Table, "device", DEVICE_COLUMNS))
    managed: Table = field(default_factory=partial(Table, "managedDevice", MANAGED_COLUMNS))
    applications: Table = field(default_factory=partial(Table, "application", APPLICATION_COLUMNS))
    principals: Table = field(default_factory=partial(Table, "servicePrincipal", PRINCIPAL_COLUMNS))
    managers: dict[str, str] = field(default_factory=dict)
    former_managers: dict[str, str] = field(default_factory=dict)
    owners: dict[str, tuple[str, ...]] = field(default_factory=dict)
    members: Members = field(default_factory=dict)
    journal: Journal = field(default_factory=Journal)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def table_of(self, object_id: str) -> Table | None:
        """The table that holds a directory object now; None for one that is gone or deleted."""
        for table in (self.users, self.groups, self.devices, self.principals):
            if object_id in table:
                return table
        return None

    def manager_of(self, person: str) -> str | None:
        """The manager, if there is one and they are not deleted."""
        manager = self.managers.get(person)
        return manager if manager is not None and manager in self.users else None

    def owners_of(self, device: str) -> tuple[str, ...]:
        """The registered owners who are not deleted."""
        return tuple(one for one in self.owners.get(device, ()) if one in self.users)

    def members_of(self, group: str) -> list[str]:
        """Direct members. A deleted person stays one until they are gone for good."""
        return [one for one, joined in self.members.get(group, {}).items() if joined]

    def transitive_members(self, group: str) -> list[str]:
        """Members of the group and of the groups within it, each once; rings do no harm."""
        found: dict[str, None] = {}
        waiting, seen = [group], {group}
        while waiting:
            for one in self.members_of(waiting.pop(0)):
                if self.table_of(one) is not None and one != group:
                    found[one] = None
                if one in self.groups and one not in seen:
                    seen.add(one)
                    waiting.append(one)
        return list(found)
