"""Forge invocation tokens: who is called for, signed with the platform's key. See JWKS_PATH.

The claims are those that Atlassian documents: a context and a person only on calls of a page.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.forge.manifest import Endpoint

JWKS_PATH = "/.well-known/jwks.json"
ISSUER = "forge/invocation-token"
LIFE_SECONDS = 25  # as in the documented example


class InvocationKey:
    """The RSA key that signs invocation tokens, and its public half as a key set."""

    def __init__(self) -> None:
        self.kid = f"{ISSUER}/wf-{uuid4()}"  # a key id of theirs has slashes
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def sign(self, claims: Mapping[str, Any]) -> str:
        """An RS256 token."""
        return jwt.encode(dict(claims), self._key, algorithm="RS256", headers={"kid": self.kid})

    def key_set(self) -> dict[str, Any]:
        """The key set as the platform publishes it."""
        numbers = self._key.public_key().public_numbers()
        row = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid}
        return {"keys": [{**row, "n": _base64(numbers.n), "e": _base64(numbers.e)}]}


@dataclass(frozen=True)
class Deployment:
    """The app as it is deployed. `licence`: active, inactive, or none (no such claim)."""

    app_id: str
    environment_id: str
    environment_type: str = "PRODUCTION"
    version: str = "1.0.0"
    licence: str = "active"

    @property
    def bare_id(self) -> str:
        """The uuid inside the app's id."""
        return self.app_id.rpartition("/")[2]


@dataclass(frozen=True)
class Place:
    """The site of an installation, as claims name it."""

    installation_id: str  # a bare uuid; claims carry the whole name
    cloud_id: str
    site_url: str
    api_base_url: str

    @property
    def installation_name(self) -> str:
        """The installation's whole name."""
        return f"ari:cloud:ecosystem::installation/{self.installation_id}"


def claims_of(
    deployment: Deployment, place: Place, endpoint: Endpoint, now: int, person: str | None
) -> dict[str, Any]:
    """The claims of one call; `person` is the account on the page, None for every other call."""
    claims: dict[str, Any] = {
        "app": _app(deployment, place, endpoint),
        "aud": deployment.app_id,
        "iss": ISSUER,
        "iat": now,
        "nbf": now,
        "exp": now + LIFE_SECONDS,
        "jti": secrets.token_hex(20),
    }
    if person is not None:
        claims["context"] = _context(place, endpoint)
        claims["principal"] = person
    return claims


def _app(deployment: Deployment, place: Place, endpoint: Endpoint) -> dict[str, Any]:
    environment = f"{deployment.bare_id}/{deployment.environment_id}"
    app: dict[str, Any] = {
        "id": deployment.app_id,
        "version": deployment.version.partition(".")[0],
        "appVersion": deployment.version,
        "installationId": place.installation_name,
        "apiBaseUrl": place.api_base_url,
        "installation": {
            "id": place.installation_name,
            "contexts": [
                {"name": "jira", "apiBaseUrl": place.api_base_url, "cloudId": place.cloud_id}
            ],
        },
        "environment": {
            "type": deployment.environment_type,
            "id": f"ari:cloud:ecosystem::environment/{environment}",
        },
        "module": {"type": endpoint.module_type, "key": endpoint.module_key},
    }
    return app if deployment.licence == "none" else {**app, "license": _licence(deployment)}


def _licence(deployment: Deployment) -> dict[str, Any]:
    return {
        "active": deployment.licence == "active",
        "billingPeriod": "MONTHLY",
        "capabilitySet": "capabilityStandard",
        "ccpEntitlementId": "5ec0a7de-0000-4000-8000-000000000001",
        "ccpEntitlementSlug": "E-SAN-DBO-X00-001",
        "isEvaluation": False,
        "subscriptionEndDate": "2030-01-01T00:00:00.000Z",
        "supportEntitlementNumber": None,
        "trialEndDate": "2026-01-01T00:00:00.000Z",
        "type": "commercial",
        "modes": ["USER_ACCESS"],
    }


def _context(place: Place, endpoint: Endpoint) -> dict[str, Any]:
    return {
        "localId": str(uuid4()),
        "cloudId": place.cloud_id,
        "moduleKey": endpoint.module_key,
        "siteUrl": place.site_url,
        "extension": {"type": endpoint.module_type},
    }


def _base64(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).decode()  # padded, as one implementer met it
