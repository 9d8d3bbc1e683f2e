"""The instance table on DynamoDB: one conditional call a method.

It refuses attributes outside the closed list. Numbers come back as int, binaries as bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import structlog
from botocore.exceptions import BotoCoreError, ClientError

from app.errors import OwnServiceUnreachable
from app.instances.reference import InstanceReference, check_attributes, paths_of
from app.instances.table import EVERYTHING, Change, Present, Share
from app.outside.aws.expressions import Expressions, stored
from app.said import Sentence
from app.sentences import TABLE_UNREACHABLE
from app.words import InstanceId

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ODD_ROW: Final = Sentence(
    "table.odd_row", "What the app keeps about this site is damaged. Its vendor has to look at it."
)
KEY: Final = "instance_id"
BY_INSTALLATION: Final = "by-installation"  # the index: hash installation_id, keys only
INSTALLATION: Final = "installation_id"
BY_DUE_TIME: Final = "by-due-time"  # hash region, range import_due_at, keys only: what is due
REGION: Final = "region"
DUE: Final = "import_due_at"
_log = structlog.get_logger()
_LOST: Final = "ConditionalCheckFailedException"
# The housekeeping items beside the references share the key attribute but have these prefixes.
HOUSEKEEPING: Final = ("claim#", "receipts#")


class RowNotRead(OwnServiceUnreachable):
    """A row is there, and is not of the form that this code writes."""


class DynamoInstanceTable:
    """`app.instances.table.InstanceTable` on one DynamoDB table. Safe in threads, as the client."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._client = client
        self._name = name
        self.not_read: set[InstanceId] = set()  # rows that `all` met and passed by

    def read(self, instance_id: InstanceId) -> InstanceReference | None:
        try:
            found = self._client.get_item(
                TableName=self._name, Key=_key(instance_id), ConsistentRead=True
            )
        except (ClientError, BotoCoreError):
            raise _unreachable() from None
        item = found.get("Item")
        return _reference(item) if item is not None else None

    def create(self, reference: InstanceReference) -> bool:
        item = {name: value for name, value in vars(reference).items() if value is not None}
        check_attributes(paths_of({(name,): value for name, value in item.items()}))
        try:
            self._client.put_item(
                TableName=self._name,
                Item={name: stored(value) for name, value in item.items()},
                ConditionExpression=f"attribute_not_exists({KEY})",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == _LOST:
                return False
            raise _unreachable() from None
        except BotoCoreError:
            raise _unreachable() from None
        return True

    def change(self, instance_id: InstanceId, change: Change) -> InstanceReference | None:
        check_attributes([*paths_of(change.set), *change.remove])
        words = Expressions()
        # A parent map that is gone (an uninstall took `run`) is a lost write, not a fault.
        parents = {path[:-1] for path in (*change.set, *change.remove) if len(path) > 1}
        conditions = [*(Present(parent) for parent in sorted(parents)), *change.conditions]
        condition = " AND ".join(
            [f"attribute_exists({KEY})", *(words.condition(each) for each in conditions)]
        )
        request: dict[str, Any] = {
            "TableName": self._name,
            "Key": _key(instance_id),
            "UpdateExpression": words.update(change),
            "ConditionExpression": condition,
            "ReturnValues": "ALL_NEW",
        }
        request |= words.definitions()
        try:
            answer = self._client.update_item(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] == _LOST:
                return None
            raise _unreachable() from None
        except BotoCoreError:
            raise _unreachable() from None
        return _reference(answer["Attributes"])

    def by_installation(self, installation_id: str) -> InstanceReference | None:
        for key in self._keys_by_installation(installation_id):
            # The index lags behind the table: only the item itself is believed.
            found = self.read(key)
            if found and found.door == "forge" and found.installation_id == installation_id:
                return found
        return None

    def _keys_by_installation(self, installation_id: str) -> Iterator[InstanceId]:
        asked = {
            "IndexName": BY_INSTALLATION,
            "KeyConditionExpression": f"{INSTALLATION} = :id",
            "ExpressionAttributeValues": {":id": stored(installation_id)},
        }
        for item in self._items(self._client.query, asked):
            yield InstanceId(item[KEY]["S"])

    def due(self, region: str, until: str) -> Iterator[InstanceReference]:
        asked = {
            "IndexName": BY_DUE_TIME,
            # `region` is one of DynamoDB's reserved words.
            "KeyConditionExpression": f"#region = :region AND {DUE} <= :until",
            "ExpressionAttributeNames": {"#region": REGION},
            "ExpressionAttributeValues": {":region": stored(region), ":until": stored(until)},
        }
        for item in self._items(self._client.query, asked):
            try:
                found = self.read(InstanceId(item[KEY]["S"]))
            except RowNotRead:
                continue  # whoever goes through all of them says so
            # The index lags behind the table: only the item itself is believed.
            if found is not None and "" < (found.import_due_at or "") <= until:
                yield found

    def all(self, share: Share = EVERYTHING) -> Iterator[InstanceReference]:
        asked: dict[str, Any] = {"ConsistentRead": True}
        if share.of > 1:
            asked |= {"Segment": share.number, "TotalSegments": share.of}
        for item in self._items(self._client.scan, asked):
            if item[KEY]["S"].startswith(HOUSEKEEPING):
                continue
            try:
                found = _reference(item)
            except RowNotRead:  # one row must not stop the others
                self.not_read.add(InstanceId(item[KEY]["S"]))
                _log.error("row_not_read", instance_id=item[KEY]["S"])
                continue
            yield found

    def _items(
        self, ask: Callable[..., Mapping[str, Any]], asked: Mapping[str, Any]
    ) -> Iterator[Mapping[str, Any]]:
        """Page by page. Raises ServiceUnreachable."""
        start: dict[str, Any] = {}
        while True:
            try:
                page = ask(TableName=self._name, **asked, **start)
            except (ClientError, BotoCoreError):
                raise _unreachable() from None
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def _key(instance_id: InstanceId) -> dict[str, Any]:
    return {KEY: stored(instance_id)}


def _reference(item: Mapping[str, Any]) -> InstanceReference:
    """Raises RowNotRead: nobody who is not sure what a row says may act on it."""
    try:
        found = InstanceReference(**read_item(item))
    except TypeError:  # an attribute too many, or one too few
        raise RowNotRead(ODD_ROW()) from None
    maps = (found.part_keys, found.connect_secret, found.site_token, found.run, found.purge)
    if not all(each is None or isinstance(each, Mapping) for each in maps):
        raise RowNotRead(ODD_ROW())
    if not all(isinstance(entry, Mapping) for entry in found.part_keys.values()):
        raise RowNotRead(ODD_ROW())
    return found


def read_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item of DynamoDB's JSON as Python's values."""
    return {name: _read(value) for name, value in item.items()}


def _read(value_of_kind: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any value a reference may hold
    """One value of DynamoDB's JSON. Numbers are whole: nothing else is ever written."""
    ((kind, value),) = value_of_kind.items()
    match kind:
        case "N":
            return int(value)
        case "M":
            return {name: _read(each) for name, each in value.items()}
        case "L":
            return [_read(each) for each in value]
        case "NULL":
            return None
        case _:
            return value


def _unreachable() -> OwnServiceUnreachable:
    return OwnServiceUnreachable(TABLE_UNREACHABLE())
