"""The provider's addresses: discovery, keys, sign-in, tokens; and its word that somebody is out."""

import json
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import requests
from werkzeug.wrappers import Request, Response

from sandbox.answers import answer, page
from sandbox.http import Service
from sandbox.staff.grants import Asked, Client, Grant, Grants, OAuthRefused, speaks_for
from sandbox.staff.grants import check_asked as checked
from sandbox.staff.keys import Keys, half_hash
from sandbox.staff.page import sign_in_page
from sandbox.staff.people import STAFF

TWO_FACTORS = "urn:sandbox:two-factors"
ONE_FACTOR = "urn:sandbox:password"
_LIVES = 300
_LOGOUT = "http://schemas.openid.net/event/backchannel-logout"


class StaffProvider(Service):
    """Misbehaves on demand: `document_changes` and `token_changes` go over what it would say
    (None takes a claim away), `header_changes` over a token's header, `forge` signs in its place.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__("the staff's provider")
        self._clock = clock
        self._clients: dict[str, Client] = {}
        self._asked: dict[str, Asked] = {}
        self._grants = Grants(clock)
        self.keys = Keys()
        self.document_changes: dict[str, Any] = {}
        self.token_changes: dict[str, Any] = {}
        self.header_changes: dict[str, Any] = {}
        self.forge: Callable[[dict[str, Any]], str] | None = None
        self.add_route("GET", "/.well-known/openid-configuration", self._document)
        self.add_route("GET", "/keys", lambda _request: answer(self.keys.published()))
        self.add_route("GET", "/authorize", self._ask)
        self.add_route("POST", "/authorize", self._signed_in)
        self.add_route("POST", "/token", self._token)

    def register(self, client: Client) -> None:
        """Let a client in."""
        self._clients[client.client_id] = client

    def sign_out(self, client_id: str, subject: str | None, session: str | None = None) -> int:
        """Tell a client that somebody is out, in every browser; gives the status it answered."""
        now = int(self._clock().timestamp())
        claims: dict[str, Any] = {
            "iss": self.base_url, "aud": client_id, "iat": now, "exp": now + 120,
            "jti": secrets.token_hex(8), "events": {_LOGOUT: {}}, "sub": subject, "sid": session,
        }  # fmt: skip
        form = {"logout_token": self._signed(claims, {"typ": "logout+jwt"})}
        uri = self._clients[client_id].logout_uri
        return requests.post(uri, form, timeout=10, allow_redirects=False).status_code

    def _document(self, request: Request) -> Response:
        del request
        document = {
            "issuer": self.base_url,
            "authorization_endpoint": f"{self.base_url}/authorize",
            "token_endpoint": f"{self.base_url}/token",
            "jwks_uri": f"{self.base_url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "acr_values_supported": [ONE_FACTOR, TWO_FACTORS],
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
        }
        return answer(_changed(document, self.document_changes))

    def _ask(self, request: Request) -> Response:
        """An unknown client or address is told here: a redirect there would be an open one."""
        query = request.args.to_dict()
        client = self._clients.get(query.get("client_id", ""))
        if client is None or query.get("redirect_uri") != client.redirect_uri:
            return page("<!doctype html><title>Refused</title><p>Unknown client or address.", 400)
        try:
            asked = checked(query, client, _wanted_acr(query))
        except OAuthRefused as refused:
            return self._back(client, {"error": refused.error, "state": query.get("state", "")})
        name = secrets.token_urlsafe(12)
        self._asked[name] = asked
        return page(sign_in_page(name, STAFF.values()))

    def _signed_in(self, request: Request) -> Response:
        asked = self._asked.pop(request.form.get("request", ""), None)
        member = STAFF.get(request.form.get("member", ""))
        if asked is None or member is None:
            return page("<!doctype html><title>Refused</title><p>Begin again.", 400)
        both = request.form.get("second_factor") == "yes"
        acr, amr = (TWO_FACTORS, ("pwd", "otp", "mfa")) if both else (ONE_FACTOR, ("pwd",))
        if asked.wanted_acr and acr not in asked.wanted_acr:
            refused = {"error": "unmet_authentication_requirements", "state": asked.state}
            return self._back(asked.client, refused)
        session = secrets.token_hex(8)
        code = self._grants.give(Grant(asked, member, session, amr, acr, self._clock()))
        return self._back(asked.client, {"code": code, "state": asked.state})

    def _token(self, request: Request) -> Response:
        try:
            grant = self._grants.take(request.form, self._speaking(request))
        except OAuthRefused as refused:
            return answer({"error": refused.error}, refused.status, {"Cache-Control": "no-store"})
        access = secrets.token_urlsafe(24)
        body = {"token_type": "Bearer", "expires_in": _LIVES, "access_token": access,
                "id_token": self._id_token(grant, access)}  # fmt: skip
        return answer(body, 200, {"Cache-Control": "no-store"})

    def _speaking(self, request: Request) -> Client:
        """The client that shows its secret. Raises OAuthRefused."""
        spoken = request.headers.get("Authorization", "")
        for client in self._clients.values():
            if speaks_for(spoken, client):
                return client
        raise OAuthRefused("invalid_client", 401)

    def _id_token(self, grant: Grant, access: str) -> str:
        now = int(self._clock().timestamp())
        member = grant.member
        claims = {
            "iss": self.base_url, "sub": member.subject, "aud": grant.asked.client.client_id,
            "iat": now, "exp": now + _LIVES, "auth_time": int(grant.at.timestamp()),
            "nonce": grant.asked.nonce, "acr": grant.acr, "amr": list(grant.amr),
            "sid": grant.session, "at_hash": half_hash(access), "groups": list(member.groups),
            "name": member.name, "email": member.email,
        }  # fmt: skip
        return self._signed(claims, {})

    def _signed(self, claims: dict[str, Any], header: dict[str, Any]) -> str:
        said = {name: value for name, value in claims.items() if value is not None}
        said = _changed(said, self.token_changes)
        if self.forge is not None:
            return self.forge(said)
        return self.keys.signed(said, header | self.header_changes)

    def _back(self, client: Client, words: dict[str, str]) -> Response:
        address = f"{client.redirect_uri}?{urlencode(words | {'iss': self.base_url})}"
        return Response(status=303, headers={"Location": address})


def _wanted_acr(query: dict[str, str]) -> tuple[str, ...]:
    """What `claims` asks as essential (OpenID Connect Core, 5.5.1.1)."""
    asked = json.loads(query.get("claims", "{}")).get("id_token", {}).get("acr", {})
    return tuple(asked.get("values", ())) if asked.get("essential") else ()


def _changed(said: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (said | changes).items() if value is not None}
