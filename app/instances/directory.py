"""Finding instances: a short-lived cache in front of the table, and the secrets that go with it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from app.instances.connect_secret import ConnectSecrets
from app.instances.identity import instance_id
from app.instances.lifecycle import Home
from app.instances.reference import InstanceReference
from app.instances.table import InstanceTable
from app.words import Clock, InstanceId, Secret

# The contract: no outbound call of an uninstalled instance starts later than 2 s, anywhere.
_KEEP: Final = timedelta(seconds=1.5)
_KEEP_AT_MOST: Final = 10_000
_NOT_AGAIN: Final = timedelta(seconds=0.5)


class Directory:
    """References by id, at most 1.5 seconds old; `forget` makes this process miss at once."""

    def __init__(self, table: InstanceTable, clock: Clock) -> None:
        self._table = table
        self._clock = clock
        self._kept: OrderedDict[str, tuple[datetime, InstanceReference | None]] = OrderedDict()
        self._forgotten = 0  # how often somebody forgot: a read that began before is too old
        self._lock = threading.Lock()

    def find(self, key: InstanceId) -> InstanceReference | None:
        """The reference, from the cache if it is young enough. Raises ServiceUnreachable."""
        now = self._clock()
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and now - kept[0] < _KEEP:
            return kept[1]
        return self.fresh(key)

    def age(self, key: InstanceId) -> timedelta | None:
        """How old what is cached is; None: nothing is."""
        with self._lock:
            kept = self._kept.get(key)
        return self._clock() - kept[0] if kept is not None else None

    def fresh(self, key: InstanceId) -> InstanceReference | None:
        """The reference as it is now, by a consistent read."""
        started, before = self._clock(), self._forgotten
        reference = self._table.read(key)
        with self._lock:
            if self._forgotten == before:
                self._kept[key] = (started, reference)
                self._kept.move_to_end(key)
            while len(self._kept) > _KEEP_AT_MOST:
                self._kept.popitem(last=False)
        return reference

    def forget(self, key: InstanceId) -> None:
        """Drop what is cached: somebody in this process has just changed the reference."""
        with self._lock:
            self._forgotten += 1
            self._kept.pop(key, None)


class ConnectInstances:
    """The installed instances of the Connect door, by client key, with their secrets."""

    def __init__(
        self, directory: Directory, secrets: ConnectSecrets, home: Home, clock: Clock
    ) -> None:
        self._directory = directory
        self._secrets = secrets
        self._home = home
        self._clock = clock

    def find(self, client_key: str) -> InstanceReference | None:
        """The installed instance of a client key; None if unknown, uninstalled or erased."""
        reference = self._directory.find(self._key(client_key))
        return reference if reference is not None and reference.is_alive else None

    def secrets(self, client_key: str) -> Sequence[Secret]:
        """The secrets its tokens may be signed with now."""
        reference = self.find(client_key)
        pair = self._secrets.open(reference) if reference is not None else None
        return pair.in_force(self._clock()) if pair is not None else ()

    def look_again(self, client_key: str) -> bool:
        """Forget a reference, so that it is read anew; a moment later at the earliest.

        The bound keeps a stranger with bad tokens from costing a read each.
        """
        age = self._directory.age(self._key(client_key))
        if age is not None and age < _NOT_AGAIN:
            return False
        self._directory.forget(self._key(client_key))
        return True

    def forget(self, client_key: str) -> None:
        """Make the next look-up ask the table."""
        self._directory.forget(self._key(client_key))

    def _key(self, client_key: str) -> InstanceId:
        return instance_id("connect", self._home.app_key, self._home.environment, client_key)
