"""Signing receipts with AWS KMS: GetPublicKey and Sign, nothing else.

The message goes to KMS as it is: it holds nothing of a customer's (see app.goodbye.receipts).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from app.errors import OwnServiceUnreachable, ServiceFailed
from app.goodbye.receipts import SigningKey
from app.goodbye.verifying import NotValid, is_signature, read_keys

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


class KmsSigner:
    """`app.goodbye.receipts.Signer` on one KMS key (ECC_NIST_P256). Remembers its public half."""

    def __init__(self, client: KMSClient, key_id: str) -> None:
        self._client = client
        self._key_id = key_id

    def public_key(self) -> SigningKey:
        return self._key

    @cached_property
    def _key(self) -> SigningKey:
        try:
            answer = self._client.get_public_key(KeyId=self._key_id)
        except (ClientError, BotoCoreError):
            raise _unreachable() from None
        try:
            key = load_der_public_key(answer["PublicKey"])
            pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
            (name,) = read_keys(pem)
        except (ValueError, UnsupportedAlgorithm, NotValid):
            raise ServiceFailed("The receipts' key is not an ECDSA P-256 key.") from None
        return SigningKey(answer["KeyId"], pem, name)

    def sign(self, payload: bytes) -> bytes:
        """Checked at once: an alias that was moved, or a key that says less, makes no receipt."""
        key = self.public_key()
        try:
            answer = self._client.sign(
                KeyId=key.key_id,
                Message=payload,
                MessageType="RAW",
                SigningAlgorithm="ECDSA_SHA_256",
            )
        except (ClientError, BotoCoreError):
            raise _unreachable() from None
        signature = answer["Signature"]
        if not is_signature(read_keys(key.pem)[key.sha256], signature, payload):
            raise ServiceFailed("The key service made a signature that does not hold.")
        return signature


def _unreachable() -> OwnServiceUnreachable:
    return OwnServiceUnreachable("The receipts' key cannot be used.")
