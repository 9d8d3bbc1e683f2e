"""Opening what rests in the site storage: which key, which property, and what is remembered of it.

Reads and key calls of one document go side by side. Nothing here writes or decides what is set.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from app.vault import encryption_string
from app.vault.aside import aside
from app.vault.envelope import sealed_in, sealed_with_key_in
from app.vault.keys import Keys
from app.vault.locks import Locks, has_form
from app.vault.parts import DOCUMENTS, ENCRYPTION_STRING
from app.vault.place import Place
from app.vault.ports import CannotOpen, PartKey, Pointed, Pointers, SiteStorage
from app.vault.remembered import Key, Remembered
from app.words import Generation, InstanceId, Secret


@dataclass(frozen=True)
class Ground:
    """One generation of one instance: where its documents rest and where their pointers lie."""

    app_key: str
    instance_id: InstanceId
    generation: Generation
    storage: SiteStorage
    pointers: Pointers

    def place(self, document: str, version: str, string_version: str = "") -> Place:
        """The place of one version of a document of this generation."""
        return Place(
            self.app_key, self.instance_id, self.generation, document, version, string_version
        )

    def place_of(self, key: str, entry: PartKey) -> Place:
        """The place that an entry of `part_keys` points to, a kept Encryption String's too."""
        document = document_of(key)
        under = "" if document == ENCRYPTION_STRING else entry.string_version
        return self.place(document, entry.version, under)


def document_of(key: str) -> str:
    """The document of a key in `part_keys`: a kept Encryption String is one too."""
    return key.partition("@")[0]


def kept_string(version: str) -> str:
    """The key in `part_keys` of a former Encryption String that documents still need."""
    return f"{ENCRYPTION_STRING}@{version}"


class Opener:
    """Opens the documents of one ground."""

    def __init__(self, ground: Ground, keys: Keys, remembered: Remembered) -> None:
        self._ground = ground
        self._keys = keys
        self._remembered = remembered

    def opened(self, document: str, pointed: Pointed) -> Secret:
        """What a document that is set holds. Raises CannotOpen, ServiceFailed."""
        entry = pointed.part_keys[document]
        if document == ENCRYPTION_STRING:
            return encryption_string.shown(self._string(entry))
        if DOCUMENTS[document].rewritable:  # it changes under its version
            return self._read(document, entry, pointed)
        key = self._key("document", document, entry)
        return self._remembered.get(key, lambda: self._read(document, entry, pointed))

    def is_warm(self, document: str, pointed: Pointed) -> bool:
        """Whether opening it makes no call."""
        kind = "string" if document == ENCRYPTION_STRING else "document"
        return self._remembered.has(self._key(kind, document, pointed.part_keys[document]))

    def damaged(self, documents: Collection[str], pointed: Pointed) -> frozenset[str]:
        """Those that are set and whose property is gone or has no form of ours: see `Shelf`."""
        names = [name for name in documents if name in pointed.part_keys]
        looking = [aside(partial(self._is_whole, name, pointed)) for name in names]
        return frozenset(n for n, each in zip(names, looking, strict=True) if not each.result())

    def locks(self, document: str, entry: PartKey, pointed: Pointed) -> Locks:
        """The locks of one version of a document. Raises CannotOpen, ServiceFailed."""
        key = self._key("locks", document, entry)
        return self._remembered.get(key, lambda: self._made_locks(document, entry, pointed))

    def string_key(self, version: str, pointed: Pointed) -> Secret:
        """The key of the Encryption String of this version. Raises CannotOpen, ServiceFailed."""
        current = pointed.part_keys.get(ENCRYPTION_STRING)
        if current is None or current.version != version:
            current = pointed.part_keys.get(kept_string(version))
        if current is None:
            raise CannotOpen
        return encryption_string.key_of(self._string(current))

    def remember_locks(self, document: str, entry: PartKey, locks: Locks) -> None:
        """Keep the locks of a version that was just made."""
        self._remembered.get(self._key("locks", document, entry), lambda: locks)

    def remember_string(self, entry: PartKey, document: Secret) -> None:
        """Keep the Encryption String that was just made."""
        self._remembered.get(self._key("string", ENCRYPTION_STRING, entry), lambda: document)

    def let_go(self, documents: frozenset[str]) -> None:
        """Let go of everything opened of these documents."""
        whose = (self._ground.instance_id, self._ground.generation)
        self._remembered.drop(lambda key: key[1:3] == whose and key[3] in documents)

    def _read(self, document: str, entry: PartKey, pointed: Pointed) -> Secret:
        name = self._ground.place_of(document, entry).property_name
        reading = aside(partial(self._ground.storage.read, name))
        locks = self.locks(document, entry, pointed)
        return locks.open(sealed_in(reading.result()))

    def _is_whole(self, document: str, pointed: Pointed) -> bool:
        name = self._ground.place_of(document, pointed.part_keys[document]).property_name
        try:
            return has_form(sealed_in(self._ground.storage.read(name)))
        except CannotOpen:
            return False

    def _made_locks(self, document: str, entry: PartKey, pointed: Pointed) -> Locks:
        place = self._ground.place_of(document, entry)
        outer = self._outer(entry, place)
        inner = self.string_key(entry.string_version, pointed)
        return Locks(inner, outer.result(), place)

    def _string(self, entry: PartKey) -> Secret:
        key = self._key("string", ENCRYPTION_STRING, entry)
        return self._remembered.get(key, lambda: self._read_string(entry))

    def _read_string(self, entry: PartKey) -> Secret:
        place = self._ground.place_of(ENCRYPTION_STRING, entry)
        reading = aside(partial(self._ground.storage.read, place.property_name))
        outer = self._outer(entry, place)
        sealed, inner_key = sealed_with_key_in(reading.result())
        inner = self._keys.open("settings", inner_key.key_id, inner_key.wrapped, place)
        return Locks(inner, outer.result(), place).open(sealed)

    def _outer(self, entry: PartKey, place: Place) -> Future[Secret]:
        return aside(lambda: self._keys.open("instance", entry.key_id, entry.wrapped, place))

    def _key(self, kind: str, document: str, entry: Hashable) -> Key:
        return (kind, self._ground.instance_id, self._ground.generation, document, entry)
