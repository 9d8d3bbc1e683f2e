"""What bootstrap makes of the table on the real engine, and of one that an older version made."""

from __future__ import annotations

import uuid

import boto3
import pytest

from app.instances.reference import InstanceReference
from app.outside.aws.bootstrap import create_table
from app.outside.aws.dynamodb import BY_DUE_TIME, BY_INSTALLATION, KEY, DynamoInstanceTable
from app.words import Generation, InstanceId

pytestmark = pytest.mark.aws
ONE = InstanceReference(
    InstanceId("one"),
    "forge",
    "installed",
    Generation("g1"),
    installation_id="i-1",
    region="eu-central-1",
    import_due_at="2026-11-21T08:00:00Z",
)


def test_a_table_is_made_once_with_its_index_and_without_a_second_copy(dynamodb_url: str) -> None:
    client = boto3.client("dynamodb", endpoint_url=dynamodb_url)
    name = f"t-{uuid.uuid4().hex}"
    assert create_table(client, name, protected=False)
    assert not create_table(client, name, protected=False)
    made = client.describe_table(TableName=name)["Table"]
    indexes = {index["IndexName"]: index for index in made["GlobalSecondaryIndexes"]}
    assert indexes.keys() == {BY_INSTALLATION, BY_DUE_TIME}
    for index in indexes.values():  # a copy of anything else would not be forgotten with the key
        assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert "StreamSpecification" not in made
    client.delete_table(TableName=name)


def test_an_older_table_keeps_what_it_holds_and_gets_the_indexes(dynamodb_url: str) -> None:
    client = boto3.client("dynamodb", endpoint_url=dynamodb_url)
    name = f"t-{uuid.uuid4().hex}"
    client.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": KEY, "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": KEY, "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    table = DynamoInstanceTable(client, name)
    table.create(ONE)
    assert create_table(client, name, protected=False)
    assert not create_table(client, name, protected=False)
    assert table.read(ONE.instance_id) == ONE
    assert table.by_installation("i-1") == ONE
    assert list(table.due("eu-central-1", "2026-11-21T08:00:00Z")) == [ONE]
    client.delete_table(TableName=name)
