"""What a site tells an app about its life: installed, enabled, disabled, uninstalled.

`installed` and `uninstalled` are signed with the site's RSA key, the other two with the secret.
"""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import jwt
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.site.tokens import PAGE_SECONDS, Signer, query_hash

SECONDS = 10.0  # how long a lifecycle call may take; the real limit is not published


class InstallRefused(Exception):
    """The app did not accept the installation; its status and body are in the text."""


class SigningKey:
    """An RSA key and its id, as Atlassian's own signing service has them."""

    def __init__(self) -> None:
        self.kid = str(uuid4())
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def public_pem(self) -> str:
        """The public key as the key server gives it."""
        kind = serialization.PublicFormat.SubjectPublicKeyInfo
        return self._key.public_key().public_bytes(serialization.Encoding.PEM, kind).decode()

    def sign(self, claims: dict[str, Any]) -> str:
        """An RS256 token."""
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self.kid})


@dataclass(frozen=True)
class Installation:
    """An app as it is installed on a site."""

    app_base_url: str
    descriptor: dict[str, Any]
    signer: Signer

    @property
    def app_key(self) -> str:
        """The app's key."""
        return str(self.descriptor["key"])

    def scopes(self) -> set[str]:
        """Granted scopes, with those that a higher one implies."""
        granted = {str(s).upper() for s in self.descriptor.get("scopes", [])}
        ladder = ("READ", "WRITE", "DELETE", "PROJECT_ADMIN", "ADMIN")
        highest = max((ladder.index(s) for s in granted if s in ladder), default=-1)
        return granted | set(ladder[: highest + 1])


def read_descriptor(app_base_url: str) -> dict[str, Any]:
    """The app's descriptor. Raises InstallRefused if it cannot be one."""
    address = f"{app_base_url}/atlassian-connect.json"
    got = requests.get(address, timeout=SECONDS, allow_redirects=False)
    descriptor = got.json() if got.ok else None
    if not isinstance(descriptor, dict):
        raise InstallRefused(f"{address} answered {got.status_code}")
    if str(descriptor.get("baseUrl", "")).rstrip("/") != app_base_url.rstrip("/"):
        raise InstallRefused(f"baseUrl is {descriptor.get('baseUrl')}, not {app_base_url}")
    if descriptor.get("authentication", {}).get("type") != "jwt":
        raise InstallRefused("the descriptor does not ask for jwt")
    return descriptor


def new_secret() -> str:
    """A new shared secret."""
    return secrets.token_urlsafe(48)


def event_body(installation: Installation, event: str, site: dict[str, str]) -> dict[str, Any]:
    """The body of a lifecycle call; the secret travels with `installed` alone."""
    body = {
        "key": installation.app_key,
        "clientKey": installation.signer.client_key,
        "cloudId": site["cloudId"],
        "oauthClientId": "sandbox-oauth-client",
        "publicKey": "MIGfSANDBOX",
        "serverVersion": "100300",
        "pluginsVersion": "1001.0.0",
        "baseUrl": site["baseUrl"],
        "displayUrl": site["baseUrl"],
        "displayUrlServicedeskHelpCenter": site["baseUrl"],
        "productType": "jira",
        "description": f"Atlassian Jira at {site['baseUrl']}",
        "serviceEntitlementNumber": "SEN-1",
        "entitlementId": "entitlement-1",
        "entitlementNumber": "E-1",
        "eventType": event,
    }
    secret = {"sharedSecret": installation.signer.secret} if event == "installed" else {}
    return {**body, **secret}


def send_signed(
    key: SigningKey, installation: Installation, event: str, body: dict[str, Any], now: int
) -> requests.Response:
    """POST `installed` or `uninstalled`, signed with the site's RSA key."""
    path = _path(installation, event)
    claims = {
        "iss": installation.signer.client_key,
        "aud": [installation.app_base_url],
        "iat": now,
        "exp": now + PAGE_SECONDS,
        "qsh": query_hash("POST", path, ""),
    }
    return _post(installation, path, body, key.sign(claims))


def send_webhook(
    installation: Installation, event: str, body: dict[str, Any], now: int
) -> requests.Response | None:
    """POST `enabled` or `disabled`, signed with the shared secret, if the app wants it."""
    if event not in installation.descriptor.get("lifecycle", {}):
        return None
    path = _path(installation, event)
    token = installation.signer.webhook("POST", path, now)
    try:
        return _post(installation, path, body, token)
    except requests.RequestException:
        return None


def _path(installation: Installation, event: str) -> str:
    return str(installation.descriptor["lifecycle"][event])


def _post(
    installation: Installation, path: str, body: dict[str, Any], token: str
) -> requests.Response:
    return requests.post(
        f"{installation.app_base_url.rstrip('/')}{path}",
        json=body,
        headers={"Authorization": f"JWT {token}"},
        timeout=SECONDS,
        allow_redirects=False,
    )
