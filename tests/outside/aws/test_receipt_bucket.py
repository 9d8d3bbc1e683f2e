"""Receipts in a bucket: whole or not at all, never over another one, and no word of the cause."""

from __future__ import annotations

import io
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from app.errors import ServiceFailed, ServiceUnreachable
from app.outside.aws.receipt_bucket import ReceiptBucket


class Bucket:
    """S3 as it answers boto3: a conditional put, and refusals by code."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.fault: Exception | None = None
        self.told: dict[str, Any] = {}

    def put_object(self, **told: Any) -> None:
        self._begin(told)
        assert told["IfNoneMatch"] == "*"
        if told["Key"] in self.held:
            raise refusal("PreconditionFailed")
        self.held[told["Key"]] = told["Body"]

    def get_object(self, **told: Any) -> dict[str, Any]:
        self._begin(told)
        if told["Key"] not in self.held:
            raise refusal("NoSuchKey")
        return {"Body": io.BytesIO(self.held[told["Key"]])}

    def _begin(self, told: dict[str, Any]) -> None:
        assert told["Bucket"] == "receipts"
        self.told = told
        if self.fault is not None:
            raise self.fault


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "secret words"}}, "S3")


@pytest.fixture
def bucket() -> Bucket:
    return Bucket()


@pytest.fixture
def receipts(bucket: Bucket) -> ReceiptBucket:
    return ReceiptBucket(bucket, "receipts")  # type: ignore[arg-type]


def test_what_was_kept_is_read(receipts: ReceiptBucket) -> None:
    receipts.keep("a-g1.json", '{"ü": 1}')
    assert receipts.read("a-g1.json") == '{"ü": 1}'


def test_what_is_not_there_is_none(receipts: ReceiptBucket) -> None:
    assert receipts.read("a-g1.json") is None


def test_the_same_receipt_may_be_kept_again(receipts: ReceiptBucket, bucket: Bucket) -> None:
    """A cleanup that was killed after the write does it again."""
    receipts.keep("a-g1.json", "one")
    receipts.keep("a-g1.json", "one")
    assert bucket.held == {"a-g1.json": b"one"}


def test_another_receipt_of_the_same_name_is_refused(
    receipts: ReceiptBucket, bucket: Bucket
) -> None:
    receipts.keep("a-g1.json", "one")
    with pytest.raises(ServiceFailed, match="already"):
        receipts.keep("a-g1.json", "two")
    assert bucket.held == {"a-g1.json": b"one"}


@pytest.mark.parametrize(
    "fault", [refusal("AccessDenied"), EndpointConnectionError(endpoint_url="https://s3")]
)
def test_a_bucket_that_does_not_answer_is_unreachable(
    receipts: ReceiptBucket, bucket: Bucket, fault: Exception
) -> None:
    bucket.fault = fault
    for ask in (lambda: receipts.read("a"), lambda: receipts.keep("a", "one")):
        with pytest.raises(ServiceUnreachable) as raised:
            ask()
        assert "secret words" not in str(raised.value)
        assert raised.value.__cause__ is None
