"""Data keys from AWS KMS: GenerateDataKey, Decrypt, ReEncrypt and DescribeKey, nothing else.

KMS never sees a secret. Each call names its key and its context; the client brings the limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from app.errors import OwnServiceUnreachable
from app.said import Sentence
from app.vault.ports import DATA_KEY_BYTES, CannotOpen, DataKey
from app.words import Secret

KEYS_UNREACHABLE: Final = Sentence("keys.unreachable", "The key service cannot be reached.")

_MOST_WRAPPED: Final = 6144  # bytes of a CiphertextBlob (API reference)

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
        plain, wrapped, key_id = _checked(made), _wrapped(made), made.get("KeyId")
        if not key_id:
            raise _unreachable()
        return DataKey(plain, wrapped, key_id)

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
        if opened.get("KeyId", key_id) != key_id:
            raise CannotOpen
        return _checked(opened)

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
        if answer.get("KeyId") != to:
            raise _unreachable()
        return _wrapped(answer)

    def resolve(self, key_id: str) -> str:
        """The ARN that an id or alias stands for now."""
        try:
            described = self._client.describe_key(KeyId=key_id)
        except ClientError as error:
            raise _told_apart(error) from None
        except BotoCoreError:
            raise _unreachable() from None
        arn = described.get("KeyMetadata", {}).get("Arn")
        if not arn:
            raise _unreachable()
        return arn


def _wrapped(answer: Mapping[str, Any]) -> bytes:
    """The wrapped key of an answer, of a length that KMS gives."""
    wrapped = bytes(answer.get("CiphertextBlob", b""))
    if not 0 < len(wrapped) <= _MOST_WRAPPED:
        raise _unreachable()
    return wrapped


def _checked(answer: Mapping[str, Any]) -> Secret:
    """The plain key of an answer. What is no key is no answer."""
    plain = answer.get("Plaintext", b"")
    if not isinstance(plain, bytes) or len(plain) != DATA_KEY_BYTES:
        raise _unreachable()
    return Secret(plain)


def _told_apart(error: ClientError) -> CannotOpen | OwnServiceUnreachable:
    return CannotOpen() if error.response["Error"]["Code"] in _REFUSALS else _unreachable()


def _unreachable() -> OwnServiceUnreachable:
    return OwnServiceUnreachable(KEYS_UNREACHABLE())
