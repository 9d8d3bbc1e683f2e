"""Forge as a signer: invocation tokens, the key set that they are checked with, and its lookup.

`ForgeSigner().token(...)` is a page's token of a good caller; `event()` and `function()` are what
triggers and functions send. `changes` takes dotted paths: `{"app.id": "x", "jti": None}`; None
leaves a claim out, NULL makes it null.
"""

from __future__ import annotations

import base64
import copy
from functools import cache
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.stand_ins.atlassian import AT

API: Final = "https://api.atlassian.com"
FORGE_APP: Final = "ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107"
INSTALLATION: Final = "ari:cloud:ecosystem::installation/0a3a7799-53ae-4a5b-9e7e-03338980abb5"
OTHER_INSTALLATION: Final = "ari:cloud:ecosystem::installation/11111111-53ae-4a5b-9e7e-03338980abb5"
CLOUD: Final = "d0d52620-3203-4cfa-8db5-f2587155f0dd"
OTHER_CLOUD: Final = "22222222-3203-4cfa-8db5-f2587155f0dd"
FORGE_SITE: Final = "https://acme.atlassian.net"
# As Atlassian names them: with slashes, so a key id is never part of an address.
FORGE_KEY_ID: Final = "forge/invocation-token/wf-f641e7a7-d1b6-472a-806b-5e4b03912149"
NULL: Final = object()


@cache
def rsa_key(number: int = 1) -> rsa.RSAPrivateKey:
    """A 2048-bit key, made once for each number."""
    return rsa.generate_private_key(65537, 2048)


def claims(
    *,
    cloud_id: str = CLOUD,
    installation_id: str = INSTALLATION,
    principal: str | None = "account-1",
    from_page: bool = True,
    from_event: bool = False,
    site_url: str = FORGE_SITE,
    module_key: str = "my-assets",
    licensed: bool | None = True,
    app_id: str = FORGE_APP,
    environment: str = "PRODUCTION",
    api_url: str = API,
    at: int = AT,
    life: int = 25,
    changes: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The claims of a token, as documented (an event's context: as seen); then `changes`."""
    base = f"{api_url}/ex/jira/{cloud_id}"
    app: dict[str, Any] = {
        "id": app_id,
        "version": "16",
        "appVersion": "16.0.1",
        "installationId": installation_id,
        "apiBaseUrl": base,
        "installation": {
            "id": installation_id,
            "contexts": [{"name": "jira", "apiBaseUrl": base, "cloudId": cloud_id}],
        },
        "environment": {"type": environment, "id": f"{app_id.replace('::app', '::environment')}/e"},
        "module": {"type": "core:endpoint", "key": module_key},
    }
    if licensed is not None:
        app["license"] = {"active": licensed, "type": "commercial", "isEvaluation": False}
    made: dict[str, Any] = {
        "app": app,
        "aud": app_id,
        "iss": "forge/invocation-token",
        "iat": at,
        "nbf": at,
        "exp": at + life,
        "jti": f"jti-{at}",
    }
    if from_page:
        made["context"] = {
            "cloudId": cloud_id,
            "siteUrl": site_url,
            "localId": "4654fa12-4c7c-4792-95a9-6019edb27953",
            "moduleKey": module_key,
            "extension": {"type": "jira:globalPage"},
        }
    elif from_event:
        made["context"] = {
            "cloudId": cloud_id,
            "moduleKey": module_key,
            "userAccess": {"enabled": False},
        }
    if principal is not None:
        made["principal"] = principal
    return changed(made, changes or {})


def changed(made: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy with values put at dotted paths (a number is a place in a list)."""
    made = copy.deepcopy(made)
    for path, value in changes.items():
        *parents, last = path.split(".")
        place: Any = made
        for name in parents:
            place = place[int(name)] if isinstance(place, list) else place.setdefault(name, {})
        if isinstance(place, list):
            place[int(last)] = None if value is NULL else value
        elif value is None:
            place.pop(last, None)
        else:
            place[last] = None if value is NULL else value
    return made


def jwk(key: rsa.RSAPublicKey, key_id: str, **more: Any) -> dict[str, Any]:
    """One key of a key set. The numbers come padded, as Atlassian's do."""
    numbers = key.public_numbers()
    return {
        "kty": "RSA",
        "kid": key_id,
        "use": "sig",
        "alg": "RS256",
        "n": _number(numbers.n),
        "e": _number(numbers.e),
    } | more


class ForgeSigner:
    """Signs tokens, and is the `ForgeKeys` that knows its own key; counts what was asked."""

    def __init__(self, *, key_id: str = FORGE_KEY_ID, number: int = 1, **always: Any) -> None:
        self.key_id = key_id
        self.signing_key = rsa_key(number)
        self.always = always  # keywords of `claims` that all tokens of this signer share
        self.asked: list[str] = []

    def token(self, *, header: dict[str, Any] | None = None, **changes: Any) -> str:
        """A page's token. Keywords as in `claims`; `header` replaces the key id's header."""
        return self.sign(claims(**self.always | changes), header=header)

    def event(self, **changes: Any) -> str:
        """A trigger's token: nobody in session; a context, but none of a page."""
        return self.token(**{"principal": None, "from_page": False, "from_event": True} | changes)

    def function(self, **changes: Any) -> str:
        """A function's token: a person may be in session, but no page holds it."""
        return self.token(**{"from_page": False} | changes)

    def sign(self, payload: dict[str, Any], *, header: dict[str, Any] | None = None) -> str:
        headers = {"kid": self.key_id} if header is None else header
        return jwt.encode(payload, self.signing_key, algorithm="RS256", headers=headers)

    def jwks(self) -> dict[str, Any]:
        """The key set that an address of keys answers."""
        return {"keys": [jwk(self.signing_key.public_key(), self.key_id)]}

    def key(self, key_id: str) -> rsa.RSAPublicKey | None:
        self.asked.append(key_id)
        return self.signing_key.public_key() if key_id == self.key_id else None


def _number(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).decode()
