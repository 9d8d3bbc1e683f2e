"""The two locks: AES-256-GCM-SIV inside, AES-256-GCM outside, and the byte format between them.

`docs/sealed-format.md` describes each byte. Pure: no I/O. Whatever does not open is CannotOpen.
"""

from __future__ import annotations

import hmac
from typing import Final, NoReturn, SupportsIndex

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.vault.place import FORMAT, SUITE_TWO_LOCKS, Place
from app.vault.ports import CannotOpen
from app.words import HIDDEN, RandomBytes, Secret

_HEAD: Final = bytes((FORMAT, SUITE_TWO_LOCKS))
_COMMITMENT: Final = 32
_NONCE: Final = 12
_TAG: Final = 16
_COMMITMENT_AT: Final = len(_HEAD)
_NONCE_AT: Final = _COMMITMENT_AT + _COMMITMENT
_BODY_AT: Final = _NONCE_AT + _NONCE
_END: Final = b"\x80"  # after the plaintext, before the zeros that hide its length
_PADDED_TO: Final = 64  # a length tells at most which multiple of this it falls under
OVERHEAD: Final = _BODY_AT + _NONCE + 2 * _TAG + len(_END)  # bytes, before padding


class Locks:
    """Both keys of one place, ready for use. Safe to share between threads; shows nothing."""

    __slots__ = ("_commitment", "_inner", "_outer", "_place")

    def __init__(self, inner_source: Secret, outer_source: Secret, place: Place) -> None:
        self._place = place.encoded()
        inner = _derived(inner_source.reveal(), b"my-assets inner key 1:" + self._place)
        outer = _derived(outer_source.reveal(), b"my-assets outer key 1:" + self._place)
        # Over both keys, never over the inner one alone: whoever holds one half learns nothing
        # about the other, and no ciphertext can be crafted to open under two pairs of keys.
        self._commitment = _derived(inner + outer, b"my-assets commitment 1")
        self._inner = AESGCMSIV(inner)
        self._outer = AESGCM(outer)

    def seal(self, plaintext: Secret, random: RandomBytes) -> bytes:
        """Seal for this place. `random` must be fresh for each call (os.urandom)."""
        nonces = random(2 * _NONCE)
        inner_nonce, outer_nonce = nonces[:_NONCE], nonces[_NONCE:]
        inside = self._inner.encrypt(inner_nonce, _padded(plaintext.reveal()), self._place)
        outside = self._outer.encrypt(outer_nonce, inner_nonce + inside, self._place)
        return _HEAD + self._commitment + outer_nonce + outside

    def open(self, sealed: bytes) -> Secret:
        """Open what was sealed for this place with these keys. Raises CannotOpen."""
        if not has_form(sealed):
            raise CannotOpen
        if not hmac.compare_digest(sealed[_COMMITMENT_AT:_NONCE_AT], self._commitment):
            raise CannotOpen
        try:
            inside = self._outer.decrypt(sealed[_NONCE_AT:_BODY_AT], sealed[_BODY_AT:], self._place)
            opened = _unpadded(self._inner.decrypt(inside[:_NONCE], inside[_NONCE:], self._place))
        except (InvalidTag, ValueError):
            raise CannotOpen from None
        if opened is None:
            raise CannotOpen
        return opened

    def __repr__(self) -> str:
        return HIDDEN

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("Locks are never pickled or copied")


def has_form(sealed: bytes) -> bool:
    """Whether these bytes look like a sealed document; without its keys nobody can say more."""
    return len(sealed) >= OVERHEAD and sealed.startswith(_HEAD)


def _derived(source: bytes, label: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=label).derive(source)


def _padded(plaintext: bytes) -> bytes:
    ended = plaintext + _END
    return ended + bytes(-len(ended) % _PADDED_TO)


def _unpadded(padded: bytes) -> Secret | None:
    """None if it is not padded as `_padded` does: a format has one reading only."""
    end = padded.rfind(_END, -_PADDED_TO)
    if end < 0 or len(padded) % _PADDED_TO or padded.count(0, end + 1) != len(padded) - end - 1:
        return None
    return Secret(padded[:end])
