"""Checks receipts offline: one signature, or a whole folder as one unbroken chain. Pure.

It takes nothing from the receipt's own word but the name of the key, and never tries keys in turn.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from app.goodbye.receipts import ALGORITHM, FIRST, FORMAT, LARGEST, Receipt
from app.words import Json

LARGEST_FILE: Final = 64 * 1024
_PEM: Final = re.compile(r"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", re.DOTALL)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_FIELDS: Final = {"payload", "signature", "algorithm"}
_OF_A_LIFE: Final = re.compile(r"[0-9a-f]{32}-g[0-9]+\.json")
PublicKeys = Mapping[str, EllipticCurvePublicKey]


class NotValid(ValueError):
    """The receipt or the key is not what it should be; the text says why."""


@dataclass(frozen=True)
class Checked:
    """What a receipt with a good signature says about itself."""

    number: int
    previous: str
    digest: str
    told: Json


def name_of(key: EllipticCurvePublicKey) -> str:
    """A key's name: the hash of its own encoding (SubjectPublicKeyInfo, DER)."""
    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(encoded).hexdigest()


def read_keys(pem: str) -> PublicKeys:
    """Every key of a PEM text, by its name. Raises NotValid: none, or one of another kind."""
    keys = [_key(found) for found in _PEM.findall(pem)]
    if not keys:
        raise NotValid("There is no public key in PEM form.")
    return {name_of(key): key for key in keys}


def is_signature(key: EllipticCurvePublicKey, signature: bytes, payload: bytes) -> bool:
    """Whether the key made this signature (DER) of these bytes."""
    try:
        key.verify(signature, payload, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def read_receipt(text: str) -> Receipt:
    """A receipt's file, unchecked but for its shape. Raises NotValid.

    What stands beside the payload is not signed: anything more than a receipt has is refused.
    """
    if len(text) > LARGEST_FILE:
        raise NotValid("It is too long to be a receipt.")
    try:
        fields = json.loads(text, object_pairs_hook=_no_twins)
        payload, algorithm = fields["payload"], fields["algorithm"]
        signature = base64.b64decode(fields["signature"], validate=True)
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NotValid("It is not a receipt.") from None
    if algorithm != ALGORITHM or not isinstance(payload, str) or not payload.isascii():
        raise NotValid("It is not a receipt of this kind.")
    if set(fields) != _FIELDS:
        raise NotValid("Something was added to it that is not signed.")
    return Receipt(payload, signature)


def check(receipt: Receipt, keys: PublicKeys) -> Checked:
    """The signature, and then what it covers. Raises NotValid."""
    told = _told(receipt.payload)
    try:
        key = keys.get(str(told["signing_key"]["sha256"]))
        number, previous = told["number"], told["previous"]
    except (KeyError, TypeError):
        raise NotValid("It is not a receipt.") from None
    if key is None:
        raise NotValid("It was signed with another key than the one given.")
    if not is_signature(key, receipt.signature, receipt.payload.encode()):
        raise NotValid("Its signature is not good: it was changed, or somebody else made it.")
    if not isinstance(number, int) or number < 1 or not _DIGEST.fullmatch(str(previous)):
        raise NotValid("Its place in the chain cannot be read.")
    return Checked(number, str(previous), receipt.digest, told)


def check_chain(found: Mapping[str, Checked]) -> list[str]:
    """What is wrong with a folder of good receipts as a chain; nothing if it is unbroken."""
    faults: list[str] = []
    expected, previous = 1, FIRST
    for name, each in sorted(found.items(), key=lambda one: one[1].number):
        if each.number != expected:
            lacking = "is there twice" if each.number < expected else f"follows after {expected}"
            faults.append(f"{name}: number {each.number} {lacking}; the chain has a gap or a fork.")
        elif each.previous != previous:
            faults.append(f"{name}: it names another receipt before it than number {expected - 1}.")
        if _OF_A_LIFE.fullmatch(name) and name != _name_within(each):
            faults.append(f"{name}: it has the name of another receipt.")
        expected, previous = each.number + 1, each.digest
    return faults


def _name_within(checked: Checked) -> str:
    return f"{checked.told.get('instance_id')}-{checked.told.get('generation')}.json"


def _no_twins(pairs: list[tuple[str, Any]]) -> Json:
    """A name given twice is refused: two readers could each pick another value."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a name twice")
    return fields


def _told(payload: str) -> Json:
    try:
        told = json.loads(payload) if len(payload) <= LARGEST else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise NotValid("It is not a receipt of this format.")
    return told


def _key(pem: str) -> EllipticCurvePublicKey:
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise NotValid("The public key cannot be read.") from None
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise NotValid("The public key is not of the kind that signs receipts (ECDSA P-256).")
    return key
