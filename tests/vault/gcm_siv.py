"""AES-GCM-SIV written from RFC 8452, over pycryptodome's AES block cipher alone.

No library of ours but `cryptography` has this mode, so the second opinion on it stands here. It
is slow and leaks by its timing: for tests only.
"""

from __future__ import annotations

import hmac

from Crypto.Cipher import AES

_TAG = 16
_BLOCK = 16
# x^128 + x^127 + x^126 + x^121 + 1; bit i of a number is the coefficient of x^i.
_FIELD = 1 << 128 | 1 << 127 | 1 << 126 | 1 << 121 | 1


class Forged(Exception):
    """The tag is not that of this text."""


def decrypt(key: bytes, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    """What `encrypt` sealed. Raises Forged."""
    if len(sealed) < _TAG:
        raise Forged
    body, tag = sealed[:-_TAG], sealed[-_TAG:]
    authenticating, encrypting = _derived(key, nonce)
    plaintext = _counted(encrypting, tag, body)
    if not hmac.compare_digest(tag, _tag(authenticating, encrypting, nonce, plaintext, associated)):
        raise Forged
    return plaintext


def encrypt(key: bytes, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
    """The ciphertext and its tag."""
    authenticating, encrypting = _derived(key, nonce)
    tag = _tag(authenticating, encrypting, nonce, plaintext, associated)
    return _counted(encrypting, tag, plaintext) + tag


def _derived(key: bytes, nonce: bytes) -> tuple[bytes, bytes]:
    """The authentication key and the encryption key of one message (section 4)."""
    block = AES.new(key, AES.MODE_ECB)
    halves = [block.encrypt(number.to_bytes(4, "little") + nonce)[:8] for number in range(6)]
    return b"".join(halves[:2]), b"".join(halves[2:])


def _tag(
    authenticating: bytes, encrypting: bytes, nonce: bytes, plaintext: bytes, associated: bytes
) -> bytes:
    lengths = (8 * len(associated)).to_bytes(8, "little") + (8 * len(plaintext)).to_bytes(
        8, "little"
    )
    mixed = bytearray(_polyval(authenticating, _filled(associated) + _filled(plaintext) + lengths))
    for place, byte in enumerate(nonce):
        mixed[place] ^= byte
    mixed[15] &= 0x7F
    return AES.new(encrypting, AES.MODE_ECB).encrypt(bytes(mixed))


def _counted(encrypting: bytes, tag: bytes, text: bytes) -> bytes:
    """The text under the key stream that begins with this tag: a counter of 32 bits that wraps."""
    block = AES.new(encrypting, AES.MODE_ECB)
    start, rest = int.from_bytes(tag[:4], "little"), tag[4:15] + bytes((tag[15] | 0x80,))
    blocks = -(-len(text) // _BLOCK)
    counters = b"".join(
        ((start + number) % 2**32).to_bytes(4, "little") + rest for number in range(blocks)
    )
    stream = block.encrypt(counters) if counters else b""
    return bytes(one ^ two for one, two in zip(text, stream, strict=False))


def _polyval(key: bytes, text: bytes) -> bytes:
    factor, state = int.from_bytes(key, "little"), 0
    for at in range(0, len(text), _BLOCK):
        state = _dot(state ^ int.from_bytes(text[at : at + _BLOCK], "little"), factor)
    return state.to_bytes(_BLOCK, "little")


def _dot(one: int, two: int) -> int:
    """The product over x^128, in the field (section 3)."""
    product = 0
    for bit in range(128):
        if two >> bit & 1:
            product ^= one << bit
    for _ in range(128):
        if product & 1:
            product ^= _FIELD
        product >>= 1
    return product


def _filled(text: bytes) -> bytes:
    return text + bytes(-len(text) % _BLOCK)
