"""What an attacker holds, and a program that tries all of it on all of it.

It knows the format and every id, as anybody does who has read docs/sealed-format.md. It uses the
second implementation: no check of the app's stands in its way, only keys that it has not got.
"""

from __future__ import annotations

import hmac
import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from botocore.exceptions import ClientError

from app.instances.reference import InstanceReference
from app.vault.parts import DOCUMENTS, ENCRYPTION_STRING
from tests.stand_ins.kms import StrictKmsClient
from tests.vault import second_opinion as second
from tests.vault.world import APP_KEY

GUESSES: Final = (bytes(32), b"\xff" * 32)
SPEAKS_FOR_THE_APP: Final = ("connect_secret", "site_token")
Fields = tuple[str, ...]  # of a place


@dataclass(frozen=True)
class Sealed:
    """Sealed bytes, and the place they were sealed for."""

    document: str
    place: Fields
    sealed: bytes


@dataclass
class Holdings:
    """What one attacker has in hand. `site` gives its properties to whoever speaks for the app.

    `is_past`: the reference is a copy of what was, and the app goes by what is.
    """

    reference: InstanceReference | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    clients: tuple[StrictKmsClient, ...] = ()
    keys: tuple[str, ...] = ()  # the KMS keys there are, by ARN
    site: Mapping[str, str] | None = None  # what a call to the site would give; None: no call
    writes_table: bool = False
    is_past: bool = False


