"""The vault of one role: hands out shelves, and seals what rests in the instance reference.

It holds no plaintext longer than five minutes and writes none anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.vault import in_reference
from app.vault.keys import KeyIds, Keys
from app.vault.making import Maker
from app.vault.opening import Ground, Opener
from app.vault.parts import DOCUMENTS, Role
from app.vault.place import Place
from app.vault.ports import DataKeys, Pointers, SiteStorage
from app.vault.remembered import Remembered
from app.vault.roles import RoleMayNot, check_makes, check_opens
from app.vault.saving import Saver
from app.vault.self_test import self_test
from app.vault.shelf import Shelf
from app.words import Clock, Generation, InstanceId, RandomBytes, Secret


class Vault:
    """Seals and opens as `role` may. `random` must be os.urandom or as good, for each call anew."""

    def __init__(
        self,
        role: Role,
        data_keys: DataKeys,
        key_ids: KeyIds,
        app_key: str,
        clock: Clock,
        random: RandomBytes,
    ) -> None:
        self._role: Final = role
        self._app_key = app_key
        self._clock = clock
        self._random = random
        self._remembered = Remembered(clock)
        self._keys = Keys(data_keys, key_ids, self._remembered)

    def self_test(self) -> None:
        """Prove both ciphers with a known answer. Called at start-up; raises SelfTestFailed."""
        self_test()

    def shelf(
        self,
        instance_id: InstanceId,
        generation: Generation,
        storage: SiteStorage,
        pointers: Pointers,
    ) -> Shelf:
        """The documents of one generation of an instance. Makes no call."""
        ground = Ground(self._app_key, instance_id, generation, storage, pointers)
        opener = Opener(ground, self._keys, self._remembered)
        maker = Maker(ground, self._keys, opener, self._random)
        saver = Saver(ground, opener, maker, self._clock, self._random)
        return Shelf(self._role, ground, self._keys, opener, saver, self._random)

    def seal_in_reference(
        self, instance_id: InstanceId, generation: Generation, name: str, plaintext: Secret
    ) -> Mapping[str, Any]:
        """The value of `connect_secret` or `site_token`. Raises ServiceUnreachable, RoleMayNot."""
        _check_rests_in_reference(name)
        check_makes(self._role, name)
        version = in_reference.fresh_version(self._random)
        place = Place(self._app_key, instance_id, generation, name, version)
        return in_reference.seal(plaintext, place, self._keys, self._random)

    def open_from_reference(
        self, instance_id: InstanceId, generation: Generation, name: str, value: Mapping[str, Any]
    ) -> Secret:
        """What such a value holds. Raises SettingsUnreadable, ServiceUnreachable, RoleMayNot."""
        _check_rests_in_reference(name)
        check_opens(self._role, name)
        kept = in_reference.Kept.parsed(value)
        place = Place(self._app_key, instance_id, generation, name, kept.version)
        key = ("reference", instance_id, generation, name, kept)
        return self._remembered.get(key, lambda: in_reference.open_kept(kept, place, self._keys))


def _check_rests_in_reference(name: str) -> None:
    if name not in DOCUMENTS or DOCUMENTS[name].rests_in != "reference":
        raise RoleMayNot(f"{name} does not rest in the reference")
