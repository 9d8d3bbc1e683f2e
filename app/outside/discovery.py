"""Where an identity provider of OpenID Connect is asked: its own document, fetched rarely.

The document must name the configured issuer, and addresses at the issuer's origin only.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.errors import ServiceFailed, ServiceUnreachable, SlowDown
from app.outside.allowance import Allowance
from app.outside.answers import accepted, mapping, text
from app.outside.http import HttpCaller, origin_of
from app.outside.key_set import KeySetAddress
from app.said import Sentence
from app.words import Clock

PROVIDER: Final = Sentence("staff.provider", "The staff's provider")
_READ_SECONDS: Final = 3.0
_PATIENCE_SECONDS: Final = 3.0  # for a fetch that another call has begun
_MAX_BYTES: Final = 256 * 1024
_KEPT: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Found:
    """What the document says. `issuer` is written as tokens write it.

    `names_itself`: its answers to a browser carry `iss` (RFC 9207).
    """

    issuer: str
    authorize: str
    token: str
    keys: KeySetAddress
    names_itself: bool
    at: datetime


class Discovery:
    """`{issuer}/.well-known/openid-configuration`. `allowance`: fetches a stranger can cause."""

    def __init__(self, http: HttpCaller, issuer: str, clock: Clock, allowance: Allowance) -> None:
        self._http = http
        self._issuer = issuer
        self._clock = clock
        self._allowance = allowance
        self._found: Found | None = None
        self._finding = threading.Lock()

    def found(self) -> Found:
        """What it says, at most an hour old. Raises ServiceFailed, SlowDown."""
        kept = self._kept()
        if kept is not None:
            return kept
        if not self._finding.acquire(timeout=_PATIENCE_SECONDS):
            raise ServiceUnreachable(f"{PROVIDER()} cannot be reached.")
        try:
            return self._kept() or self._fetch()
        finally:
            self._finding.release()

    def _kept(self) -> Found | None:
        found = self._found
        return found if found is not None and self._clock() - found.at < _KEPT else None

    def _fetch(self) -> Found:
        if not self._allowance.spend():
            raise SlowDown("Too many people are signing in at once.")
        answer = self._http.send(
            "GET",
            f"{self._issuer}/.well-known/openid-configuration",
            allowed_origin=self._issuer,
            read_seconds=_READ_SECONDS,
            max_bytes=_MAX_BYTES,
        )
        self._found = found = self._checked(mapping(accepted(answer, PROVIDER).json()))
        return found

    def _checked(self, document: Mapping[str, object]) -> Found:
        if text(document, "issuer").rstrip("/") != self._issuer:
            raise ServiceFailed(f"{PROVIDER()} is another than the configured one.")
        methods = document.get("code_challenge_methods_supported", ["S256"])
        if not isinstance(methods, list) or "S256" not in methods:
            raise ServiceFailed(f"{PROVIDER()} does not take PKCE.")
        keys = self._own(document, "jwks_uri")
        return Found(
            issuer=text(document, "issuer"),
            authorize=self._own(document, "authorization_endpoint"),
            token=self._own(document, "token_endpoint"),
            keys=KeySetAddress(self._http, keys, self._clock, "the staff's provider"),
            names_itself=document.get("authorization_response_iss_parameter_supported") is True,
            at=self._clock(),
        )

    def _own(self, document: Mapping[str, object], name: str) -> str:
        """An address of the document that lies at the issuer's origin. Raises ServiceFailed."""
        found = text(document, name)
        if origin_of(found) != origin_of(self._issuer):
            raise ServiceFailed(f"{PROVIDER()} points to another host.")
        return found