class Attempt:
    """Tries until nothing new opens. `read` is what it holds in the end, by document."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._sources: set[bytes] = set(GUESSES)
        self._tried: set[bytes] = set()
        self.read: dict[str, bytes] = {}

    def run(self) -> dict[str, bytes]:
        """Everything it could read."""
        before = (-1, -1)
        while before != (len(self._sources), len(self.read)):
            before = (len(self._sources), len(self.read))
            for place, wrapped in self._wrapped():
                self._unwrap(place, wrapped)
            for each in self._sealed():
                self._open(each)
            self._call_the_site()
        return self.read

    def replaces(self) -> set[str]:
        """The documents it could put its own in place of, so that the app would believe them:
        under fresh keys, or under those of what it has read, which are the same for both."""
        return {name for name in DOCUMENTS if self._makes(name) or self._seals_again(name)}

    def _seals_again(self, name: str) -> bool:
        if name not in self.read or self._holdings.is_past:
            return False
        if DOCUMENTS[name].rests_in == "reference":
            return self._holdings.writes_table
        return self._holdings.site is not None

    def _makes(self, name: str) -> bool:
        if not self._holdings.writes_table or not self._holdings.properties:
            return False
        locks = len(DOCUMENTS[name].locks)
        made = 0
        context = {"app": APP_KEY, "instance": "i", "generation": "g", "part": name, "version": "v"}
        for client, key in itertools.product(self._holdings.clients, self._holdings.keys):
            with suppress(ClientError):
                client.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=context)
                made += 1
        return made >= locks

    def _call_the_site(self) -> None:
        """Whoever can speak for the app reads what the app keeps there."""
        if self._holdings.site is not None and any(
            name in self.read for name in SPEAKS_FOR_THE_APP
        ):
            self._holdings.properties = self._holdings.site

    def _unwrap(self, place: Fields, wrapped: bytes, *, is_renamed: bool = False) -> None:
        if wrapped in self._tried:
            return
        self._tried.add(wrapped)
        if not is_renamed:
            self._sources.add(wrapped[:32])  # somebody might have forgotten to wrap it
        for client, key, document in itertools.product(
            self._holdings.clients, self._holdings.keys, DOCUMENTS
        ):
            context = _context(place, document)
            with suppress(ClientError):
                opened = client.decrypt(
                    KeyId=key, CiphertextBlob=wrapped, EncryptionContext=context
                )
                self._sources.add(opened["Plaintext"])
            if document == place[3] and not is_renamed:
                self._rename(client, key, wrapped, place)

    def _rename(self, client: StrictKmsClient, key: str, wrapped: bytes, place: Fields) -> None:
        """Wrap it anew under the name of another document, which somebody may open."""
        for target, named in itertools.product(self._holdings.keys, DOCUMENTS):
            with suppress(ClientError):
                renamed = client.re_encrypt(
                    SourceKeyId=key,
                    DestinationKeyId=target,
                    CiphertextBlob=wrapped,
                    SourceEncryptionContext=_context(place, place[3]),
                    DestinationEncryptionContext=_context(place, named),
                )["CiphertextBlob"]
                self._unwrap((*place[:3], named, *place[4:]), renamed, is_renamed=True)

    def _open(self, each: Sealed) -> None:
        if each.document in self.read:
            return
        place = second.place_bytes(each.place)
        commitment = each.sealed[2:34]
        inner = {
            source: _key(source, b"my-assets inner key 1:" + place) for source in self._sources
        }
        outer = {
            source: _key(source, b"my-assets outer key 1:" + place) for source in self._sources
        }
        for one, two in itertools.product(self._sources, repeat=2):
            if _key(inner[one] + outer[two], b"my-assets commitment 1") != commitment:
                continue  # tells at once what the ciphers would tell
            self.read[each.document] = second.opened(each.sealed, second.keys_of(one, two, place))
            if each.document == ENCRYPTION_STRING:
                self._sources.add(second.key_in(self.read[each.document]))
            return

    def _wrapped(self) -> Iterator[tuple[Fields, bytes]]:
        reference = self._holdings.reference
        if reference is not None:
            for key, entry in reference.part_keys.items():
                document = key.partition("@")[0]
                yield _place(reference, document, entry), bytes(entry["wrapped"])
            for name, kept in _kept(reference):
                for source in ("wrapped", "inner_wrapped"):
                    yield _place(reference, name, kept), bytes(kept[source])
        for place, text in self._properties():
            with suppress(second.NotOpened):
                yield place, second.pieces_of(text, 3)[1]

    def _sealed(self) -> Iterator[Sealed]:
        reference = self._holdings.reference
        if reference is not None:
            for name, kept in _kept(reference):
                yield Sealed(name, _place(reference, name, kept), bytes(kept["sealed"]))
        for place, text in self._properties():
            pieces = 3 if place[3] == ENCRYPTION_STRING else 1
            for strings in {"", *self._string_versions()}:
                sealed = second.pieces_of(text, pieces)[0]
                yield Sealed(place[3], (*place[:5], strings), sealed)

    def _properties(self) -> Iterator[tuple[Fields, str]]:
        for name, text in self._holdings.properties.items():
            generation, document, version = name.rsplit(".", 2)
            # Whose properties they are is known to whoever has them.
            yield (APP_KEY, "a" * 32, generation, document, version, ""), text

    def _string_versions(self) -> Iterator[str]:
        for place, _ in self._properties():
            if place[3] == ENCRYPTION_STRING:
                yield place[4]


def _kept(reference: InstanceReference) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name in SPEAKS_FOR_THE_APP:
        kept = getattr(reference, name)
        if kept is not None:
            yield name, kept


def _place(reference: InstanceReference, document: str, entry: Mapping[str, Any]) -> Fields:
    version, strings = str(entry["version"]), str(entry.get("string_version", ""))
    return (
        APP_KEY, reference.instance_id, reference.generation, document, version, strings,
    )  # fmt: skip


def _key(source: bytes, label: bytes) -> bytes:
    """HKDF for one block without salt, as fast as an attacker would write it (RFC 5869)."""
    extracted = hmac.digest(bytes(32), source, "sha256")
    return hmac.digest(extracted, label + b"\x01", "sha256")


def _context(place: Fields, document: str) -> dict[str, str]:
    names = ("app", "instance", "generation", "part", "version")
    return dict(zip(names, (*place[:3], document, place[4]), strict=True))


def shown(read: Mapping[str, bytes]) -> dict[str, str]:
    """What was read, as text; of an Encryption String that its key was."""
    return {
        name: "its key"
        if name == ENCRYPTION_STRING and json.loads(value)["key"]
        else value.decode()
        for name, value in read.items()
    }
