"""Who is at the vendor's desk: what a provider's token must be to be believed. Pure.

Authlib checks what OpenID Connect asks of every ID token; the rest is asked here, since the desk
asks for more: one audience, a fresh sign-in, a second factor. Every failure is Refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from authlib.oidc.core import CodeIDToken
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc.errors import ClaimError, JoseError

from app.callers.tokens import SKEW_SECONDS, key_id_of, peek, text_of, verify_signed
from app.errors import Refused
from app.words import SignedClaims, Unverified

FRESH_SECONDS: Final = 300  # how long ago the provider may have asked for password and factor
LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_KEY_ID: Final = re.compile(r"[A-Za-z0-9._:/+=-]+")
_MOST_GROUPS: Final = 1000
_LONGEST: Final = 64 * 1024  # characters; somebody in 200 groups of Entra ID has a token of 11,000
_LOGOUT_TYPE: Final = "logout+jwt"


@dataclass(frozen=True)
class Demand:
    """What is asked of the provider. Empty values ask nothing; they are never both empty."""

    issuer: str
    client_id: str
    acr_values: tuple[str, ...] = ()
    amr_values: tuple[str, ...] = ()


@dataclass(frozen=True)
class SignedIn:
    """Somebody the provider vouches for. `subject` is the provider's own name for them."""

    subject: str = field(repr=False)
    groups: frozenset[str]
    session: str | None  # the provider's session (`sid`), which it may end
    issued_at: int


@dataclass(frozen=True)
class SignedOut:
    """Whom the provider wants signed out: one person, one of its sessions, or that of a person."""

    subject: str | None = field(repr=False)
    session: str | None
    issued_at: int


class StaffKeys(Protocol):
    """The provider's public keys, by key id."""

    def key(self, key_id: str) -> RSAPublicKey | None:
        """None: there is no usable key of this id. Raises ServiceUnreachable."""
        ...


@dataclass(frozen=True)
class Redeemed:
    """What the provider gave for a code. Neither token is kept."""

    id_token: str = field(repr=False)
    access_token: str | None = field(repr=False)


def signed_in(
    given: Redeemed, keys: StaffKeys, demand: Demand, nonce: str, now: datetime
) -> SignedIn:
    """Check an ID token. Raises Refused, ServiceUnreachable."""
    header, claims = _signed(given.id_token, keys, now)
    if "events" in claims or header.get("typ") == _LOGOUT_TYPE:
        raise Refused("not an ID token")
    _check_standard(claims, header, given, demand, nonce, now)
    _check_addressee(claims, demand)
    _check_fresh(claims, now)
    _check_second_factor(claims, demand)
    return SignedIn(
        subject=text_of(claims, "sub"),
        groups=_groups(claims),
        session=text_of(claims, "sid") if "sid" in claims else None,
        issued_at=int(claims["iat"]),
    )


def signed_out(token: str, keys: StaffKeys, demand: Demand, now: datetime) -> SignedOut:
    """Check a logout token (OpenID Connect Back-Channel Logout 1.0, 2.6).

    Raises Refused, ServiceUnreachable. A repeated one ends nothing newer: it needs no memory.
    """
    _, claims = _signed(token, keys, now)
    if claims.get("iss") != demand.issuer:
        raise Refused("issuer")
    _check_addressee(claims, demand)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise Refused("not a logout token")
    if "nonce" in claims:
        raise Refused("not a logout token")
    text_of(claims, "jti")
    subject, session = (text_of(claims, n) if n in claims else None for n in ("sub", "sid"))
    if subject is None and session is None:
        raise Refused("nobody named")
    return SignedOut(subject, session, int(claims["iat"]))


def _signed(token: str, keys: StaffKeys, now: datetime) -> tuple[Unverified, SignedClaims]:
    header, _ = peek(token, _LONGEST)
    key_id = key_id_of(header, "RS256", _KEY_ID)
    key = keys.key(key_id)
    if key is None:
        raise Refused("key unknown")
    return header, verify_signed(token, key, now)


def _check_standard(
    claims: SignedClaims,
    header: Mapping[str, Any],
    given: Redeemed,
    demand: Demand,
    nonce: str,
    now: datetime,
) -> None:
    """Issuer, audience, nonce, `at_hash`, and that nothing is missing that every token has."""
    token = CodeIDToken(
        claims,
        dict(header),
        options={"iss": {"value": demand.issuer}, "aud": {"value": demand.client_id}},
        params={"nonce": nonce, "access_token": given.access_token},
    )
    try:
        token.validate(now=int(now.timestamp()), leeway=SKEW_SECONDS)
    except ClaimError as fault:
        raise Refused(f"claim {fault.claim}") from None
    except (JoseError, ValueError, TypeError):
        raise Refused("claims") from None


def _check_addressee(claims: SignedClaims, demand: Demand) -> None:
    """For the desk, and for nobody else beside it."""
    if claims.get("aud") not in (demand.client_id, [demand.client_id]):
        raise Refused("audience")
    if claims.get("azp") not in (None, demand.client_id):
        raise Refused("claim azp")


def _check_fresh(claims: SignedClaims, now: datetime) -> None:
    """`max_age` was asked for; whether it was kept is checked, a provider may ignore it."""
    signed_in_at = claims.get("auth_time")
    if not isinstance(signed_in_at, int) or isinstance(signed_in_at, bool):
        raise Refused("claim auth_time")
    age = now.timestamp() - signed_in_at
    if not -SKEW_SECONDS <= age <= FRESH_SECONDS + SKEW_SECONDS:
        raise Refused("not a fresh sign-in")


def _check_second_factor(claims: SignedClaims, demand: Demand) -> None:
    """Closed where the provider is silent, and where nothing would be asked of it."""
    acr, amr = claims.get("acr"), claims.get("amr")
    if not (demand.acr_values or demand.amr_values):
        raise Refused("no second factor asked")
    if demand.acr_values and acr not in demand.acr_values:
        raise Refused("no second factor")
    if demand.amr_values and not (
        isinstance(amr, list) and any(each in demand.amr_values for each in amr)
    ):
        raise Refused("no second factor")


def _groups(claims: SignedClaims) -> frozenset[str]:
    """The groups; none where the provider named none, or only says where they could be asked."""
    found = claims.get("groups", [])
    if not isinstance(found, list) or len(found) > _MOST_GROUPS:
        raise Refused("claim groups")
    if not all(isinstance(each, str) for each in found):
        raise Refused("claim groups")
    return frozenset(found)
