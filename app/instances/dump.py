"""Everything that lies with the vendor about instances, as JSON, tried with the vendor's keys.

It holds no key and no value: neither sealed nor wrapped bytes, which kept anywhere else would undo
forgetting, nor what they open to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final, Protocol

from app.instances.reference import InstanceReference
from app.vault.opening import document_of
from app.vault.parts import DOCUMENTS
from app.vault.rewrapping import Owner
from app.vault.roles import ROLES, opens
from app.words import Json

NOTHING_ALONE: Final = "opens nothing without the sealed bytes, which lie in the customer's Jira"
NOT_SHOWN: Final = "not shown"
_SEALED_HERE: Final = tuple(
    name for name, document in DOCUMENTS.items() if document.rests_in == "reference"
)


class Tries(Protocol):
    """Whoever tries the vendor's keys. Raises ServiceUnreachable."""

    def unwraps(self, owner: Owner, key_id: str, wrapped: bytes) -> bool: ...

    def opens(self, owner: Owner, value: Mapping[str, Any]) -> bool: ...


def dumped(reference: InstanceReference, tries: Tries) -> Json:
    """One instance: its plain attributes, and of each key and secret whether it opens."""
    shown: Json = {
        each.name: value
        for each in fields(reference)
        if (value := getattr(reference, each.name)) is not None
        and each.name not in ("part_keys", *_SEALED_HERE)
    }
    shown["part_keys"] = {
        name: _part_key(reference, name, entry, tries)
        for name, entry in sorted(reference.part_keys.items())
    }
    for name in _SEALED_HERE:
        value = getattr(reference, name)
        if value is not None:
            shown[name] = _secret(reference, name, value, tries)
    return shown


def _part_key(
    reference: InstanceReference, name: str, entry: Mapping[str, Any], tries: Tries
) -> Json:
    key_id, wrapped = entry.get("key_id"), entry.get("wrapped")
    whole = isinstance(key_id, str) and isinstance(wrapped, bytes)
    owner = _owner(reference, document_of(name), entry)
    return {
        "version": entry.get("version"),
        "string_version": entry.get("string_version"),
        "key_id": key_id,
        "unwraps": whole and tries.unwraps(owner, str(key_id), bytes(wrapped or b"")),
        "alone": NOTHING_ALONE,
    }


def _secret(
    reference: InstanceReference, name: str, value: Mapping[str, Any], tries: Tries
) -> Json:
    return {
        "version": value.get("version"),
        "key_id": value.get("key_id"),
        "inner_key_id": value.get("inner_key_id"),
        "openable": tries.opens(_owner(reference, name, value), value),
        "openable_by": [role for role in ROLES if opens(role, name)],
        "value": NOT_SHOWN,
    }


def _owner(reference: InstanceReference, document: str, entry: Mapping[str, Any]) -> Owner:
    version = str(entry.get("version"))
    return Owner(reference.instance_id, reference.generation, document, version)
