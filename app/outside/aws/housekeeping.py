"""What lies beside the references in their table: claims, the head of the receipts. Read only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from app.errors import OwnServiceUnreachable
from app.outside.aws.dynamodb import HOUSEKEEPING, KEY, read_item
from app.sentences import TABLE_UNREACHABLE
from app.words import Json

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def housekeeping(client: DynamoDBClient, table: str) -> Iterator[Json]:
    """Each of them, as it lies there. Raises ServiceUnreachable."""
    for item in every_item(client, table):
        if item[KEY].startswith(HOUSEKEEPING):
            yield item


def every_item(client: DynamoDBClient, table: str) -> Iterator[Json]:
    """Everything in the table, whatever it is, as it lies there. Raises ServiceUnreachable."""
    try:
        for page in client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
            yield from (read_item(item) for item in page["Items"])
    except (ClientError, BotoCoreError):
        raise OwnServiceUnreachable(TABLE_UNREACHABLE()) from None
