"""What vendor personnel see of instances, and what they never see."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import timedelta

import pytest

from app.errors import NotThere
from app.goodbye.references import COLUMNS, receipt_of, row, rows
from app.instances.reference import ATTRIBUTES, InstanceReference, stamp
from app.instances.table import Change
from app.kept import TOMBSTONES
from app.words import Generation, InstanceId
from tests.stand_ins.atlassian import NOW
from tests.stand_ins.table import InMemoryTable
from tests.vault.rotating import RotatingWorld
from tests.vault.world import A

NEVER = {"part_keys", "connect_secret", "site_token", "run", "client_key", "last_event_digest"}


def reference(name: str, **values: object) -> InstanceReference:
    plain = {"door": "connect", "state": "installed", "generation": Generation("g1")}
    return InstanceReference(instance_id=InstanceId(name), **(plain | values))  # type: ignore[arg-type]


def table_of(*references: InstanceReference) -> InMemoryTable:
    table = InMemoryTable()
    for each in references:
        assert table.create(each)
    return table


def test_a_row_has_the_closed_list_of_columns_whatever_the_reference_holds() -> None:
    world = RotatingWorld()
    world.table.change(A, Change({("client_key",): "the client key", ("cloud_id",): "c-1"}))
    found = rows(world.table, NOW)
    assert {tuple(each) for each in found} == {COLUMNS}
    text = json.dumps(found)
    assert "value of" not in text
    assert "the client key" not in text


def test_no_column_opens_or_speaks_for_anything() -> None:
    assert set(COLUMNS) < ATTRIBUTES
    assert not NEVER & set(COLUMNS)
    assert {each.name for each in fields(InstanceReference)} >= set(COLUMNS)


def test_what_is_due_first_comes_first_and_what_has_no_date_last() -> None:
    table = table_of(
        reference("calm"),
        reference("late", state="uninstalled", erase_due_at="2026-12-24T00:00:00Z"),
        reference("soon", state="uninstalled", erase_due_at="2026-11-24T00:00:00Z"),
        reference("quiet", state="silent", silent_since="2026-11-01T00:00:00Z"),
    )
    assert [each["instance_id"] for each in rows(table, NOW)] == ["soon", "late", "quiet", "calm"]


def test_a_receipt_is_named_in_the_list_and_handed_out_by_the_instance_id() -> None:
    table = table_of(reference("gone", state="erased", erased_at=stamp(NOW), receipt='{"a":1}'))
    assert row(table, "gone", NOW)["receipt"] == "gone-g1.json"
    assert receipt_of(table, "gone", NOW) == '{"a":1}'


@pytest.mark.parametrize("name", ["calm", "unknown"])
def test_without_an_erasure_there_is_no_receipt(name: str) -> None:
    with pytest.raises(NotThere):
        receipt_of(table_of(reference("calm")), name, NOW)


def test_a_tombstone_past_its_time_is_unreadable_at_once_although_it_still_lies_there() -> None:
    table = table_of(reference("gone", state="erased", erased_at=stamp(NOW), receipt="{}"))
    over = NOW + TOMBSTONES
    assert rows(table, over - timedelta(seconds=1))
    assert rows(table, over) == []
    with pytest.raises(NotThere):
        receipt_of(table, "gone", over)
