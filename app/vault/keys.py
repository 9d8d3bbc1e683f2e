"""Data keys by the lock they belong to. A key is chosen by its id; no second one is ever tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from app.errors import OwnServiceUnreachable
from app.said import Sentence
from app.vault.parts import Lock
from app.vault.place import Place
from app.vault.ports import CannotOpen, DataKey, DataKeys
from app.vault.remembered import Remembered
from app.words import Secret

OTHER_KEY: Final = Sentence(
    "keys.other", "The key service answered with another key than the one that is in use."
)
_FULL_NAME: Final = ":key/"  # an ARN of a key itself; ids and aliases are looked up
_NAMED: Final = "full name"


@dataclass(frozen=True)
class KeyIds:
    """The two KMS keys, by id, ARN or alias, and those that are still accepted for opening.

    A full ARN costs nothing; an alias or a short id is looked up once in five minutes.
    """

    settings: str
    instance: str
    settings_previous: tuple[str, ...] = ()
    instance_previous: tuple[str, ...] = ()

    def of(self, lock: Lock) -> tuple[str, ...]:
        """Every accepted key of a lock, the current one first."""
        if lock == "settings":
            return (self.settings, *self.settings_previous)
        return (self.instance, *self.instance_previous)


@dataclass(frozen=True)
class Wrapped:
    """A wrapped data key, and the ARN of the KMS key it lies under."""

    key_id: str
    wrapped: bytes = field(repr=False)


class Keys:
    """Makes, opens and wraps anew data keys, under the accepted KMS keys only."""

    def __init__(self, data_keys: DataKeys, key_ids: KeyIds, remembered: Remembered) -> None:
        self._data_keys = data_keys
        self._key_ids = key_ids
        self._remembered = remembered

    def fresh(self, lock: Lock, place: Place) -> DataKey:
        """A fresh data key for this place. Raises ServiceUnreachable.

        Of another key than the one in use none is taken: what it locks would never open again.
        """
        made = self._data_keys.make(self._key_ids.of(lock)[0], place.context())
        if made.key_id != self.current(lock):
            self._remembered.drop(lambda key: key[0] == _NAMED)  # or an alias has moved since
            if made.key_id != self.current(lock):
                raise OwnServiceUnreachable(OTHER_KEY())
        return made

    def open(self, lock: Lock, key_id: str, wrapped: bytes, place: Place) -> Secret:
        """The data key of this place. Raises CannotOpen, ServiceUnreachable."""
        # The id may come from the site storage, where anybody writes: a key that is not ours
        # must never be asked, or somebody else's KMS key would choose what we believe.
        if not wrapped or not self.accepts(lock, key_id):
            raise CannotOpen
        return self._data_keys.open(key_id, wrapped, place.context())

    def rewrapped(self, lock: Lock, key_id: str, wrapped: bytes, place: Place) -> Wrapped | None:
        """The same data key under the current KMS key; None if it lies under it already.

        Raises CannotOpen, ServiceUnreachable.
        """
        current = self.current(lock)
        if key_id == current:
            return None
        if not current or not wrapped or not self.accepts(lock, key_id):
            raise CannotOpen
        return Wrapped(current, self._data_keys.rewrap(key_id, wrapped, current, place.context()))

    def current(self, lock: Lock) -> str:
        """The ARN of the key in use; empty if there is none for us. Raises ServiceUnreachable."""
        return self._full_name(self._key_ids.of(lock)[0])

    def rotates(self, lock: Lock) -> bool:
        """Whether a previous key is listed."""
        return len(self._key_ids.of(lock)) > 1

    def accepts(self, lock: Lock, key_id: str) -> bool:
        """Whether this ARN is one of the keys in use or still accepted."""
        names = self._key_ids.of(lock)
        return bool(key_id) and any(self._full_name(name) == key_id for name in names)

    def _full_name(self, name: str) -> str:
        if _FULL_NAME in name:
            return name
        return self._remembered.get((_NAMED, name), lambda: self._looked_up(name))

    def _looked_up(self, name: str) -> str:
        try:
            return self._data_keys.resolve(name)
        except CannotOpen:
            return ""  # a previous key that is gone stands for nothing; the others still count
