"""A row that somebody else wrote, or a later version: nobody acts on it, and the others go on."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from app.errors import ServiceUnreachable
from app.instances.pointers import InstancePointers
from app.outside.aws.dynamodb import DynamoInstanceTable
from app.vault.ports import PartKey
from app.words import InstanceId

Row = dict[str, Any]
ENTRY = {
    "M": {
        "version": {"S": "1-a"}, "string_version": {"S": "1-s"},
        "key_id": {"S": "arn"}, "wrapped": {"B": b"w"},
    }
}  # fmt: skip


def row(name: str, **changed: Row) -> Row:
    whole = {
        "instance_id": {"S": name}, "door": {"S": "connect"}, "state": {"S": "installed"},
        "generation": {"S": "g1"}, "region": {"S": "r"}, "import_due_at": {"S": "2026"},
        "part_keys": {"M": {"visibility": ENTRY}},
    }  # fmt: skip
    return {key: value for key, value in {**whole, **changed}.items() if value is not ...}


class Client:
    """A table with these rows."""

    def __init__(self, *rows: Row) -> None:
        self._rows = rows

    def get_item(self, **asked: Any) -> Row:
        name = asked["Key"]["instance_id"]["S"]
        return {"Item": next(each for each in self._rows if each["instance_id"]["S"] == name)}

    def scan(self, **_: Any) -> Row:
        return {"Items": list(self._rows)}

    query = scan


def table(*rows: Row) -> DynamoInstanceTable:
    return DynamoInstanceTable(Client(*rows), "instances")  # type: ignore[arg-type]


ODD: list[Row] = [
    {"later": {"S": "x"}},
    {"state": ...},
    {"generation": ...},
    {"part_keys": {"S": "x"}},
    {"part_keys": {"M": {"visibility": {"S": "x"}}}},
    {"connect_secret": {"S": "x"}},
    {"site_token": {"L": []}},
    {"run": {"N": "1"}},
]


@pytest.mark.parametrize("changed", ODD, ids=str)
def test_an_odd_row_is_nobodys_and_stops_no_other(changed: Row) -> None:
    kept = table(row("odd", **changed), row("good"))
    with pytest.raises(ServiceUnreachable):
        kept.read(InstanceId("odd"))
    with capture_logs() as said:
        assert [each.instance_id for each in kept.all()] == ["good"]
    assert [(each["event"], each["instance_id"]) for each in said] == [("row_not_read", "odd")]
    assert kept.not_read == {"odd"}
    assert [each.instance_id for each in kept.due("r", "2027")] == ["good"]


@pytest.mark.parametrize("name", ["version", "string_version", "key_id", "wrapped"])
def test_a_damaged_pointer_is_still_one_that_is_set(name: str) -> None:
    damaged = {key: value for key, value in ENTRY["M"].items() if key != name}
    kept = table(row("one", part_keys={"M": {"visibility": {"M": damaged}}}))
    found = InstancePointers(kept, InstanceId("one")).read().part_keys["visibility"]
    empty = {name: b"" if name == "wrapped" else ""}
    assert vars(found) == {**vars(PartKey("1-a", "1-s", "arn", b"w")), **empty}
