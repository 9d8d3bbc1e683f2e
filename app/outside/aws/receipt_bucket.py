"""Receipts as objects of one S3 bucket. An object is there whole or not at all, never overwritten.

Source of the condition: Amazon S3 user guide, "How to prevent object overwrites with conditional
writes" (If-None-Match: *, answered 412, or 409 while another write of it is under way).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from app.errors import OwnServiceUnreachable, ServiceFailed

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_THERE: Final = "PreconditionFailed"
_NOT_THERE: Final = frozenset({"NoSuchKey", "404"})


class ReceiptBucket:
    """`app.goodbye.ports.ReceiptStore` in a bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def read(self, name: str) -> str | None:
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=name)
            return found["Body"].read().decode()
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_THERE:
                return None
            raise _unreachable() from None
        except (BotoCoreError, OSError, UnicodeDecodeError):
            raise _unreachable() from None

    def names(self) -> list[str]:
        """The names of all receipts. Raises ServiceUnreachable."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket)
        try:
            return [each["Key"] for page in pages for each in page.get("Contents", ())]
        except (ClientError, BotoCoreError):
            raise _unreachable() from None

    def keep(self, name: str, text: str) -> None:
        """Raises ServiceFailed if another receipt has the name, and ServiceUnreachable."""
        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=name,
                Body=text.encode(),
                ContentType="application/json",
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _THERE:
                raise _unreachable() from None
            if self.read(name) != text:
                raise ServiceFailed(f"Another receipt lies at {name} already.") from None
        except BotoCoreError:
            raise _unreachable() from None


def _unreachable() -> OwnServiceUnreachable:
    return OwnServiceUnreachable("The bucket of the receipts cannot be read or written.")
