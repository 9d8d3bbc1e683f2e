"""A second implementation of the sealed format, written from docs/sealed-format.md alone.

It shares no code and no cryptographic library with the app: pycryptodome here, `cryptography`
there. It opens, and it makes what an attacker would make.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass

from Crypto.Cipher import AES
from Crypto.Hash import SHA256
from Crypto.Protocol.KDF import HKDF

from tests.vault import gcm_siv

FORMAT, SUITE = 1, 1
COMMITMENT, NONCE, TAG, BLOCK = 32, 12, 16, 64
LEAST = 2 + COMMITMENT + NONCE + TAG + NONCE + TAG + 1
MOST_CHARACTERS = 30_000


class NotOpened(Exception):
    """It does not open."""


@dataclass(frozen=True)
class Keys:
    """What one place's two sources give."""

    inner: bytes
    outer: bytes
    commitment: bytes
    place: bytes


def place_bytes(fields: Sequence[str]) -> bytes:
    """App key, instance id, generation, document, version, version of the Encryption String."""
    encoded = [field.encode() for field in fields]
    assert len(encoded) == 6
    return bytes((FORMAT, SUITE, len(encoded))) + b"".join(
        len(each).to_bytes(4, "big") + each for each in encoded
    )


def keys_of(inner_source: bytes, outer_source: bytes, place: bytes) -> Keys:
    inner = _derived(inner_source, b"my-assets inner key 1:" + place)
    outer = _derived(outer_source, b"my-assets outer key 1:" + place)
    return Keys(inner, outer, _derived(inner + outer, b"my-assets commitment 1"), place)


def opened(sealed: bytes, keys: Keys) -> bytes:
    """The document. Raises NotOpened."""
    if len(sealed) < LEAST or sealed[:2] != bytes((FORMAT, SUITE)):
        raise NotOpened
    commitment, rest = sealed[2 : 2 + COMMITMENT], sealed[2 + COMMITMENT :]
    if not hmac.compare_digest(commitment, keys.commitment):
        raise NotOpened
    inside = outer_opened(rest, keys)
    try:
        padded = gcm_siv.decrypt(keys.inner, inside[:NONCE], inside[NONCE:], keys.place)
    except gcm_siv.Forged:
        raise NotOpened from None
    return _unpadded(padded)


def outer_opened(rest: bytes, keys: Keys) -> bytes:
    """What lies under the outer lock: the inner nonce, ciphertext and tag. Raises NotOpened."""
    nonce, body, tag = rest[:NONCE], rest[NONCE:-TAG], rest[-TAG:]
    cipher = AES.new(keys.outer, AES.MODE_GCM, nonce=nonce, mac_len=TAG)
    cipher.update(keys.place)
    try:
        return cipher.decrypt_and_verify(body, tag)
    except ValueError:
        raise NotOpened from None


def sealed_as(padded: bytes, keys: Keys, inner_nonce: bytes, outer_nonce: bytes) -> bytes:
    """Both locks around a text that is padded already, well or badly."""
    inside = inner_nonce + gcm_siv.encrypt(keys.inner, inner_nonce, padded, keys.place)
    cipher = AES.new(keys.outer, AES.MODE_GCM, nonce=outer_nonce, mac_len=TAG)
    cipher.update(keys.place)
    body, tag = cipher.encrypt_and_digest(inside)
    return bytes((FORMAT, SUITE)) + keys.commitment + outer_nonce + body + tag


def padded(document: bytes) -> bytes:
    ended = document + b"\x80"
    return ended + bytes(-len(ended) % BLOCK)


def pieces_of(text: str, count: int) -> list[bytes]:
    """The pieces of a property: canonical base64, joined by dots. Raises NotOpened."""
    pieces = text.split(".")
    if len(text) > MOST_CHARACTERS or len(pieces) != count:
        raise NotOpened
    try:
        found = [base64.b64decode(piece, validate=True) for piece in pieces]
    except (binascii.Error, ValueError):
        raise NotOpened from None
    if [base64.b64encode(each).decode() for each in found] != pieces:
        raise NotOpened
    return found


def key_in(string_document: bytes) -> bytes:
    """The key that an Encryption String's document holds."""
    key = base64.b64decode(json.loads(string_document)["key"], validate=True)
    assert len(key) == 32
    return key


def _unpadded(padded_text: bytes) -> bytes:
    if not padded_text or len(padded_text) % BLOCK:
        raise NotOpened
    ended = padded_text.rstrip(b"\0")
    if not ended.endswith(b"\x80") or padded(ended[:-1]) != padded_text:
        raise NotOpened
    return ended[:-1]


def _derived(source: bytes, label: bytes) -> bytes:
    key = HKDF(source, 32, b"", SHA256, context=label)
    assert isinstance(key, bytes)
    return key
