"""Goodbyes twice: on the stand-in of the table, and on Amazon's own engine."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from app.outside.aws.bootstrap import create_table
from app.outside.aws.dynamodb import DynamoInstanceTable
from app.outside.aws.receipt_chain import DynamoReceiptChain
from tests.goodbye.world import Goodbyes


@pytest.fixture
def world(tmp_path: Path) -> Goodbyes:
    return Goodbyes(tmp_path / "receipts")


@pytest.fixture(params=["stand-in", pytest.param("engine", marks=pytest.mark.aws)])
def goodbyes(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Goodbyes]:
    folder = tmp_path / "receipts"
    if request.param == "stand-in":
        yield Goodbyes(folder)
        return
    url = request.getfixturevalue("dynamodb_url")
    client = boto3.client("dynamodb", endpoint_url=url, config=Config(max_pool_connections=32))
    name = f"t-{uuid.uuid4().hex}"
    create_table(client, name, protected=False)
    yield Goodbyes(folder, DynamoInstanceTable(client, name), DynamoReceiptChain(client, name))
    client.delete_table(TableName=name)
