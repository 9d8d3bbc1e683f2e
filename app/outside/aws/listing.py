"""The instance table for vendor personnel: reads what is listed of each reference, never writes.

Every call names the attributes it wants, so that a policy can refuse all others
(`dynamodb:Attributes`, `dynamodb:Select`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from app.errors import OwnServiceUnreachable
from app.goodbye.references import COLUMNS
from app.instances.reference import InstanceReference
from app.outside.aws.dynamodb import HOUSEKEEPING, KEY, read_item
from app.words import InstanceId

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_NAMES: Final = {f"#n{number}": name for number, name in enumerate(COLUMNS)}  # `state` is reserved
_WANTED: Final[Any] = {
    "ProjectionExpression": ", ".join(_NAMES),
    "ExpressionAttributeNames": _NAMES,
    "ConsistentRead": True,
}


class DynamoListing:
    """`app.goodbye.references.References` on one DynamoDB table. Safe in threads, as the client."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._client = client
        self._name = name

    def read(self, instance_id: InstanceId) -> InstanceReference | None:
        if instance_id.startswith(HOUSEKEEPING):
            return None
        key: Any = {KEY: {"S": instance_id}}
        try:
            found = self._client.get_item(TableName=self._name, Key=key, **_WANTED)
        except (ClientError, BotoCoreError):
            raise _unreachable() from None
        return InstanceReference(**read_item(found["Item"])) if "Item" in found else None

    def all(self) -> Iterator[InstanceReference]:
        start: Any = {}
        while True:
            try:
                page = self._client.scan(
                    TableName=self._name, Select="SPECIFIC_ATTRIBUTES", **_WANTED, **start
                )
            except (ClientError, BotoCoreError):
                raise _unreachable() from None
            for item in page["Items"]:
                if not item[KEY]["S"].startswith(HOUSEKEEPING):
                    yield InstanceReference(**read_item(item))
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _unreachable() -> OwnServiceUnreachable:
    return OwnServiceUnreachable("The instance table cannot be reached.")
