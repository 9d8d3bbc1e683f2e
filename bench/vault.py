"""C1, C1b, C3, C5: sealing and opening, against the same ciphers without a vault around them."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV

from app.vault.envelope import InnerKey, to_text
from app.vault.locks import Locks
from app.vault.place import Place
from app.words import Generation, InstanceId, Secret
from bench.measure import SMALL, Figure, cpu, often, times

COUNT = 500 if SMALL else 4000
PLAIN = os.urandom(200)
AAD = os.urandom(60)
PARTS = 9  # documents of an instance with everything set
PLACE = Place(
    "my-assets-for-jira",
    InstanceId("a" * 32),
    Generation("g1795262400"),
    "entra",
    "1-aaaaaaaaaaaa",
    "1-bbbbbbbbbbbb",
)


def figures() -> list[Figure]:
    locks = Locks(Secret(os.urandom(32)), Secret(os.urandom(32)), PLACE)
    siv, gcm, other = (
        AESGCMSIV(os.urandom(32)), AESGCM(os.urandom(32)), AESGCM(os.urandom(32))
    )  # fmt: skip
    plain, nonce = Secret(PLAIN), os.urandom(12)
    sealed = locks.seal(plain, os.urandom)
    inside = siv.encrypt(nonce, PLAIN, AAD)
    nested = gcm.encrypt(nonce, inside, AAD)
    twice = gcm.encrypt(nonce, other.encrypt(nonce, PLAIN, AAD), AAD)

    def seal_raw() -> None:
        nonces = os.urandom(24)
        gcm.encrypt(nonces[:12], siv.encrypt(nonces[12:], PLAIN, AAD), AAD)

    def seal_gcm() -> None:
        nonces = os.urandom(24)
        gcm.encrypt(nonces[:12], other.encrypt(nonces[12:], PLAIN, AAD), AAD)

    seal = often(lambda: locks.seal(plain, os.urandom), COUNT)
    opened = often(lambda: locks.open(sealed), COUNT)
    raw = often(lambda: siv.decrypt(nonce, gcm.decrypt(nonce, nested, AAD), AAD), COUNT)
    raw_gcm = often(lambda: other.decrypt(nonce, gcm.decrypt(nonce, twice, AAD), AAD), COUNT)
    return [
        Figure("C1", "seal / SIV in GCM", times(seal, often(seal_raw, COUNT)), "x", 1.3),
        Figure("C1", "open / SIV in GCM", times(opened, raw), "x", 1.4),
        Figure("C1b", "seal / GCM in GCM", times(seal, often(seal_gcm, COUNT)), "x", 2.5),
        Figure("C1b", "open / GCM in GCM", times(opened, raw_gcm), "x", 2.5),
        *_sizes(locks),
        *_openings(locks, sealed),
    ]


def _sizes(locks: Locks) -> list[Figure]:
    """What a field costs without its padding, and the largest settings in a property."""
    overhead = len(locks.seal(Secret(b"x" * 63), os.urandom)) - 63
    settings = Secret(os.urandom(2000))
    text = to_text("entra", locks.seal(settings, os.urandom), InnerKey("k" * 80, os.urandom(184)))
    return [
        Figure("C3", "bytes added to a field", overhead, "bytes", 104),
        Figure("C3", "2,000 bytes of settings in a property", len(text) / 32768 * 100, "%", 15),
    ]


def _openings(locks: Locks, sealed: bytes) -> list[Figure]:
    inner, outer = Secret(os.urandom(32)), Secret(os.urandom(32))
    mine = Locks(inner, outer, PLACE).seal(Secret(PLAIN), os.urandom)
    warm = _best(lambda: locks.open(sealed))
    cold = _best(lambda: Locks(inner, outer, PLACE).open(mine))
    return [
        Figure("C5", f"opening {PARTS} parts, warm", PARTS * warm * 1e6, "us", 200),
        Figure("C5", f"opening {PARTS} parts, cold subkeys", PARTS * cold * 1e6, "us", 500,
               note="keys derived for each; one pair of keys a part"),
    ]  # fmt: skip


def _best(action: object) -> float:
    rounds = [cpu(often(action, COUNT // 4)) / (COUNT // 4) for _ in range(5)]  # type: ignore[arg-type]
    return sorted(rounds)[2]
