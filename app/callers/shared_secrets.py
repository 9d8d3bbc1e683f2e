"""Tokens signed with a secret that one instance shares with us: HS256, the algorithm pinned.

An unknown issuer costs the same work as a known one: its token is checked against nobody's secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol, TypeVar

from app.callers.tokens import verify_shared
from app.errors import Refused
from app.words import Secret, SignedClaims

Known = TypeVar("Known", covariant=True)  # whatever the directory of instances gives back

_NOBODYS_SECRET: Final = Secret(b"\0" * 64)  # verified against when the issuer is unknown
_MAY_BE_STALE: Final = ("signature", "instance unknown")


class SharedSecrets(Protocol[Known]):
    """The installed instances by their client key, and the secrets they sign with."""

    def find(self, client_key: str) -> Known | None:
        """The installed instance of a client key; None if unknown or uninstalled."""
        ...

    def secrets(self, client_key: str) -> Sequence[Secret]:
        """The secret in force, and the one before it in its grace. Raises ServiceUnreachable."""
        ...

    def look_again(self, client_key: str) -> bool:
        """Drop what was remembered of it; False if it was looked up a moment ago."""
        ...


def signed_by(
    issuer: str, token: str, known: SharedSecrets[Known], now: datetime
) -> tuple[SignedClaims, Known]:
    """The claims, signed by the instance that the token names. Raises Refused."""
    try:
        return _verified(issuer, token, known, now)
    except Refused as refused:
        # Another process may have taken a new secret or a reinstall within the last seconds.
        if refused.cause not in _MAY_BE_STALE or not known.look_again(issuer):
            raise
        return _verified(issuer, token, known, now)


def signer_of(issuer: str, token: str, known: SharedSecrets[Known], now: datetime) -> Known | None:
    """The named instance if it signed the token, expired or not; else None."""
    instance = known.find(issuer)
    secrets = known.secrets(issuer) if instance is not None else ()
    signed = any(_is_signed(token, secret, now) for secret in secrets or (_NOBODYS_SECRET,))
    return instance if signed and secrets else None


def _verified(
    issuer: str, token: str, known: SharedSecrets[Known], now: datetime
) -> tuple[SignedClaims, Known]:
    instance = known.find(issuer)
    secrets = known.secrets(issuer) if instance is not None else ()
    claims = _verify_any(token, secrets, now)
    # No secret: it was forgotten between the two look-ups, and the token proves nothing.
    if instance is None or not secrets:
        raise Refused("instance unknown")
    return claims, instance


def _verify_any(token: str, secrets: Sequence[Secret], now: datetime) -> SignedClaims:
    *earlier, last = secrets or (_NOBODYS_SECRET,)
    for secret in earlier:
        try:
            return verify_shared(token, secret, now)
        except Refused as refused:
            if refused.cause != "signature":
                raise
    return verify_shared(token, last, now)


def _is_signed(token: str, secret: Secret, now: datetime) -> bool:
    try:
        verify_shared(token, secret, now)
    except Refused as refused:
        return refused.cause != "signature"
    return True
