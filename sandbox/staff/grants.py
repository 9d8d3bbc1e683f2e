"""What the provider remembers between the browser's sign-in and the client's call for tokens."""

import base64
import binascii
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import unquote_plus

from sandbox.staff.keys import challenge_of
from sandbox.staff.people import Member

CODE_LIVES = timedelta(seconds=60)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Client:
    """A registered client. Addresses are compared letter by letter."""

    client_id: str
    secret: str
    redirect_uri: str
    logout_uri: str


class OAuthRefused(Exception):
    """An error of OAuth, by its name."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


@dataclass(frozen=True)
class Asked:
    """A checked authorization request."""

    client: Client
    state: str
    nonce: str
    challenge: str
    wanted_acr: tuple[str, ...]


@dataclass
class Grant:
    """A code that was given. `amr` is how its member signed in."""

    asked: Asked
    member: Member
    session: str
    amr: tuple[str, ...]
    acr: str
    at: datetime
    used: bool = field(default=False)


class Grants:
    """The codes, each good once and for a minute."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._held: dict[str, Grant] = {}

    def give(self, grant: Grant) -> str:
        """A new code."""
        code = secrets.token_urlsafe(24)
        self._held[code] = grant
        return code

    def take(self, form: Mapping[str, str], client: Client) -> Grant:
        """The grant of a code, once. Raises OAuthRefused."""
        if form.get("grant_type") != "authorization_code":
            raise OAuthRefused("unsupported_grant_type")
        grant = self._held.get(form.get("code", ""))
        if grant is None or grant.used or self._clock() > grant.at + CODE_LIVES:
            raise OAuthRefused("invalid_grant")
        grant.used = True
        if grant.asked.client != client or form.get("redirect_uri") != client.redirect_uri:
            raise OAuthRefused("invalid_grant")
        if challenge_of(form.get("code_verifier", "")) != grant.asked.challenge:
            raise OAuthRefused("invalid_grant")
        return grant


def check_asked(query: Mapping[str, str], client: Client, wanted_acr: tuple[str, ...]) -> Asked:
    """An authorization request whose client and address are known. Raises OAuthRefused."""
    if query.get("response_type") != "code":
        raise OAuthRefused("unsupported_response_type")
    if "openid" not in query.get("scope", "").split():
        raise OAuthRefused("invalid_scope")
    challenge = query.get("code_challenge", "")
    if query.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise OAuthRefused("invalid_request")
    return Asked(client, query.get("state", ""), query.get("nonce", ""), challenge, wanted_acr)


def speaks_for(authorization: str, client: Client) -> bool:
    """`client_secret_basic`, form-encoded before Basic (RFC 6749, 2.3.1)."""
    scheme, _, value = authorization.partition(" ")
    try:
        pair = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return False
    name, _, secret = pair.partition(":")
    known = (client.client_id, client.secret)
    return scheme == "Basic" and (unquote_plus(name), unquote_plus(secret)) == known
