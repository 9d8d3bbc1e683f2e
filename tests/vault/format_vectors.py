"""Fixed vectors of the sealed format, made by the app from fixed keys and nonces.

`python -m tests.vault.format_vectors` writes format_vectors.json anew, for a new document. A vector
that is there stays as it is: it must open for as long as format 1 is accepted.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from app.instances.pointers import InstancePointers
from app.instances.reference import InstanceReference
from app.vault.keys import KeyIds
from app.vault.parts import DOCUMENTS, ENCRYPTION_STRING
from app.vault.place import Place
from app.vault.ports import CannotOpen, DataKey
from app.vault.shelf import Shelf
from app.vault.vault import Vault
from app.words import Secret
from tests.stand_ins.site_storage import InMemorySiteStorage
from tests.stand_ins.table import InMemoryTable
from tests.vault.world import APP_KEY, G1, A, SetClock

FILE: Final = Path(__file__).with_name("format_vectors.json")
SETTINGS: Final = "arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-000000000001"
INSTANCE: Final = "arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-4000-8000-000000000002"
GIVEN: Final = "a string that an administrator gave"


def document_text(name: str) -> str:
    """What is sealed: of another length for each, one of them in more than one block of 64."""
    return json.dumps({"of": name, "value": "häßlich" * (1 + len(name) % 7)}, ensure_ascii=False)


class FixedKeys:
    """Data keys that follow from key and context. `wrapped` tells nothing but which it is."""

    def __init__(self) -> None:
        self.made: dict[bytes, tuple[str, dict[str, str], bytes]] = {}

    def make(self, key_id: str, context: Mapping[str, str]) -> DataKey:
        named = json.dumps([key_id, dict(sorted(context.items()))]).encode()
        plain, wrapped = hashlib.sha256(named).digest(), hashlib.sha512(named).digest()
        self.made[wrapped] = (key_id, dict(context), plain)
        return DataKey(Secret(plain), wrapped, key_id)

    def open(self, key_id: str, wrapped: bytes, context: Mapping[str, str]) -> Secret:
        made_by, bound, plain = self.made[wrapped]
        if (made_by, bound) != (key_id, dict(context)):
            raise CannotOpen
        return Secret(plain)

    def rewrap(self, key_id: str, wrapped: bytes, to: str, context: Mapping[str, str]) -> bytes:
        raise NotImplementedError

    def resolve(self, key_id: str) -> str:
        return key_id


class FixedRandom:
    """Bytes that look like chance and are the same each time, for each document on its own."""

    def __init__(self) -> None:
        self.of("")

    def of(self, document: str) -> None:
        """What comes next is drawn for this document."""
        self._document, self._drawn = document, 0

    def __call__(self, count: int) -> bytes:
        self._drawn += 1
        seed = f"drawn {self._drawn} for {self._document}"
        return hashlib.shake_256(seed.encode()).digest(count)


class Making:
    """One instance in which everything is saved once, in one order."""

    def __init__(self) -> None:
        self.keys, self.site, self.table = FixedKeys(), InMemorySiteStorage(), InMemoryTable()
        self.table.create(InstanceReference(A, "connect", "installed", G1))
        self.random = FixedRandom()
        ids = KeyIds(SETTINGS, INSTANCE)
        self.web = Vault("web", self.keys, ids, APP_KEY, SetClock(), self.random)

    def shelf(self) -> Shelf:
        return self.web.shelf(A, G1, self.site, InstancePointers(self.table, A))

    def vectors(self) -> list[dict[str, Any]]:
        """One vector for each kind of document, and one more for a given Encryption String."""
        found: list[dict[str, Any]] = []
        self.random.of("the first Encryption String")
        self.shelf().save({"consent": Secret("makes it")})
        self.shelf().forget(["consent"])
        for name, document in DOCUMENTS.items():
            self.random.of(name)
            if document.rests_in == "reference":
                found.append(self._in_reference(name))
            elif name != ENCRYPTION_STRING:
                found.append(self._saved(name))
        drawn = self._string()
        self.random.of("a given Encryption String")
        self.shelf().save({ENCRYPTION_STRING: Secret(GIVEN)})
        return [drawn, *found, {**self._string(), "given": GIVEN}]

    def _saved(self, name: str) -> dict[str, Any]:
        self.shelf().save({name: Secret(document_text(name))})
        return self._in_property(name)

    def _entry(self, name: str) -> Mapping[str, Any]:
        reference = self.table.read(A)
        assert reference is not None
        return reference.part_keys[name]

    def _vector(self, name: str, version: str, string_version: str) -> dict[str, Any]:
        place = Place(APP_KEY, A, G1, name, version, string_version)
        return {
            "document": name,
            "place": list(vars(place).values()),
            "associated": place.encoded().hex(),
            "context": dict(place.context()),
        }

    def _in_property(self, name: str) -> dict[str, Any]:
        entry = self._entry(name)
        vector = self._vector(name, entry["version"], entry["string_version"])
        assert self.keys.made[entry["wrapped"]][:2] == (INSTANCE, vector["context"])
        return {
            **vector,
            "outer_source": self.keys.made[entry["wrapped"]][2].hex(),
            "property": self.site.properties[f"{G1}.{name}.{entry['version']}"],
            "plaintext": document_text(name),
        }

    def _string(self) -> dict[str, Any]:
        entry = self._entry(ENCRYPTION_STRING)
        vector = self._vector(ENCRYPTION_STRING, entry["version"], "")
        text = self.site.properties[f"{G1}.{ENCRYPTION_STRING}.{entry['version']}"]
        wrapped = base64.b64decode(text.split(".")[1])
        return {
            **vector,
            "inner_source": self.keys.made[wrapped][2].hex(),
            "inner_wrapped": wrapped.hex(),
            "inner_key_id": SETTINGS,
            "outer_source": self.keys.made[entry["wrapped"]][2].hex(),
            "property": text,
        }

    def _in_reference(self, name: str) -> dict[str, Any]:
        kept = self.web.seal_in_reference(A, G1, name, Secret(document_text(name)))
        return {
            **self._vector(name, kept["version"], ""),
            "inner_source": self.keys.made[kept["inner_wrapped"]][2].hex(),
            "outer_source": self.keys.made[kept["wrapped"]][2].hex(),
            "kept": {
                key: value.hex() if isinstance(value, bytes) else value
                for key, value in kept.items()
            },
            "plaintext": document_text(name),
        }


def as_written() -> str:
    """The file as it must be."""
    return json.dumps(Making().vectors(), indent=1, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(as_written())
