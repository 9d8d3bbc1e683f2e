"""What lies with the vendor, tried with the vendor's keys: whether it opens, never what it holds.

The identity that runs it brings its own rights in KMS; nothing here grants any.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.vault.in_reference import Kept, open_kept
from app.vault.keys import KeyIds, Keys
from app.vault.place import Place
from app.vault.ports import CannotOpen, DataKeys
from app.vault.remembered import Remembered
from app.vault.rewrapping import Owner
from app.words import Clock


class Holder:
    """Tries each key and each sealed secret that lies in a reference. Raises ServiceUnreachable."""

    def __init__(self, data_keys: DataKeys, key_ids: KeyIds, app_key: str, clock: Clock) -> None:
        self._keys = Keys(data_keys, key_ids, Remembered(clock))
        self._app_key = app_key

    def unwraps(self, owner: Owner, key_id: str, wrapped: bytes) -> bool:
        """Whether the wrapped outer key of a document opens. Alone it opens no document."""
        try:
            self._keys.open("instance", key_id, wrapped, self._place(owner))
        except CannotOpen:
            return False
        return True

    def opens(self, owner: Owner, value: Mapping[str, Any]) -> bool:
        """Whether a secret that is sealed inside the reference opens."""
        try:
            open_kept(Kept.parsed(value), self._place(owner), self._keys)
        except CannotOpen:
            return False
        return True

    def _place(self, owner: Owner) -> Place:
        return Place(
            self._app_key, owner.instance_id, owner.generation, owner.document, owner.version
        )
