"""The instance table on DynamoDB: one conditional call a method.

It refuses attributes outside the closed list. Numbers come back as int, binaries as bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from app.errors import ServiceUnreachable
from app.instances.reference import InstanceReference, check_attributes, paths_of
from app.instances.table import (
    Absent,
    AnyOf,
    AtMost,
    Change,
    Condition,
    Equals,
    OneOf,
    Path,
    Present,
)
from app.words import InstanceId

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

KEY: Final = "instance_id"
_LOST: Final = "ConditionalCheckFailedException"
# The housekeeping items beside the references share the key attribute but have these prefixes.
_HOUSEKEEPING: Final = ("claim#", "receipts#")


class DynamoInstanceTable:
    """`app.instances.table.InstanceTable` on one DynamoDB table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self, instance_id: InstanceId) -> InstanceReference | None:
        try:
            found = self._table.get_item(Key={KEY: instance_id}, ConsistentRead=True)
        except (ClientError, BotoCoreError):
            raise _unreachable() from None
        item = found.get("Item")
        return _reference(item) if item is not None else None

    def create(self, reference: InstanceReference) -> bool:
        item = {name: value for name, value in vars(reference).items() if value is not None}
        check_attributes(paths_of({(name,): value for name, value in item.items()}))
        return self._written(
            lambda: self._table.put_item(
                Item=item, ConditionExpression=f"attribute_not_exists({KEY})"
            )
        )

    def change(self, instance_id: InstanceId, change: Change) -> InstanceReference | None:
        check_attributes([*paths_of(change.set), *change.remove])
        words = _Words()
        # A parent map that is gone (an uninstall took `run`) is a lost write, not a fault.
        parents = {path[:-1] for path in (*change.set, *change.remove) if len(path) > 1}
        conditions = [*(Present(parent) for parent in sorted(parents)), *change.conditions]
        condition = " AND ".join(
            [f"attribute_exists({KEY})", *(words.condition(each) for each in conditions)]
        )
        request: dict[str, Any] = {
            "Key": {KEY: instance_id},
            "UpdateExpression": words.update(change),
            "ConditionExpression": condition,
            "ReturnValues": "ALL_NEW",
        }
        request |= words.definitions()
        try:
            answer = self._table.update_item(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] == _LOST:
                return None
            raise _unreachable() from None
        except BotoCoreError:
            raise _unreachable() from None
        return _reference(answer["Attributes"])

    def all(self) -> Iterator[InstanceReference]:
        start: dict[str, Any] = {}
        while True:
            try:
                page = self._table.scan(ConsistentRead=True, **start)
            except (ClientError, BotoCoreError):
                raise _unreachable() from None
            for item in page["Items"]:
                if not str(item[KEY]).startswith(_HOUSEKEEPING):
                    yield _reference(item)
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _written(self, write: Any) -> bool:  # noqa: ANN401 - a closure over boto3's own types
        try:
            write()
        except ClientError as error:
            if error.response["Error"]["Code"] == _LOST:
                return False
            raise _unreachable() from None
        except BotoCoreError:
            raise _unreachable() from None
        return True


class _Words:
    """Builds expressions with placeholders, so that no value or name is ever spliced in."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def update(self, change: Change) -> str:
        sets = [f"{self._path(path)} = {self._value(v)}" for path, v in change.set.items()]
        removes = [self._path(path) for path in change.remove]
        pieces = []
        if sets:
            pieces.append("SET " + ", ".join(sets))
        if removes:
            pieces.append("REMOVE " + ", ".join(removes))
        return " ".join(pieces)

    def condition(self, condition: Condition) -> str:
        match condition:
            case Equals(path, value):
                return f"{self._path(path)} = {self._value(value)}"
            case AtMost(path, value):
                return f"{self._path(path)} <= {self._value(value)}"
            case Absent(path):
                return f"attribute_not_exists({self._path(path)})"
            case Present(path):
                return f"attribute_exists({self._path(path)})"
            case OneOf(path, values):
                options = ", ".join(self._value(value) for value in values)
                return f"{self._path(path)} IN ({options})"
            case AnyOf(conditions):
                return "(" + " OR ".join(self.condition(each) for each in conditions) + ")"

    def definitions(self) -> dict[str, Any]:
        found: dict[str, Any] = {"ExpressionAttributeNames": self._names}
        if self._values:
            found["ExpressionAttributeValues"] = self._values
        return {name: value for name, value in found.items() if value}

    def _path(self, path: Path) -> str:
        return ".".join(self._name(piece) for piece in path)

    def _name(self, name: str) -> str:
        for placeholder, known in self._names.items():
            if known == name:
                return placeholder
        placeholder = f"#n{len(self._names)}"
        self._names[placeholder] = name
        return placeholder

    def _value(self, value: Any) -> str:  # noqa: ANN401 - any value a reference may hold
        placeholder = f":v{len(self._values)}"
        self._values[placeholder] = value
        return placeholder


def _reference(item: Mapping[str, Any]) -> InstanceReference:
    return InstanceReference(**{name: _plain(value) for name, value in item.items()})


def _plain(value: Any) -> Any:  # noqa: ANN401 - DynamoDB's own types in, Python's out
    if isinstance(value, Decimal):
        return int(value)
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return bytes(value) if hasattr(value, "value") and not isinstance(value, str) else value


def _unreachable() -> ServiceUnreachable:
    return ServiceUnreachable("The instance table cannot be reached.")
