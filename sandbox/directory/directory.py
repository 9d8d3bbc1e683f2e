"""The directory that tests change: every change is journalled, so that delta answers show it."""

from typing import Any

from sandbox.directory.beside import Beside
from sandbox.directory.devices import NO_USER, intune_user
from sandbox.directory.journal import EVERYTHING, Change, Journal


class Directory(Beside):
    """State plus the changes an administrator or Entra itself would make. Ids are object ids."""

    def add_person(self, **values: Any) -> str:
        """A new person; `id` and `userPrincipalName` are needed."""
        return self._add(self.users, values)

    def change_person(self, person: str, **values: Any) -> None:
        """Set Graph properties of a person; None clears one."""
        self._change(self.users, person, values)

    def rename_upn(self, person: str, new_name: str) -> None:
        """Another user principal name, the same person."""
        self.change_person(person, userPrincipalName=new_name)

    def set_manager(self, person: str, manager: str | None) -> None:
        """Give a person another manager, or none."""
        with self.lock:
            self._need(self.users, person)
            if manager is not None:
                self._need(self.users, manager)
                self.managers[person] = manager
            else:
                self._lose_manager(person)
            self._note("user", person, frozenset({"manager"}))

    def remove_person(self, person: str, when: str = "2026-11-20T09:00:00Z") -> None:
        """Soft deletion: restorable for 30 days. Entra puts the id before the principal name."""
        with self.lock:
            self._need(self.users, person)
            row = self.users.take(person)
            places = self.users.place
            row[places["deletedDateTime"]] = when
            mark = person.replace("-", "")
            row[places["userPrincipalName"]] = mark + str(row[places["userPrincipalName"]])
            self.deleted_users.put(row)
            self._note("user", person, EVERYTHING)

    def restore_person(self, person: str) -> None:
        """Undo a soft deletion: the same id, manager, devices and memberships."""
        with self.lock:
            self._need(self.deleted_users, person)
            row = self.deleted_users.take(person)
            places = self.users.place
            row[places["deletedDateTime"]] = None
            mark = person.replace("-", "")
            named = str(row[places["userPrincipalName"]])
            row[places["userPrincipalName"]] = named.removeprefix(mark)
            self.users.put(row)
            self._note("user", person, EVERYTHING)

    def purge_person(self, person: str) -> None:
        """Deletion for good, of a living or a soft-deleted person; links to them end."""
        with self.lock:
            table = self.users if person in self.users else self.deleted_users
            self._need(table, person)
            table.take(person)
            self._note("user", person, EVERYTHING)
            self.managers.pop(person, None)
            for report in [one for one, boss in self.managers.items() if boss == person]:
                self._lose_manager(report)
                self._note("user", report, frozenset({"manager"}))
            for device in [one for one, whose in self.owners.items() if person in whose]:
                self._own(device, tuple(one for one in self.owners[device] if one != person))
            for group in [one for one, held in self.members.items() if held.get(person)]:
                self.remove_member(group, person)

    def add_device(self, *owners: str, **values: Any) -> str:
        """A new device with its registered owners; `id` is needed."""
        with self.lock:
            device = self._add(self.devices, values)
            self.owners[device] = owners
            return device

    def change_device(self, device: str, **values: Any) -> None:
        """Set Graph properties of a device; None clears one."""
        self._change(self.devices, device, values)

    def assign_device(self, device: str, person: str) -> None:
        """Make a person the only registered owner."""
        with self.lock:
            self._need(self.users, person)
            self._own(device, (person,))

    def unassign_device(self, device: str) -> None:
        """Leave a device without an owner."""
        with self.lock:
            self._own(device, ())

    def remove_device(self, device: str) -> None:
        """Delete a device, for good."""
        with self.lock:
            self._need(self.devices, device)
            managed = self._managed_of(device)
            if managed is not None:
                self.managed.take(managed)
            self.devices.take(device)
            self.owners.pop(device, None)
            self._note("device", device, EVERYTHING)

    def add_group(self, *members: str, **values: Any) -> str:
        """A new group with its members; `id` is needed."""
        with self.lock:
            group = self._add(self.groups, values)
            self.members[group] = dict.fromkeys(members, True)
            return group

    def change_group(self, group: str, **values: Any) -> None:
        """Set Graph properties of a group; None clears one."""
        self._change(self.groups, group, values)

    def remove_group(self, group: str) -> None:
        """Delete a group, for good."""
        with self.lock:
            self._need(self.groups, group)
            self.groups.take(group)
            self.members.pop(group, None)
            self._note("group", group, EVERYTHING)

    def add_member(self, group: str, member: str) -> None:
        """Put a person, device or group into a group."""
        self._join(group, member, joined=True)

    def remove_member(self, group: str, member: str) -> None:
        """Take a direct member out of a group."""
        self._join(group, member, joined=False)

    def forget_history(self) -> None:
        """Start the journal anew: what is here now counts as always having been here."""
        self.journal = Journal()

    def _lose_manager(self, person: str) -> None:
        if person in self.managers:
            self.former_managers[person] = self.managers.pop(person)

    def _join(self, group: str, member: str, *, joined: bool) -> None:
        with self.lock:
            self._need(self.groups, group)
            self.members[group][member] = joined
            self.journal.note(Change("group", group, frozenset({"members"}), member, joined))

    def _own(self, device: str, owners: tuple[str, ...]) -> None:
        self._need(self.devices, device)
        self.owners[device] = owners
        managed = self._managed_of(device)
        if managed is not None:
            living = owners and owners[0] in self.users
            self.managed.change(managed, intune_user(self.users, owners[0]) if living else NO_USER)
        self._note("device", device, frozenset({"registeredOwners"}))
