"""The Forge door's refusals: what a Forge invocation token (FIT) must be to be believed.

Each step raises Refused with a cause for the log; from outside all refusals look the same. A FIT
is good for any number of calls until it expires: nothing here remembers one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from app.callers.forge_site import agreed_cloud_id
from app.callers.tokens import (
    account_of,
    key_id_of,
    member,
    peek,
    text_of,
    token_after,
    verify_signed,
)
from app.errors import Refused
from app.words import AccountId, Json, SignedClaims, Unverified

ISSUER: Final = "forge/invocation-token"
# Atlassian's own look like `forge/invocation-token/wf-<uuid>`: slashes are part of them. They are
# looked up in a set and never stand in an address.
_KEY_ID: Final = re.compile(r"[A-Za-z0-9._:-]+(/[A-Za-z0-9._:-]+)*")
# Forge, remote essentials, "Security critical": the shape that a label must have.
_LABEL: Final = re.compile(r"[a-z0-9_-]{1,50}")
_INSTALLATION: Final = re.compile(r"ari:cloud:ecosystem::installation/[A-Za-z0-9_-]{1,100}")
# A trigger's token has a context too, seen in public with `cloudId`, `moduleKey`, `userAccess`.
# These two say that a page asked.
_OF_A_PAGE: Final = ("localId", "extension")


@dataclass(frozen=True)
class ForgeApp:
    """What a FIT must be for."""

    app_id: str  # the full ARI
    environment: str  # the `app.environment.type` that is accepted
    api_url: str  # ATLASSIAN_API_URL: where `apiBaseUrl` may lie


@dataclass(frozen=True)
class ForgeCaller:
    """A verified caller: the site and installation that all its claims agree on."""

    cloud_id: str  # lower case
    installation_id: str  # the full ARI
    account_id: AccountId | None  # None: nobody in session
    issued_at: int
    site_url: str | None  # as claimed; signed, its shape not yet checked
    from_page: bool  # such a token may have been in a browser: requestRemote shows it
    module_keys: tuple[str, ...]  # every module that the token names, in `app` and in `context`
    licensed: bool | None  # None: the claim is absent


class ForgeKeys(Protocol):
    """Atlassian's public keys of FITs, by key id."""

    def key(self, key_id: str) -> RSAPublicKey | None:
        """None: there is no usable key of this id. Raises ServiceUnreachable."""
        ...


def forge_caller(
    authorization: str | None, keys: ForgeKeys, app: ForgeApp, now: datetime
) -> ForgeCaller:
    """Check a FIT of the Authorization header. Raises Refused, ServiceUnreachable."""
    token = token_after("Bearer", authorization)
    header, unverified = peek(token)
    key_id = key_id_of(header, "RS256", _KEY_ID)
    _check_label(unverified)
    key = keys.key(key_id)
    if key is None:
        raise Refused("key unknown")
    claims = verify_signed(token, key, now)
    _check_complete(claims)
    _check_addressee(claims, app)
    return _caller(claims, app)


def _check_label(unverified: Unverified) -> None:
    """An isolated cloud's label picks another address of keys elsewhere; here it picks nothing."""
    label = unverified.get("icLabel")
    if label is not None and not (isinstance(label, str) and _LABEL.fullmatch(label)):
        raise Refused("label")


def _check_complete(claims: SignedClaims) -> None:
    """What every FIT has, beyond the times that every token has."""
    if claims.get("nbf") is None:
        raise Refused("times missing")
    text_of(claims, "jti")


def _check_addressee(claims: SignedClaims, app: ForgeApp) -> None:
    """For this app in this environment, and for nobody else beside it."""
    if claims.get("iss") != ISSUER:
        raise Refused("issuer")
    if claims.get("aud") not in (app.app_id, [app.app_id]):
        raise Refused("audience")
    claimed = member(claims, "app")
    if claimed.get("id") != app.app_id:
        raise Refused("app")
    if member(claimed, "environment").get("type") != app.environment:
        raise Refused("environment")


def _caller(claims: SignedClaims, app: ForgeApp) -> ForgeCaller:
    claimed, context = member(claims, "app"), member(claims, "context")
    site_url = context.get("siteUrl")
    return ForgeCaller(
        cloud_id=agreed_cloud_id(claimed, context, app.api_url),
        installation_id=_installation_id(claimed),
        account_id=account_of(claims, "principal"),
        issued_at=int(claims["iat"]),
        site_url=None if site_url is None else text_of(context, "siteUrl"),
        from_page=any(name in context for name in _OF_A_PAGE),
        module_keys=_module_keys(claimed, context),
        licensed=_licensed(claimed),
    )


def _installation_id(claimed: Json) -> str:
    found = text_of(claimed, "installationId")
    other = member(claimed, "installation").get("id")
    if not _INSTALLATION.fullmatch(found) or other not in (None, found):
        raise Refused("installation")
    return found


def _module_keys(claimed: Json, context: Json) -> tuple[str, ...]:
    places = ((member(claimed, "module"), "key"), (context, "moduleKey"))
    return tuple(text_of(place, name) for place, name in places if place.get(name))


def _licensed(claimed: Json) -> bool | None:
    """Only `true` is a licence: a text or a number that looks true is none.

    `isActive` is the older name of `active`, which counts where both are given.
    """
    licence = member(claimed, "license")
    active = licence.get("active", licence.get("isActive"))
    return None if active is None else active is True
