"""The instance table twice: the stand-in, and Amazon's own engine."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config

from app.instances.table import InstanceTable
from app.outside.aws.bootstrap import create_table
from app.outside.aws.dynamodb import DynamoInstanceTable
from tests.stand_ins.table import InMemoryTable


@pytest.fixture(params=["stand-in", pytest.param("engine", marks=pytest.mark.aws)])
def table(request: pytest.FixtureRequest) -> Iterator[InstanceTable]:
    if request.param == "stand-in":
        yield InMemoryTable()
        return
    url = request.getfixturevalue("dynamodb_url")
    client = boto3.client("dynamodb", endpoint_url=url, config=Config(max_pool_connections=32))
    name = f"t-{uuid.uuid4().hex}"
    create_table(client, name, protected=False)
    yield DynamoInstanceTable(client, name)
    client.delete_table(TableName=name)
