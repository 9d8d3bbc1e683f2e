"""Data keys from AWS KMS: GenerateDataKey, Decrypt, ReEncrypt and DescribeKey, nothing else.

KMS never sees a secret. Each call names its key and its context; the client brings the limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from app.errors import OwnServiceUnreachable, ServiceFailed
from app.said import Sentence
from app.vault.ports import DATA_KEY_BYTES, CannotOpen, DataKey
from app.words import Secret

KEYS_UNREACHABLE: Final = Sentence("keys.unreachable", "The key service cannot be reached.")

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

# KMS said no to this key, ciphertext or context, and would say so again (API reference of Decrypt
# and DescribeKey, "Errors"). Everything else is nobody's answer: throttled, down, not signed in.
_REFUSALS: Final = frozenset(
    {
        "AccessDeniedException",
        "DisabledException",
        "IncorrectKeyException",
        "InvalidCiphertextException",
        "InvalidKeyUsageException",
        "KMSInvalidStateException",
        "NotFoundException",
        "ValidationException",
    }
)


class KmsDataKeys:
    """`app.vault.ports.DataKeys` on KMS. boto3 clients may be shared between threads."""

    def __init__(self, client: KMSClient) -> None:
        self._client = client

    def make(self, key_id: str, context: Mapping[str, str]) -> DataKey:
        """A fresh data key of 32 bytes. Whatever KMS refuses here is ServiceUnreachable."""
        try:
            made = self._client.generate_data_key(
                KeyId=key_id, KeySpec="AES_256", EncryptionContext=dict(context)
            )
        except (ClientError, BotoCoreError):
            raise _unreachable() from None
        return DataKey(_checked(made["Plaintext"]), bytes(made["CiphertextBlob"]), made["KeyId"])

    def open(self, key_id: str, wrapped: bytes, context: Mapping[str, str]) -> Secret:
        """The data key again. The key is named, so that KMS never picks one by the ciphertext."""
        try:
            opened = self._client.decrypt(
                KeyId=key_id, CiphertextBlob=wrapped, EncryptionContext=dict(context)
            )
        except ClientError as error:
            raise _told_apart(error) from None
        except BotoCoreError:
            raise _unreachable() from None
        return _checked(opened["Plaintext"])

    def rewrap(self, key_id: str, wrapped: bytes, to: str, context: Mapping[str, str]) -> bytes:
        """Under another key, with the same context in and out: the data key is never here."""
        try:
            answer = self._client.re_encrypt(
                CiphertextBlob=wrapped,
                SourceKeyId=key_id,
                SourceEncryptionContext=dict(context),
                DestinationKeyId=to,
                DestinationEncryptionContext=dict(context),
            )
        except ClientError as error:
            raise _told_apart(error) from None
        except BotoCoreError:
            raise _unreachable() from None
        if answer["KeyId"] != to:
            raise ServiceFailed("The key service answered with another key than the one named.")
        return bytes(answer["CiphertextBlob"])

    def resolve(self, key_id: str) -> str:
        """The ARN that an id or alias stands for now."""
        try:
            return self._client.describe_key(KeyId=key_id)["KeyMetadata"]["Arn"]
        except ClientError as error:
            raise _told_apart(error) from None
        except BotoCoreError:
            raise _unreachable() from None


def _checked(plain: bytes) -> Secret:
    if len(plain) != DATA_KEY_BYTES:
        raise ServiceFailed("The key service answered with something that is not a key.")
    return Secret(plain)


def _told_apart(error: ClientError) -> CannotOpen | OwnServiceUnreachable:
    return CannotOpen() if error.response["Error"]["Code"] in _REFUSALS else _unreachable()


def _unreachable() -> OwnServiceUnreachable:
    return OwnServiceUnreachable(KEYS_UNREACHABLE())
