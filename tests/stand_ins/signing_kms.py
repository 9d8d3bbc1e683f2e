"""A strict KMS signing key in memory, asked as boto3 asks: ECDSA P-256, and nothing but Sign.

It enforces what AWS enforces and moto does not: a RAW message has 4,096 bytes at most, a key that
is disabled signs nothing, and the algorithm must fit the key.
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.outside.aws.kms_signing import KmsSigner

ALIAS = "alias/my-assets-receipts"
MOST_RAW = 4096


class StrictSigningKey:
    """`enabled`, `down`, and `moved`: the alias stands for another key from now on."""

    def __init__(self, curve: ec.EllipticCurve | None = None) -> None:
        self._curve = curve or ec.SECP256R1()
        self._keys = {self._arn(0): ec.generate_private_key(self._curve)}
        self.enabled, self.down = True, False
        self.signed: list[bytes] = []

    def signer(self) -> KmsSigner:
        return KmsSigner(self, ALIAS)  # type: ignore[arg-type]

    def move_alias(self) -> None:
        self._keys[self._arn(len(self._keys))] = ec.generate_private_key(self._curve)

    def get_public_key(self, **asked: str) -> dict[str, Any]:
        assert set(asked) == {"KeyId"}
        arn, key = self._key(asked["KeyId"])
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return {"KeyId": arn, "PublicKey": public, "KeyUsage": "SIGN_VERIFY"}

    def sign(self, **asked: Any) -> dict[str, Any]:
        assert set(asked) == {"KeyId", "Message", "MessageType", "SigningAlgorithm"}
        arn, key = self._key(asked["KeyId"])
        message, fits = asked["Message"], asked["SigningAlgorithm"] == "ECDSA_SHA_256"
        if asked["MessageType"] != "RAW" or len(message) > MOST_RAW or not fits:
            raise _refusal("ValidationException")
        self.signed.append(message)
        return {"KeyId": arn, "Signature": key.sign(message, ec.ECDSA(SHA256()))}

    def _key(self, key_id: str) -> tuple[str, ec.EllipticCurvePrivateKey]:
        if self.down:
            raise EndpointConnectionError(endpoint_url="https://kms.example.com")
        if not self.enabled:
            raise _refusal("DisabledException")
        arn = [*self._keys][-1] if key_id == ALIAS else key_id
        return arn, self._keys[arn]

    @staticmethod
    def _arn(number: int) -> str:
        return f"arn:aws:kms:eu-central-1:111122223333:key/{number:08d}-0000-4000-8000-000000000000"


def _refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "refused"}}, "KMS")
