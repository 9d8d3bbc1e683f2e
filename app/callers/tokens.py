"""JSON web tokens: peek without trust, verify with the algorithm that our code chose.

What `peek` gives is `Unverified`: good for finding the instance, never for deciding anything.
Every failure is Refused with a cause for the log; the caller sees one and the same answer.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import datetime
from typing import Any, Final, TypeGuard

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from app.errors import Refused
from app.words import AccountId, Json, Secret, SignedClaims, Unverified

MAX_TOKEN_CHARACTERS: Final = 8192
MAX_LIFE_SECONDS: Final = 24 * 3600  # a token that lives longer is no token of Atlassian's
SKEW_SECONDS: Final = 5  # how far the issuer's clock may be ahead of ours
_RSA_BITS: Final = range(2048, 8192 + 1)  # weaker is guessed, longer costs too much to check
_RSA_EXPONENTS: Final = range(65_537, 2**32)
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_MAX_TEXT: Final = 255

# PyJWT's own checks of claims are off: they read the clock themselves. `_check_times` does them.
_OPTIONS: Final[Any] = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
    "require": [],
}


def token_after(scheme: str, authorization: str | None) -> str:
    """The token of an Authorization header of exactly this scheme. Raises Refused."""
    found, _, token = (authorization or "").partition(" ")
    if found != scheme or not token:
        raise Refused("no token")
    return token


def peek(token: str, longest: int = MAX_TOKEN_CHARACTERS) -> tuple[Unverified, Unverified]:
    """Header and claims that nobody has checked. Raises Refused if it has no token's shape."""
    if len(token) > longest or not _SHAPE.fullmatch(token):
        raise Refused("shape")
    header, claims, _ = token.split(".")
    return Unverified(_part(header)), Unverified(_part(claims))


def _part(encoded: str) -> dict[str, Any]:
    try:
        value = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise Refused("shape") from None
    if not isinstance(value, dict):
        raise Refused("shape")
    return value


def verify_shared(token: str, secret: Secret, now: datetime) -> SignedClaims:
    """Check an HS256 token against a shared secret, and its times. Raises Refused."""
    return _verify(token, secret.reveal(), "HS256", now)


def verify_signed(token: str, key: RSAPublicKey, now: datetime) -> SignedClaims:
    """Check an RS256 token against a public key, and its times. Raises Refused."""
    return _verify(token, key, "RS256", now)


def key_id_of(header: Unverified, algorithm: str, shape: re.Pattern[str]) -> str:
    """The `kid` of a header whose `alg` is `algorithm`, in the shape that a route's keys have.

    The header is not signed: its algorithm is compared, never used. Raises Refused.
    """
    if header.get("alg") != algorithm:
        raise Refused("algorithm")
    key_id = header.get("kid")
    if not isinstance(key_id, str) or len(key_id) > _MAX_TEXT or not shape.fullmatch(key_id):
        raise Refused("key id")
    return key_id


def is_strong(key: object) -> TypeGuard[RSAPublicKey]:
    """Whether a key may check signatures: RSA, neither weak nor of a size that only hurts."""
    if not isinstance(key, RSAPublicKey) or key.key_size not in _RSA_BITS:
        return False
    return key.public_numbers().e in _RSA_EXPONENTS


def text_of(claims: Json, name: str) -> str:
    """A claim that is a text of 1 to 255 printable characters. Raises Refused."""
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_TEXT or not value.isprintable():
        raise Refused("shape of a claim")
    return value


def member(claims: Json, name: str) -> Json:
    """A claim that is an object; an empty one if there is none. Raises Refused."""
    value = claims.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Refused("shape of a claim")
    return value


def account_of(claims: SignedClaims, name: str) -> AccountId | None:
    """The account a claim names; None if there is no such claim. Raises Refused.

    `unidentified` is what Forge calls everybody who is not signed in: nothing may be theirs.
    """
    if claims.get(name) is None:
        return None
    account = text_of(claims, name)
    if account == "unidentified":
        raise Refused("nobody named")
    return AccountId(account)


def _verify(token: str, key: bytes | RSAPublicKey, algorithm: str, now: datetime) -> SignedClaims:
    try:
        claims = jwt.decode(token, key, algorithms=[algorithm], options=_OPTIONS)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise Refused("signature") from None
    _check_times(claims, now.timestamp())
    return SignedClaims(claims)


def _check_times(claims: dict[str, Any], now: float) -> None:
    expires, issued, not_before = (claims.get(name) for name in ("exp", "iat", "nbf"))
    if not _is_time(expires) or not _is_time(issued):
        raise Refused("times missing")
    if expires <= now or expires > now + MAX_LIFE_SECONDS:
        raise Refused("expired or too long")
    if issued > now + SKEW_SECONDS:
        raise Refused("issued in the future")
    if "nbf" in claims and (not _is_time(not_before) or not_before > now + SKEW_SECONDS):
        raise Refused("not valid yet")


def _is_time(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value < 1e11
