"""AWS clients, bounded in time and tries. Region and credentials come as the SDK reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import boto3
from botocore.config import Config

from app.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sts import STSClient

# Table and keys answer within milliseconds: four tries at one that hangs end before Forge's page
# gives up (25 s).
_BOUNDED: Final = Config(
    connect_timeout=3,
    read_timeout=5,
    retries={"mode": "standard", "max_attempts": 3},
    max_pool_connections=32,
)
# A long poll holds its answer back for up to twenty seconds.
_POLLING: Final = Config(
    connect_timeout=3,
    read_timeout=30,
    retries={"mode": "standard", "max_attempts": 3},
    max_pool_connections=32,
)


@dataclass(frozen=True)
class Aws:
    """The clients of one process."""

    dynamodb: DynamoDBClient
    kms: KMSClient
    sqs: SQSClient


def table_client(settings: Settings) -> DynamoDBClient:
    """The one client of a process that has to do with the table alone. Connects to nothing yet."""
    session = boto3.Session(region_name=settings.aws_region)
    return session.client("dynamodb", endpoint_url=_url(settings, "dynamodb"), config=_BOUNDED)


def aws_clients(settings: Settings) -> Aws:
    """Make the clients. Connects to nothing yet."""
    session = boto3.Session(region_name=settings.aws_region)
    return Aws(
        dynamodb=table_client(settings),
        kms=session.client("kms", endpoint_url=_url(settings, "kms"), config=_BOUNDED),
        sqs=session.client("sqs", endpoint_url=_url(settings, "sqs"), config=_POLLING),
    )


def sts_client(settings: Settings) -> STSClient:
    """Says whose credentials are in use. Connects to nothing yet."""
    session = boto3.Session(region_name=settings.aws_region)
    return session.client("sts", endpoint_url=_url(settings, "sts"), config=_BOUNDED)


def s3_client(settings: Settings) -> S3Client:
    """For receipts, and nothing else rests there."""
    session = boto3.Session(region_name=settings.aws_region)
    return session.client("s3", endpoint_url=_url(settings, "s3"), config=_BOUNDED)


def _url(settings: Settings, service: str) -> str | None:
    """Where a service lies, if not where AWS has it: its own address before that of all."""
    return settings.aws_service_urls.get(service, settings.aws_endpoint_url)
