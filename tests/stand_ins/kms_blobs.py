"""The wrapped keys of the strict stand-in for KMS: 184 bytes, bound to key and context.

The context goes in pair by pair with lengths, so that no two contexts look alike.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

BLOB = 184  # bytes of a wrapped 256-bit data key, as AWS gives it
PLAIN = 32
_NONCE, _TAG, _HEAD = 12, 16, 16


class NotOpened(Exception):
    """`code` is what AWS says."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def wrap(arn: str, material: bytes, plain: bytes, context: Mapping[str, str]) -> bytes:
    """The plain key, wrapped by the key with this ARN and material."""
    nonce = os.urandom(_NONCE)
    head = _mark(arn) + nonce
    filling = os.urandom(BLOB - len(head) - len(plain) - _TAG)
    return head + filling + AESGCM(material).encrypt(nonce, plain, _bound(arn, context, filling))


def unwrap(arn: str, material: bytes, blob: bytes, context: Mapping[str, str]) -> bytes:
    """The plain key again. Raises NotOpened."""
    body_at = BLOB - PLAIN - _TAG
    nonce, filling = blob[_HEAD : _HEAD + _NONCE], blob[_HEAD + _NONCE : body_at]
    if len(blob) != BLOB:
        raise NotOpened("InvalidCiphertextException")
    if blob[:_HEAD] != _mark(arn):
        raise NotOpened("IncorrectKeyException")
    try:
        return AESGCM(material).decrypt(nonce, blob[body_at:], _bound(arn, context, filling))
    except InvalidTag:
        raise NotOpened("InvalidCiphertextException") from None


def _mark(arn: str) -> bytes:
    return hashlib.sha256(arn.encode()).digest()[:_HEAD]


def _bound(arn: str, context: Mapping[str, str], filling: bytes) -> bytes:
    pieces = [arn, *(piece for pair in sorted(context.items()) for piece in pair)]
    encoded = [piece.encode() for piece in pieces]
    return b"".join(len(piece).to_bytes(4, "big") + piece for piece in encoded) + filling
