"""The Entra ID login: the client-credentials grant, one POST, and nothing else of Entra.

Never keeps a token, never puts a secret, a token or Entra's own sentences into an error.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from app.errors import (
    CredentialRefused,
    InputRefused,
    Problem,
    ServiceFailed,
    ServiceUnreachable,
    SlowDown,
)
from app.outside.answers import (
    ASKED_TO_WAIT,
    CANNOT_BE_REACHED,
    UNKNOWN_SHAPE,
    mapping,
    seconds_to_wait,
)
from app.outside.http import Answer, HttpCaller
from app.said import Sentence
from app.words import Secret

ENTRA: Final = Sentence("called.entra", "Entra ID")
NO_TENANT_ID: Final = Sentence("entra.not_a_tenant", "This is not a tenant id.")
NO_CLIENT_ID: Final = Sentence("entra.not_a_client", "This is not a client id.")
NOT_AVAILABLE: Final = Sentence("entra.not_available", "Entra ID is not available for the moment.")

# An id or a verified domain. It becomes a path segment: no slash, no query, no dots alone.
TENANT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,253}")
CLIENT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,127}")
TOKEN: Final = re.compile(r"[A-Za-z0-9_~+/=.-]+")
# NC: their HTTP status and error class. Entra's list of codes calls them temporary.
TEMPORARY_CODES: Final = frozenset({90033, 90006, 90024, 90012})
TEMPORARY_ERRORS: Final = frozenset({"temporarily_unavailable", "server_error"})
_CODE: Final = re.compile(r"AADSTS(\d{4,9})\b")


class EntraRefused(CredentialRefused):
    """Entra ID gave no token. `code` is the AADSTS number, None if unsaid; `error` is OAuth's."""


@dataclass(frozen=True)
class EntraToken:
    """`expires_in` is in seconds; `roles` are the application permissions the token carries."""

    access: Secret
    expires_in: int
    roles: frozenset[str]


class EntraLogin:
    """`login_url` is the cloud's token host, such as `https://login.microsoftonline.com`."""

    def __init__(self, http: HttpCaller, login_url: str) -> None:
        self._http = http
        self._login_url = login_url.rstrip("/")

    def token(self, tenant_id: str, client_id: str, secret: Secret, scope: str) -> EntraToken:
        """A new token for `scope` (`<graph url>/.default`).

        Raises EntraRefused; InputRefused for ids that could alter the address; SlowDown,
        ServiceUnreachable, ServiceTimedOut, ServiceFailed.
        """
        _check_ids(tenant_id, client_id)
        answer = self._http.send(
            "POST",
            f"{self._login_url}/{quote(tenant_id, safe='')}/oauth2/v2.0/token",
            allowed_origin=self._login_url,
            content=_form(client_id, secret, scope),
            content_type="application/x-www-form-urlencoded",
        )
        return _token(_believed(answer))


def _form(client_id: str, secret: Secret, scope: str) -> Secret:
    """What is asked, in a frame that ends before anything can fail."""
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": secret.reveal_text(),
        "scope": scope,
    }
    return Secret(urlencode(form))


def roles_of(token: str) -> frozenset[str]:
    """The `roles` claim of an access token, its signature unchecked.

    It only tells an administrator what is missing; Graph itself decides. Raises ServiceFailed.
    """
    parts = token.split(".")
    try:
        claims = json.loads(base64.b64decode(_padded(parts[1]), altchars=b"-_", validate=True))
    except (IndexError, binascii.Error, ValueError):
        raise ServiceFailed("Entra ID gave a token whose permissions cannot be read.") from None
    roles = mapping(claims).get("roles", [])
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise ServiceFailed("Entra ID gave a token whose permissions cannot be read.")
    return frozenset(roles)


def _check_ids(tenant_id: str, client_id: str) -> None:
    problems = []
    if not TENANT.fullmatch(tenant_id):
        problems.append(Problem("tenant_id", NO_TENANT_ID()))
    if not CLIENT.fullmatch(client_id):
        problems.append(Problem("client_id", NO_CLIENT_ID()))
    if problems:
        raise InputRefused(problems=problems)


def _believed(answer: Answer) -> Mapping[str, object]:
    if answer.status == 429:
        raise SlowDown(ASKED_TO_WAIT(service=ENTRA()), retry_after=seconds_to_wait(answer))
    if answer.status >= 500:
        wait = seconds_to_wait(answer)
        raise ServiceUnreachable(CANNOT_BE_REACHED(service=ENTRA()), retry_after=wait)
    body = mapping(answer.json())
    if answer.status == 200:
        return body
    error = body.get("error")
    if not isinstance(error, str) or not error:
        raise ServiceFailed(UNKNOWN_SHAPE())
    code = _code(body)
    if code in TEMPORARY_CODES or error in TEMPORARY_ERRORS:
        raise ServiceUnreachable(NOT_AVAILABLE())
    raise EntraRefused("Entra ID gave no token.", code=code, error=error)


def _code(body: Mapping[str, object]) -> int | None:
    """The AADSTS number: from `error_codes`, else from `error_uri`, else from the sentence.

    The sentence may change at any time (Entra's documentation), so it comes last and only chooses
    which advice is shown.
    """
    codes = body.get("error_codes")
    if isinstance(codes, list) and codes and isinstance(codes[0], int):
        return codes[0]
    query = urlsplit(str(body.get("error_uri") or "")).query
    said = re.search(r"(?:^|&)code=(\d{4,9})(?:&|$)", query)
    said = said or _CODE.match(str(body.get("error_description") or ""))
    return int(said.group(1)) if said else None


def _token(body: Mapping[str, object]) -> EntraToken:
    access, expires_in = body.get("access_token"), body.get("expires_in")
    if not isinstance(access, str) or not TOKEN.fullmatch(access):
        raise ServiceFailed("Entra ID answered without a token.")
    if isinstance(expires_in, str) and expires_in.isdecimal():
        expires_in = int(expires_in)  # the older v1 endpoint writes it as text
    if not isinstance(expires_in, int) or isinstance(expires_in, bool) or expires_in <= 0:
        raise ServiceFailed("Entra ID gave a token without saying how long it lives.")
    return EntraToken(Secret(access), expires_in, roles_of(access))


def _padded(part: str) -> str:
    return part + "=" * (-len(part) % 4)
