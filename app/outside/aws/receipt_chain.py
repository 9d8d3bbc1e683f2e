"""The chain of receipts on DynamoDB: its head is one item beside the references.

Moving the head and putting a tombstone in a reference's place are one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from app.errors import OwnServiceUnreachable
from app.goodbye.receipts import Head
from app.instances.reference import InstanceReference, check_attributes, paths_of
from app.instances.table import Condition, Equals
from app.outside.aws.dynamodb import KEY, read_item
from app.outside.aws.expressions import Expressions, stored
from app.words import Json

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HEAD: Final = "receipts#head"
# Somebody else was first, or was at it in the same moment: look again.
_LOST: Final = frozenset({"ConditionalCheckFailed", "TransactionConflict", "None"})


class DynamoReceiptChain:
    """`app.goodbye.ports.Chain` in the instance table."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def head(self) -> Head | None:
        try:
            found = self._client.get_item(
                TableName=self._table, Key={KEY: stored(HEAD)}, ConsistentRead=True
            )
        except (ClientError, BotoCoreError):
            raise _unreachable() from None
        if "Item" not in found:
            return None
        item = read_item(found["Item"])
        return Head(item["number"], item["digest"], item["receipt"])

    def append(
        self,
        before: Head | None,
        after: Head,
        stone: InstanceReference,
        only_if: Sequence[Condition],
    ) -> bool:
        told = {KEY: HEAD, "number": after.number, "digest": after.digest, "receipt": after.receipt}
        standing = [Equals(("digest",), before.digest)] if before else []
        writes: list[Any] = [
            self._put(told, standing, new=before is None),
            self._put(_item(stone), only_if),
        ]
        try:
            self._client.transact_write_items(TransactItems=writes)
        except ClientError as error:
            answer: Any = error.response
            reasons = {each.get("Code") for each in answer.get("CancellationReasons", [])}
            if reasons and reasons <= _LOST:
                return False
            raise _unreachable() from None
        except BotoCoreError:
            raise _unreachable() from None
        return True

    def remove(self, stone: InstanceReference) -> bool:
        words = Expressions()
        conditions = [
            Equals(("state",), "erased"),
            Equals(("generation",), stone.generation),
            Equals(("erased_at",), stone.erased_at),
        ]
        condition = " AND ".join(words.condition(each) for each in conditions)
        try:
            self._client.delete_item(
                TableName=self._table,
                Key={KEY: stored(stone.instance_id)},
                ConditionExpression=condition,
                **words.definitions(),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise _unreachable() from None
        except BotoCoreError:
            raise _unreachable() from None
        return True

    def _put(self, item: Json, only_if: Sequence[Condition], *, new: bool = False) -> Json:
        words = Expressions()
        exists = f"attribute_not_exists({KEY})" if new else f"attribute_exists({KEY})"
        put: Json = {
            "TableName": self._table,
            "Item": {name: stored(value) for name, value in item.items()},
            "ConditionExpression": " AND ".join(
                [exists, *(words.condition(each) for each in only_if)]
            ),
        }
        return {"Put": put | words.definitions()}


def _item(stone: InstanceReference) -> Json:
    """What is not there is not stored either: no empty address, no empty map."""
    item = {name: value for name, value in vars(stone).items() if value}
    check_attributes(paths_of({(name,): value for name, value in item.items()}))
    return item


def _unreachable() -> OwnServiceUnreachable:
    return OwnServiceUnreachable("The instance table cannot be reached.")
