"""The Connect door's refusals, one function a step, in the order in which they are made.

    shape -> the route's token kind -> unverified issuer -> instance -> signature, algorithm pinned
    -> times -> query hash -> (lifecycle only) audience, and the body bound to the issuer

Each step raises Refused with a cause for the log. From outside all refusals look the same, and an
unknown instance costs the same work as a known one. While secrets cannot be opened, a known one is
503 and not refused: its people must be told to come back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from app.callers.query_hash import CONTEXT_HASH, hashes_match, query_hash
from app.callers.shared_secrets import Known, SharedSecrets, signed_by, signer_of
from app.callers.tokens import account_of, key_id_of, peek, token_after, verify_signed
from app.errors import Refused
from app.words import AccountId, SignedClaims, Unverified

_SCHEME: Final = "JWT"
# The shape of every client key that can be stored: anything else is nobody's.
_CLIENT_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_KEY_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")  # it stands in an address


@dataclass(frozen=True)
class HttpRequest:
    """What the checks need of a request: the wire path and query, and where tokens may stand."""

    method: str
    raw_path: str
    raw_query: str = field(repr=False)
    base_path: str
    authorization: str | None = field(repr=False)
    query_tokens: Sequence[str] = field(default=(), repr=False)

    def computed_hash(self) -> str:
        return query_hash(self.method, self.raw_path, self.raw_query, self.base_path)


@dataclass(frozen=True)
class ConnectCaller:
    """A verified caller: the client key that signed, and the person, if the token names one."""

    client_key: str
    account_id: AccountId | None
    issued_at: int


class InstallKeys(Protocol):
    """Atlassian's public keys of lifecycle tokens, by key id."""

    def key(self, key_id: str, *, issuer_known: bool) -> RSAPublicKey | None:
        """None: there is no usable key of this id. Raises ServiceUnreachable.

        `issuer_known`: the token names an instance of ours, which a stranger can hardly do; its
        call must not wait behind a flood of strangers.
        """
        ...


def lifecycle_caller(
    request: HttpRequest,
    keys: InstallKeys,
    known: SharedSecrets[object],
    app_base_url: str,
    now: datetime,
) -> ConnectCaller:
    """Check an install or uninstall token: RS256 by Atlassian's key, for this app and request.

    The body is not covered by the token: bind it to `client_key` before believing it.
    """
    if request.query_tokens:
        raise Refused("token in the query")
    token = token_after(_SCHEME, request.authorization)
    header, unverified = peek(token)
    key_id, issuer = key_id_of(header, "RS256", _KEY_ID), _issuer(unverified)
    key = keys.key(key_id, issuer_known=known.find(issuer) is not None)
    if key is None:
        raise Refused("key unknown")
    claims = verify_signed(token, key, now)
    _check_audience(claims, app_base_url)
    _check_hash(claims, request.computed_hash())
    return _caller(claims)


def page_caller(
    request: HttpRequest, known: SharedSecrets[Known], now: datetime
) -> tuple[ConnectCaller, Known]:
    """Check a page's token: HS256 by the instance's secret, bound to exactly this request."""
    return _shared_caller(_only_token(request), request.computed_hash(), known, now)


def page_signer(request: HttpRequest, known: SharedSecrets[Known], now: datetime) -> Known | None:
    """Whose secret signed the token of a page that was refused; None: nobody's that is known.

    Good for one thing: the error page may then stand in that site's frame. An expired token, or
    one for another address, says nothing about who is calling now.
    """
    try:
        token = _only_token(request)
        issuer = _issuer(peek(token)[1])
    except Refused:
        return None
    return signer_of(issuer, token, known, now)


def context_caller(
    request: HttpRequest, known: SharedSecrets[Known], now: datetime
) -> tuple[ConnectCaller, Known]:
    """Check an API call's context token: HS256, the fixed hash, from the header only."""
    if request.query_tokens:
        raise Refused("token in the query")
    return _shared_caller(token_after(_SCHEME, request.authorization), CONTEXT_HASH, known, now)


def _only_token(request: HttpRequest) -> str:
    """Two tokens are refused: a checker and a user of the token could pick different ones."""
    found = list(request.query_tokens)
    if request.authorization is not None:
        found.append(token_after(_SCHEME, request.authorization))
    if len(found) != 1:
        raise Refused("no token, or two")
    return found[0]


def _shared_caller(
    token: str, expected_hash: str, known: SharedSecrets[Known], now: datetime
) -> tuple[ConnectCaller, Known]:
    claims, instance = signed_by(_issuer(peek(token)[1]), token, known, now)
    _check_hash(claims, expected_hash)
    return _caller(claims), instance


def _issuer(claims: Unverified | SignedClaims) -> str:
    issuer = claims.get("iss")
    if not isinstance(issuer, str) or not _CLIENT_KEY.fullmatch(issuer):
        raise Refused("issuer")
    return issuer


def _check_audience(claims: SignedClaims, app_base_url: str) -> None:
    """Exactly this app, once: a prefix or a second audience would let another app's token in."""
    audience = claims.get("aud")
    only = audience[0] if isinstance(audience, list) and len(audience) == 1 else audience
    if not isinstance(only, str) or only.removesuffix("/") != app_base_url:
        raise Refused("audience")


def _check_hash(claims: SignedClaims, expected: str) -> None:
    if not hashes_match(claims.get("qsh"), expected):
        raise Refused("query hash")


def _caller(claims: SignedClaims) -> ConnectCaller:
    return ConnectCaller(_issuer(claims), account_of(claims, "sub"), int(claims["iat"]))
