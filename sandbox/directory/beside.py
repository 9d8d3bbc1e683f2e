"""What changes beside people, groups and devices: Intune's records, and applications."""

from typing import Any

from sandbox.directory.changing import Changing, NotInDirectory
from sandbox.directory.devices import NO_USER, intune_user


class Beside(Changing):
    """Graph tells no changes of these: they are listed anew each time."""

    def change_managed(self, device: str, **values: Any) -> None:
        """Set Graph properties of a device's record in Intune, and nothing in Entra ID."""
        with self.lock:
            self._need(self.devices, device)
            managed = self._managed_of(device)
            if managed is None:
                raise NotInDirectory(device)
            self.managed.change(managed, values)

    def hand_over(self, device: str, person: str | None) -> None:
        """Another primary user in Intune, or none; the registered owner stays."""
        user = intune_user(self.users, person) if person is not None else NO_USER
        self.change_managed(device, **user)

    def add_application(self, **values: Any) -> str:
        """A new registration; `id` is needed."""
        return self._add(self.applications, values)

    def change_application(self, application: str, **values: Any) -> None:
        """Set Graph properties of a registration."""
        self._change(self.applications, application, values)

    def remove_application(self, application: str) -> None:
        """Delete a registration."""
        with self.lock:
            self._need(self.applications, application)
            self.applications.take(application)

    def _managed_of(self, device: str) -> str | None:
        """The Intune record of a device: found by the device id, as Intune itself does."""
        device_id = self.devices.value(device, "deviceId")
        of_it = (m for m in self.managed if self.managed.value(m, "azureADDeviceId") == device_id)
        return next(of_it, None)
