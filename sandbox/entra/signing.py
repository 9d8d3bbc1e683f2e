"""The key that signs the stand-in's access tokens, and the check that Graph makes of them."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.entra.registrations import Registration, Tenant

LIFETIME_SECONDS = 3599  # what Entra answers as expires_in


class BadToken(Exception):
    """A token that Graph does not accept; the text is Graph's."""


class SigningKey:
    """One RSA key for a run of the sandbox; a token of another run is refused."""

    def __init__(self) -> None:
        self._private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._kid = uuid.uuid4().hex

    def token(self, tenant: Tenant, app: Registration, audience: str, now: datetime) -> str:
        """An access token of the app for one audience. No role granted = no `roles` claim."""
        issued = int(now.timestamp())
        claims: dict[str, Any] = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{tenant.tenant_id}/",
            "iat": issued,
            "nbf": issued,
            "exp": issued + LIFETIME_SECONDS,
            "appid": app.client_id,
            "idtyp": "app",
            "oid": str(uuid.uuid5(uuid.NAMESPACE_OID, app.client_id)),
            "tid": tenant.tenant_id,
            "ver": "1.0",
        }
        if app.roles:
            claims["roles"] = list(app.roles)
        return self.sign(claims)

    def sign(self, claims: dict[str, Any]) -> str:
        """Any claims, signed: for tests that need a token which the address would not give."""
        return jwt.encode(claims, self._private, algorithm="RS256", headers={"kid": self._kid})

    def checked(self, token: str, audience: str, now: datetime) -> dict[str, Any]:
        """The claims of a good token. Raises BadToken. Time is the sandbox's, not the machine's."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._private.public_key(),
                algorithms=["RS256"],
                options={"verify_exp": False, "verify_nbf": False, "verify_iat": False,
                         "verify_aud": False},
            )  # fmt: skip
        except jwt.InvalidSignatureError:
            raise BadToken("Signature is invalid.") from None
        except jwt.InvalidTokenError:
            raise BadToken("CompactToken parsing failed with error code: 80049217") from None
        _check_claims(claims, audience, now)
        return claims


def _check_claims(claims: dict[str, Any], audience: str, now: datetime) -> None:
    if claims.get("aud") != audience:
        raise BadToken("Access token validation failure. Invalid audience.")
    seconds = now.timestamp()
    if seconds >= _number(claims.get("exp")):
        raise BadToken("Lifetime validation failed, the token is expired.")
    if seconds < _number(claims.get("nbf")):
        raise BadToken("Lifetime validation failed, the token is not yet valid.")


def _number(claim: object) -> float:
    return float(claim) if isinstance(claim, int | float) else 0.0


def roles_of(claims: dict[str, Any]) -> Sequence[str]:
    """The application permissions that a token carries."""
    roles = claims.get("roles", [])
    return roles if isinstance(roles, list) else []
