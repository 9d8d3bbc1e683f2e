"""Making new versions of documents: a fresh data key each time, sealed, ready to be written.

Nothing here writes. KMS makes the keys and never sees what they seal.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.vault.aside import aside
from app.vault.envelope import InnerKey, to_text
from app.vault.keys import Keys
from app.vault.locks import Locks
from app.vault.opening import Ground, Opener
from app.vault.parts import ENCRYPTION_STRING
from app.vault.place import next_version
from app.vault.ports import GIVEN, PartKey, Pointed
from app.words import RandomBytes, Secret


@dataclass(frozen=True)
class Made:
    """A new version of a document: its pointer, and the property it rests in."""

    document: str
    entry: PartKey
    name: str
    text: str = field(repr=False)
    locks: Locks


class Maker:
    """Makes new versions of the documents of one ground."""

    def __init__(self, ground: Ground, keys: Keys, opener: Opener, random: RandomBytes) -> None:
        self._ground = ground
        self._keys = keys
        self._opener = opener
        self._random = random

    def document(self, document: str, plaintext: Secret, seen: Pointed) -> Made:
        """The next version, under the Encryption String in force, which must open.

        Raises ServiceUnreachable, and InputRefused if it is too large.
        """
        string_version = version_in(seen, ENCRYPTION_STRING) or ""
        inner = self._opener.string_key(string_version, seen)
        version = next_version(version_in(seen, document), self._random)
        place = self._ground.place(document, version, string_version)
        outer = self._keys.fresh("instance", place)
        locks = Locks(inner, outer.plain, place)
        text = to_text(document, locks.seal(plaintext, self._random))
        entry = PartKey(version, string_version, outer.key_id, outer.wrapped)
        return Made(document, entry, place.property_name, text, locks)

    def string(self, document: Secret, seen: Pointed, *, given: bool) -> Made:
        """The next version of the Encryption String, under fresh keys of both KMS keys."""
        version = next_version(version_in(seen, ENCRYPTION_STRING), self._random)
        place = self._ground.place(ENCRYPTION_STRING, version)
        coming = aside(lambda: self._keys.fresh("instance", place))
        inner, outer = self._keys.fresh("settings", place), coming.result()
        locks = Locks(inner.plain, outer.plain, place)
        sealed = locks.seal(document, self._random)
        text = to_text(ENCRYPTION_STRING, sealed, InnerKey(inner.key_id, inner.wrapped))
        entry = PartKey(version, GIVEN if given else "", outer.key_id, outer.wrapped)
        return Made(ENCRYPTION_STRING, entry, place.property_name, text, locks)


def version_in(seen: Pointed, document: str) -> str | None:
    """The version a document has; None if it is not set."""
    entry = seen.part_keys.get(document)
    return entry.version if entry is not None else None
