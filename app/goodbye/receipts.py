"""The receipt of one deletion: what it says, its text, and how it hangs on the one before it.

The payload is signed as it is, byte for byte. It holds classes, counts, times and ids of keys;
nothing of a person, no address, nothing that tells which site it was but the instance id.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, Protocol

from app.errors import ServiceFailed
from app.instances.reference import InstanceReference, stamp
from app.kept import KEPT, KeptClass
from app.words import Generation, InstanceId, Json

Cause = Literal["uninstalled", "purged"]
FORMAT: Final = "my-assets deletion receipt 1"
ALGORITHM: Final = "ECDSA_SHA_256"
FIRST: Final = "0" * 64  # what the first receipt of a chain names as the one before it
LARGEST: Final = 4096  # bytes of a payload: KMS signs no longer message as it is (API, Sign)
# Not listed: they are the proof itself, or the customer's own.
_UNLISTED: Final = ("tombstones", "receipts", "imported people and devices")


@dataclass(frozen=True)
class SigningKey:
    """The public half of the signing key. `sha256` names it, whatever alias or ARN it had."""

    key_id: str
    pem: str
    sha256: str


class Signer(Protocol):
    """Both raise ServiceUnreachable, and ServiceFailed for a key that is not ECDSA P-256."""

    def public_key(self) -> SigningKey: ...

    def sign(self, payload: bytes) -> bytes:
        """The signature in DER, already checked against the public key."""
        ...


@dataclass(frozen=True)
class Receipt:
    """A signed receipt. `payload` is the text that was signed."""

    payload: str
    signature: bytes

    @property
    def digest(self) -> str:
        """What the next receipt names as the one before it."""
        return hashlib.sha256(self.payload.encode()).hexdigest()

    def text(self) -> str:
        """The file's content."""
        fields = {
            "payload": self.payload,
            "signature": base64.b64encode(self.signature).decode(),
            "algorithm": ALGORITHM,
        }
        return json.dumps(fields, indent=2) + "\n"


@dataclass(frozen=True)
class Head:
    """The newest receipt of the chain, whole: it stays findable until the next one is there."""

    number: int
    digest: str
    receipt: str


@dataclass(frozen=True)
class Life:
    """The life that a deletion ends: why, since when nothing opens, and when the rest goes."""

    reference: InstanceReference
    cause: Cause
    ended_at: datetime
    erased_at: datetime


def tombstone(life: Life, receipt: str) -> InstanceReference:
    """All that stays of an erased instance, for sixty days."""
    was = life.reference
    return InstanceReference(
        instance_id=InstanceId(was.instance_id),
        door=was.door,
        state="erased",
        generation=Generation(was.generation),
        erased_at=stamp(life.erased_at),
        receipt=receipt,
    )


def signed(life: Life, before: Head | None, signer: Signer, keys: Sequence[str]) -> Receipt:
    """The receipt of this deletion, next in the chain. Raises what the signer raises."""
    key = signer.public_key()
    told: Json = {
        "format": FORMAT,
        "number": before.number + 1 if before else 1,
        "previous": before.digest if before else FIRST,
        "instance_id": life.reference.instance_id,
        "door": life.reference.door,
        "generation": life.reference.generation,
        "cause": life.cause,
        "installed_at": life.reference.installed_at,
        "ended_at": stamp(life.ended_at),
        "erased_at": stamp(life.erased_at),
        "classes": [_gone(each, life) for each in KEPT if each.name not in _UNLISTED],
        "keys": sorted({*keys, *_wrapped_under(life.reference)}),
        "signing_key": {"id": key.key_id, "sha256": key.sha256},
    }
    payload = json.dumps(told, sort_keys=True, separators=(",", ":"))
    if len(payload) > LARGEST:
        raise ServiceFailed("A receipt would be longer than the key service signs.")
    return Receipt(payload, signer.sign(payload.encode()))


def _gone(each: KeptClass, life: Life) -> Json:
    """Gone: deleted, or of such a kind that nobody can open it any more.

    `count` is what was found and deleted with the reference; null where a store of its own ends it.
    """
    count = _found(each, life.reference)
    if count:
        at = life.erased_at
    elif count is None and each.owner == "vendor" and each.longest is not None:
        at = life.ended_at + each.longest
    else:
        at = life.ended_at
    return {"class": each.name, "count": count, "gone_at": stamp(at)}


def _found(each: KeptClass, reference: InstanceReference) -> int | None:
    if each.name == "instance reference":
        return 1
    if each.store != "instance table" or each.name == "claims":
        return None
    return sum(_count(getattr(reference, thing, None)) for thing in each.things)


def _count(value: object) -> int:
    if isinstance(value, Mapping) and all(isinstance(each, Mapping) for each in value.values()):
        return len(value)
    return 0 if value is None else 1


def _wrapped_under(reference: InstanceReference) -> set[str]:
    entries: list[Mapping[str, Any]] = [*reference.part_keys.values()]
    entries += [each for each in (reference.connect_secret, reference.site_token) if each]
    return {str(entry["key_id"]) for entry in entries if entry.get("key_id")}
