"""The identity provider of the vendor's staff: where to sign in, and what a code is worth.

OpenID Connect: discovery, authorization code with PKCE. Every call goes to the issuer's own origin,
by `HttpCaller`; a document that points elsewhere is not believed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote_plus, urlencode

from authlib.oauth2.base import OAuth2Error
from authlib.oauth2.client import OAuth2Client
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from app.callers.staff import FRESH_SECONDS, Redeemed
from app.errors import Refused, ServiceFailed, SlowDown
from app.outside.allowance import Allowance
from app.outside.answers import accepted, text
from app.outside.credentials import Basic
from app.outside.discovery import PROVIDER, Discovery
from app.outside.http import Answer, HttpCaller
from app.words import Clock, Secret

_READ_SECONDS: Final = 5.0
_MAX_BYTES: Final = 256 * 1024
_BY_CALLS: Final = "none"  # authlib adds no secret: `_Calls` speaks for the client
_AT_ONCE: Final = 30  # calls that strangers can cause, then one each two seconds
_EVERY: Final = timedelta(seconds=2)


@dataclass(frozen=True)
class Client:
    """The desk as the provider knows it."""

    issuer: str
    client_id: str
    client_secret: Secret
    redirect_uri: str
    acr_values: tuple[str, ...] = ()


class SignInProvider:
    """`app.vendor_desk.services.Provider` and `app.callers.staff.StaffKeys` over HTTP."""

    def __init__(self, http: HttpCaller, client: Client, clock: Clock) -> None:
        self._http = http
        self._client = client
        self._allowance = Allowance(_AT_ONCE, _EVERY, clock)
        self._discovery = Discovery(http, client.issuer, clock, self._allowance)

    @property
    def issuer(self) -> str:
        """The issuer as tokens name it. Raises ServiceFailed, SlowDown."""
        return self._discovery.found().issuer

    def key(self, key_id: str) -> RSAPublicKey | None:
        """The provider's key of this id. Raises ServiceFailed, SlowDown."""
        return self._discovery.found().keys.key(key_id)

    def check_answered_by(self, named: str | None) -> None:
        """`iss` beside a code: another provider's answer is refused (RFC 9207). Raises Refused."""
        known = self._discovery.found()
        if named is None and not known.names_itself:
            return
        if named != known.issuer:
            raise Refused("another provider's answer")

    def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes to sign in: fresh, with a second factor. Raises ServiceFailed."""
        asked: dict[str, Any] = {"nonce": nonce, "max_age": FRESH_SECONDS}
        if self._client.acr_values:
            wanted = {"essential": True, "values": list(self._client.acr_values)}
            asked["acr_values"] = " ".join(self._client.acr_values)
            asked["claims"] = json.dumps({"id_token": {"acr": wanted}}, separators=(",", ":"))
        found: str
        found, _ = self._oauth(None).create_authorization_url(
            self._discovery.found().authorize, state=state, code_verifier=verifier, **asked
        )
        return found

    def redeem(self, code: str, verifier: str) -> Redeemed:
        """The tokens for a code. Raises Refused (the code is worth nothing), ServiceFailed."""
        calls = _Calls(self._http, self._client)
        known = self._discovery.found()
        if not self._allowance.spend():
            raise SlowDown("Too many people are signing in at once.")
        try:
            given = self._oauth(calls).fetch_token(
                known.token, grant_type="authorization_code", code=code, code_verifier=verifier
            )
        except OAuth2Error as fault:
            if fault.error == "invalid_grant":
                raise Refused("code") from None
            raise ServiceFailed(f"{PROVIDER()} refused what the desk asked.") from None
        except (ValueError, TypeError):
            raise ServiceFailed(f"{PROVIDER()} answered in a shape that is not known.") from None
        access = given.get("access_token")
        return Redeemed(text(given, "id_token"), access if isinstance(access, str) else None)

    def _oauth(self, calls: _Calls | None) -> OAuth2Client:
        """One for each use: it keeps what it fetches. It never holds the client's secret."""
        return OAuth2Client(
            calls,
            client_id=self._client.client_id,
            token_endpoint_auth_method=_BY_CALLS,
            scope="openid",
            redirect_uri=self._client.redirect_uri,
            code_challenge_method="S256",
        )


class _Calls:
    """What authlib takes for its HTTP session: one POST, with the client's secret, by our caller.

    RFC 6749, 2.3.1: id and secret are form-encoded before they go into Basic.
    """

    def __init__(self, http: HttpCaller, client: Client) -> None:
        self._http = http
        self._issuer = client.issuer
        secret = Secret(quote_plus(client.client_secret.reveal_text()))
        self._credential = Basic(quote_plus(client.client_id), secret)

    def post(self, url: str, data: Mapping[str, str], **_: object) -> _Reply:
        answer = self._http.send(
            "POST",
            url,
            allowed_origin=self._issuer,
            credential=self._credential,
            content=Secret(urlencode(data)),
            content_type="application/x-www-form-urlencoded",
            read_seconds=_READ_SECONDS,
            max_bytes=_MAX_BYTES,
        )
        return _Reply(answer)


class _Reply:
    """An answer as authlib reads one. An error of OAuth speaks for itself."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.status_code = answer.status

    def json(self) -> object:
        return self._answer.json()

    def raise_for_status(self) -> None:
        accepted(self._answer, PROVIDER)
