"""Wrapping data keys anew under the current KMS keys, unopened: nothing is sealed or opened here.

Keys that lie with the vendor, by whoever may wrap them; the Encryption String's inner key, which
lies in the customer's Jira, by the worker.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from app.errors import ServiceFailed
from app.vault.envelope import InnerKey, sealed_with_key_in, to_text
from app.vault.keys import KeyIds, Keys, Wrapped
from app.vault.opening import Ground
from app.vault.parts import DOCUMENTS, ENCRYPTION_STRING, Lock, Role
from app.vault.place import Place
from app.vault.ports import CannotOpen, DataKeys, PartKey
from app.vault.remembered import Remembered
from app.vault.roles import RoleMayNot, rewraps
from app.words import Clock, Generation, InstanceId

Fate = Literal["rewrapped", "current", "left"]
_SETTINGS: Final[dict[Lock, str]] = {"settings": "SETTINGS_KEY_ID", "instance": "INSTANCE_KEY_ID"}


@dataclass(frozen=True)
class Owner:
    """Whose data key it is: a document's version in one life of an instance."""

    instance_id: InstanceId
    generation: Generation
    document: str
    version: str


class Rewrapper:
    """Wraps anew what at least one of these roles may. Another role's documents are RoleMayNot."""

    def __init__(
        self,
        roles: Collection[Role],
        data_keys: DataKeys,
        key_ids: KeyIds,
        app_key: str,
        clock: Clock,
    ) -> None:
        self._roles = roles
        self._app_key = app_key
        self._keys = Keys(data_keys, key_ids, Remembered(clock))

    def may(self, document: str, lock: Lock) -> bool:
        """Whether it wraps this lock's keys of this document."""
        return document in DOCUMENTS and any(rewraps(role, document, lock) for role in self._roles)

    def check_current(self) -> None:
        """The keys it wraps under must be there, or nothing can be done. Raises ServiceFailed."""
        for lock, name in _SETTINGS.items():
            mine = any(self.may(document, lock) for document in DOCUMENTS)
            if mine and not self._keys.current(lock):
                raise ServiceFailed(f"{name} names a key that is not there for this identity.")

    def accepts(self, lock: Lock, key_id: str) -> bool:
        """Whether this key is the current one or listed as a previous one."""
        return self._keys.accepts(lock, key_id)

    def rewrapped(self, owner: Owner, lock: Lock, key_id: str, wrapped: bytes) -> Wrapped | None:
        """The same data key under the current KMS key; None if it lies under it already.

        Raises CannotOpen (KMS or the list of keys refuses), ServiceUnreachable, RoleMayNot.
        """
        if not self.may(owner.document, lock):
            raise RoleMayNot(f"this identity does not wrap the {lock} key of {owner.document}")
        place = Place(
            self._app_key, owner.instance_id, owner.generation, owner.document, owner.version
        )
        return self._keys.rewrapped(lock, key_id, wrapped, place)


def rewrap_string(ground: Ground, keys: Keys, entry: PartKey) -> Fate:
    """Wrap the inner key of one Encryption String anew, in place; its sealed bytes stay the same.

    Whoever reads meanwhile finds the former text or the new one, and each opens. Raises
    ServiceFailed and its kinds; what does not belong there is left.
    """
    place = ground.place_of(ENCRYPTION_STRING, entry)
    try:
        sealed, inner = sealed_with_key_in(ground.storage.read(place.property_name))
        new = keys.rewrapped("settings", inner.key_id, inner.wrapped, place)
    except CannotOpen:
        return "left"
    if new is None:
        return "current"
    text = to_text(ENCRYPTION_STRING, sealed, InnerKey(new.key_id, new.wrapped))
    ground.storage.write(place.property_name, text)
    return "rewrapped"
