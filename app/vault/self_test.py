"""The start-up test of both ciphers: a known answer, and a changed one refused.

A machine whose OpenSSL lacks AES-GCM-SIV, or has it wrong, must not start.
"""

from __future__ import annotations

import hashlib
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm

from app.vault.locks import Locks
from app.vault.place import Place
from app.vault.ports import CannotOpen
from app.words import Generation, InstanceId, Secret

# SHA-256 of the sealed bytes of the vector below.
KNOWN_ANSWER: Final = "a118a00b13f129b7c89c0d9d5af3cfbf86e0b277ec127631e8c23d57456bf99c"


class SelfTestFailed(RuntimeError):
    """The ciphers of this machine are not what the format needs."""


def self_test() -> None:
    """Raises SelfTestFailed."""
    try:
        locks = Locks(Secret(bytes(range(32))), Secret(bytes(range(32, 64))), vector_place())
        sealed = locks.seal(Secret("a known plaintext"), _fixed_bytes)
    except UnsupportedAlgorithm:
        raise SelfTestFailed("AES-GCM-SIV is missing: OpenSSL 3.2 or newer is needed") from None
    if hashlib.sha256(sealed).hexdigest() != KNOWN_ANSWER:
        raise SelfTestFailed("sealing does not give the known answer")
    if locks.open(sealed).reveal() != b"a known plaintext":
        raise SelfTestFailed("opening does not give the plaintext")
    try:
        locks.open(sealed[:-1] + bytes((sealed[-1] ^ 1,)))
    except CannotOpen:
        return
    raise SelfTestFailed("a changed ciphertext opens")


def vector_place() -> Place:
    """The place of the known answer."""
    return Place(
        "app-key", InstanceId("instance"), Generation("generation"), "document", "1-a", "1-b"
    )


def _fixed_bytes(count: int) -> bytes:
    return bytes(range(count))
