"""Claims in the instance table: one conditional call a method, and the sweep of what expired."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from app.errors import OwnServiceUnreachable
from app.instances.claims import Claim
from app.outside.aws.dynamodb import KEY
from app.sentences import TABLE_UNREACHABLE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PREFIX: Final = "claim#"
_LOST: Final = "ConditionalCheckFailedException"


class DynamoClaims:
    """`app.instances.claims.Claims` beside the references."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def put(self, claim: Claim, now: int) -> Claim | None:
        try:
            self._client.put_item(
                TableName=self._table,
                Item=_item(claim),
                ConditionExpression=f"attribute_not_exists({KEY}) OR expires_at <= :now",
                ExpressionAttributeValues={":now": {"N": str(now)}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == _LOST:
                return self._standing(claim.name, error)
            raise _unreachable() from None
        except BotoCoreError:
            raise _unreachable() from None
        return None

    def finish(self, claim: Claim) -> None:
        try:
            self._client.put_item(TableName=self._table, Item=_item(claim))
        except (ClientError, BotoCoreError):
            raise _unreachable() from None

    def drop(self, name: str) -> None:
        try:
            self._client.delete_item(TableName=self._table, Key={KEY: {"S": name}})
        except (ClientError, BotoCoreError):
            raise _unreachable() from None

    def expired(self, now: datetime) -> int:
        """How many lie there past their time. The engine's own time to live may be days late."""
        return sum(1 for _ in self._expired(now))

    def sweep(self, now: datetime) -> int:
        """Delete them; gives how many were. One that was claimed anew meanwhile stays."""
        return sum(self._delete(name, now) for name in list(self._expired(now)))

    def _expired(self, now: datetime) -> Iterator[str]:
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table,
            ConsistentRead=True,
            FilterExpression=f"begins_with({KEY}, :claim) AND expires_at <= :now",
            ExpressionAttributeValues={":claim": {"S": PREFIX}, **_at(now)},
            ProjectionExpression=KEY,
        )
        try:
            for page in pages:
                yield from (item[KEY]["S"] for item in page["Items"])
        except (ClientError, BotoCoreError):
            raise _unreachable() from None

    def _delete(self, name: str, now: datetime) -> bool:
        try:
            self._client.delete_item(
                TableName=self._table,
                Key={KEY: {"S": name}},
                ConditionExpression="expires_at <= :now",
                ExpressionAttributeValues=_at(now),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == _LOST:
                return False
            raise _unreachable() from None
        except BotoCoreError:
            raise _unreachable() from None
        return True

    def _standing(self, name: str, error: ClientError) -> Claim:
        item: Any = error.response.get("Item")
        if item is None:  # an engine that does not give it back
            found = self._client.get_item(
                TableName=self._table, Key={KEY: {"S": name}}, ConsistentRead=True
            )
            item = found.get("Item")
        if item is None:
            raise _unreachable()
        status = item.get("status")
        return Claim(
            name,
            item["digest"]["S"],
            int(item["expires_at"]["N"]),
            int(status["N"]) if status else None,
            item["answer_id"]["S"],
        )


def _item(claim: Claim) -> dict[str, Any]:
    item: dict[str, Any] = {
        KEY: {"S": claim.name},
        "digest": {"S": claim.digest},
        "expires_at": {"N": str(claim.expires_at)},
        "answer_id": {"S": claim.answer_id},
    }
    if claim.status is not None:
        item["status"] = {"N": str(claim.status)}
    return item


def _at(now: datetime) -> dict[str, Any]:
    return {":now": {"N": str(int(now.timestamp()))}}


def _unreachable() -> OwnServiceUnreachable:
    return OwnServiceUnreachable(TABLE_UNREACHABLE())
