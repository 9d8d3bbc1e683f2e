"""The attack that a commitment is there for: one AES-GCM ciphertext that opens under two keys.

GHASH is a polynomial over the ciphertext, so one free block balances the tags of both keys.
Written from NIST SP 800-38D, sections 6.3, 6.4 and 7.1.
"""

from __future__ import annotations

from Crypto.Cipher import AES

_REDUCTION = 0xE1 << 120


def ciphertext_of_both(
    one: bytes, two: bytes, nonce: bytes, associated: bytes, length: int
) -> bytes:
    """A body of `length` bytes and a tag that AES-GCM accepts under `one` and under `two`."""
    blocks = -(-length // 16)
    body = bytearray(length)
    tags = [_tag(key, nonce, associated, bytes(body)) for key in (one, two)]
    # The first block has the power of its distance from the end, the lengths' block included.
    power = blocks + 1
    factor = _raised(_hash_key(one), power) ^ _raised(_hash_key(two), power)
    free = _times(tags[0] ^ tags[1], _raised(factor, 2**128 - 2))
    body[:16] = free.to_bytes(16, "big")
    return bytes(body) + _tag(one, nonce, associated, bytes(body)).to_bytes(16, "big")


def _tag(key: bytes, nonce: bytes, associated: bytes, body: bytes) -> int:
    lengths = (8 * len(associated)).to_bytes(8, "big") + (8 * len(body)).to_bytes(8, "big")
    text = _filled(associated) + _filled(body) + lengths
    state, factor = 0, _hash_key(key)
    for at in range(0, len(text), 16):
        state = _times(state ^ int.from_bytes(text[at : at + 16], "big"), factor)
    first = AES.new(key, AES.MODE_ECB).encrypt(nonce + b"\0\0\0\1")
    return state ^ int.from_bytes(first, "big")


def _hash_key(key: bytes) -> int:
    return int.from_bytes(AES.new(key, AES.MODE_ECB).encrypt(bytes(16)), "big")


def _times(one: int, two: int) -> int:
    product = 0
    for bit in range(127, -1, -1):
        if one >> bit & 1:
            product ^= two
        two = two >> 1 ^ (_REDUCTION if two & 1 else 0)
    return product


def _raised(base: int, power: int) -> int:
    result = 1 << 127
    while power:
        if power & 1:
            result = _times(result, base)
        base, power = _times(base, base), power >> 1
    return result


def _filled(text: bytes) -> bytes:
    return text + bytes(-len(text) % 16)
