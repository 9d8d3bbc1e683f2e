"""What the desk cannot do: nothing in its process opens, decrypts, writes, or knows how to.

import-linter holds the same in `make arrows`; here it is seen in a running process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from app.errors import ServiceUnreachable
from app.goodbye.references import COLUMNS
from app.outside.aws.bootstrap import create_table
from app.outside.aws.dynamodb import DynamoInstanceTable
from app.outside.aws.listing import DynamoListing
from app.outside.aws.receipt_bucket import ReceiptBucket
from app.outside.receipt_folder import ReceiptFolder
from app.vault.parts import DOCUMENTS
from app.vault.roles import (
    LOCKS,
    OPERATIONS,
    TABLE,
    Powers,
    RoleMayNot,
    cells,
    check_opens,
    granted,
)
from app.words import InstanceId
from tests.vendor_desk.test_looking import SECRETS, reference

FORBIDDEN = (
    "app.vault", "app.site_settings", "app.imports", "app.my_assets", "app.doors",
    "app.outside.aws.kms", "app.outside.aws.sqs", "app.outside.atlassian", "app.outside.microsoft",
)  # fmt: skip

_BUILD = """
import json, sys
from app.desk_settings import read_for_the_desk
settings, desk = read_for_the_desk({
    "APP_BASE_URL": "https://app.vendor.example", "DESK_BASE_URL": "https://desk.vendor.example",
    "DESK_ISSUER": "https://login.vendor.example", "DESK_CLIENT_ID": "desk",
    "DESK_CLIENT_SECRET": "12345678", "DESK_STAFF_KEY": "k" * 32, "DESK_VIEWER_GROUPS": "support",
}, descriptor_key="my-assets")
from app.vendor_desk.web import create_desk
from app.wiring.vendor_desk import desk_services
create_desk(desk_services(settings, desk))
print(json.dumps([name for name in sys.modules if name.startswith("app.")]))
"""


def test_the_desks_process_loads_nothing_that_opens_imports_or_shows_content() -> None:
    told = subprocess.run(
        [sys.executable, "-c", _BUILD], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = json.loads(told.stdout)
    assert "app.vendor_desk.web" in loaded
    assert [name for name in loaded if name.startswith(FORBIDDEN)] == []


def test_the_vaults_role_table_gives_a_person_of_the_vendor_nothing() -> None:
    assert TABLE["vendor-person"] == Powers()
    assert [cell for cell in cells() if cell.role == "vendor-person"] == []
    for document in DOCUMENTS:
        with pytest.raises(RoleMayNot):
            check_opens("vendor-person", document)
    for operation in OPERATIONS:
        for lock in LOCKS:
            assert granted("vendor-person", operation, lock) == frozenset()


class Recording:
    """A DynamoDB client of which every call is written down; it answers as if it were empty."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        def call(**asked: Any) -> dict[str, Any]:
            self.calls.append((name, asked))
            return {"Items": []}

        return call


def test_every_call_reads_and_names_the_attributes_it_wants() -> None:
    """So a policy of the table can refuse the desk's identity everything else."""
    client = Recording()
    listing = DynamoListing(client, "references")  # type: ignore[arg-type]
    listing.read(InstanceId("a" * 32))
    list(listing.all())
    assert [name for name, _ in client.calls] == ["get_item", "scan"]
    for _, asked in client.calls:
        named = [asked["ExpressionAttributeNames"][each.strip()]
                 for each in asked["ProjectionExpression"].split(",")]  # fmt: skip
        assert named == list(COLUMNS)
        assert asked["ConsistentRead"] is True
    assert client.calls[1][1]["Select"] == "SPECIFIC_ATTRIBUTES"


def test_what_is_no_reference_is_not_asked_for() -> None:
    client = Recording()
    listing = DynamoListing(client, "references")  # type: ignore[arg-type]
    assert listing.read(InstanceId("receipts#head")) is None
    assert listing.read(InstanceId("claim#1")) is None
    assert client.calls == []


def test_receipts_of_a_bucket_are_listed_page_by_page() -> None:
    client = boto3.client("s3")
    with Stubber(client) as stub:
        first = {"Contents": [{"Key": "a.json"}], "IsTruncated": True, "NextContinuationToken": "t"}
        stub.add_response("list_objects_v2", first, {"Bucket": "receipts"})
        second = {"Contents": [{"Key": "b.json"}], "IsTruncated": False}
        asked = {"Bucket": "receipts", "ContinuationToken": "t"}
        stub.add_response("list_objects_v2", second, asked)
        stub.add_response("list_objects_v2", {"IsTruncated": False}, {"Bucket": "receipts"})
        stub.add_client_error("list_objects_v2", "AccessDenied")
        bucket = ReceiptBucket(client, "receipts")
        assert bucket.names() == ["a.json", "b.json"]
        assert bucket.names() == []
        with pytest.raises(ServiceUnreachable):
            bucket.names()


def test_receipts_of_a_folder_are_listed_and_nothing_else_of_it(tmp_path: Path) -> None:
    folder = ReceiptFolder(tmp_path / "receipts")
    assert folder.names() == []
    folder.keep("b-g1.json", "2")
    folder.keep("a-g1.json", "1")
    (tmp_path / "receipts" / ".half.part").write_text("")
    (tmp_path / "receipts" / "notes.txt").write_text("")
    assert folder.names() == ["a-g1.json", "b-g1.json"]
    with pytest.raises(ServiceUnreachable):
        ReceiptFolder(tmp_path / "receipts" / "notes.txt").names()


@pytest.fixture
def tables(dynamodb_url: str) -> Iterator[tuple[DynamoInstanceTable, DynamoListing]]:
    client = boto3.client("dynamodb", endpoint_url=dynamodb_url)
    create_table(client, "desk", protected=False)
    yield DynamoInstanceTable(client, "desk"), DynamoListing(client, "desk")
    client.delete_table(TableName="desk")


@pytest.mark.aws
def test_the_real_engine_gives_the_listed_attributes_and_no_others(
    tables: tuple[DynamoInstanceTable, DynamoListing],
) -> None:
    table, listing = tables
    table.create(reference())
    table.create(reference(11, state="silent", silent_since="2026-11-01T00:00:00Z"))
    one = listing.read(InstanceId("a" * 32))
    assert one is not None
    assert (one.base_url, one.state) == ("https://acme.atlassian.net", "installed")
    assert listing.read(InstanceId("f" * 32)) is None
    everything = list(listing.all())
    assert sorted(each.instance_id for each in everything) == ["a" * 32, "b" * 32]
    told = repr([vars(each) for each in everything])
    for secret in SECRETS:
        assert secret not in told


def test_a_table_that_does_not_answer_is_said_so() -> None:
    class Down:
        def __getattr__(self, name: str) -> Any:
            def call(**_: Any) -> None:
                raise ClientError({"Error": {"Code": "AccessDeniedException"}}, name)

            return call

    listing = DynamoListing(Down(), "references")  # type: ignore[arg-type]
    with pytest.raises(ServiceUnreachable):
        listing.read(InstanceId("a" * 32))
    with pytest.raises(ServiceUnreachable):
        list(listing.all())
