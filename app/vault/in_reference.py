"""Secrets that rest in the instance reference: sealed like the Encryption String, but kept there.

The reference holds the sealed bytes and both wrapped keys; without KMS they open nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from app.vault.aside import aside
from app.vault.keys import Keys
from app.vault.locks import Locks
from app.vault.place import Place, next_version
from app.vault.ports import CannotOpen
from app.words import RandomBytes, Secret


@dataclass(frozen=True)
class Kept:
    """The value as it lies in the reference, a map of texts and bytes."""

    version: str
    sealed: bytes = field(repr=False)
    inner_key_id: str
    inner_wrapped: bytes = field(repr=False)
    key_id: str
    wrapped: bytes = field(repr=False)

    @classmethod
    def parsed(cls, value: Mapping[str, Any]) -> Kept:
        """Raises CannotOpen for any other shape."""
        kinds = {each.name: bytes if each.type == "bytes" else str for each in fields(cls)}
        if set(value) != set(kinds):
            raise CannotOpen
        if any(not isinstance(value[name], kind) for name, kind in kinds.items()):
            raise CannotOpen
        return cls(**value)


def seal(plaintext: Secret, place: Place, keys: Keys, random: RandomBytes) -> Mapping[str, Any]:
    """The value to keep in the reference. Raises ServiceUnreachable."""
    coming = aside(lambda: keys.fresh("instance", place))
    inner, outer = keys.fresh("settings", place), coming.result()
    sealed = Locks(inner.plain, outer.plain, place).seal(plaintext, random)
    return {
        "version": place.version,
        "sealed": sealed,
        "inner_key_id": inner.key_id,
        "inner_wrapped": inner.wrapped,
        "key_id": outer.key_id,
        "wrapped": outer.wrapped,
    }


def open_kept(kept: Kept, place: Place, keys: Keys) -> Secret:
    """Raises CannotOpen, ServiceUnreachable."""
    coming = aside(lambda: keys.open("instance", kept.key_id, kept.wrapped, place))
    inner = keys.open("settings", kept.inner_key_id, kept.inner_wrapped, place)
    return Locks(inner, coming.result(), place).open(kept.sealed)


def fresh_version(random: RandomBytes) -> str:
    """Each sealing is a version of its own; nothing counts them."""
    return next_version(None, random)
