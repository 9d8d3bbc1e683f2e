"""The provider's signing keys, and the tokens it signs with them."""

import base64
import hashlib
import secrets
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


class Keys:
    """One RSA key signs; `rotate` replaces it, and its id with it."""

    def __init__(self) -> None:
        self.rotate()

    def rotate(self) -> None:
        """From now on another key signs, and only that one is published."""
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.kid = f"sandbox-{secrets.token_hex(4)}"

    def published(self) -> dict[str, Any]:
        """The key set."""
        numbers = self.private.public_key().public_numbers()
        key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid,
               "n": _number(numbers.n), "e": _number(numbers.e)}  # fmt: skip
        return {"keys": [key]}

    def signed(self, claims: dict[str, Any], header: dict[str, Any]) -> str:
        """Any claims. `header` may change `typ` or `kid`."""
        return jwt.encode(claims, self.private, "RS256", headers={"kid": self.kid} | header)


def half_hash(text: str) -> str:
    """`at_hash` (OpenID Connect Core, 3.1.3.6)."""
    return _base64(hashlib.sha256(text.encode()).digest()[:16])


def challenge_of(verifier: str) -> str:
    """S256 (RFC 7636, 4.2)."""
    return _base64(hashlib.sha256(verifier.encode()).digest())


def _number(value: int) -> str:
    return _base64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
