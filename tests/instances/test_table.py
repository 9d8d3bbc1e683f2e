"""One specification of the instance table, run on the stand-in and on the real engine."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from app.instances.reference import AttributeNotDeclared, InstanceReference
from app.instances.table import (
    Absent,
    AnyOf,
    AtMost,
    Change,
    Equals,
    InstanceTable,
    OneOf,
    Present,
    Share,
)
from app.words import Door, Generation, InstanceId

KEY = {"version": "1-a", "string_version": "", "key_id": "k", "wrapped": b"\x00\xff"}


def reference(name: str = "one") -> InstanceReference:
    return InstanceReference(
        instance_id=InstanceId(name),
        door="connect",
        state="installed",
        generation=Generation("g1"),
        base_url="https://acme.atlassian.net",
        last_event_at=1_700_000_000,
        part_keys={"visibility": KEY},
    )


ONE = InstanceId("one")


def test_what_was_created_is_read_back_the_same(table: InstanceTable) -> None:
    assert table.create(reference())
    assert table.read(ONE) == reference()


def test_nothing_is_read_where_nothing_was_written(table: InstanceTable) -> None:
    assert table.read(ONE) is None


def test_a_second_create_changes_nothing(table: InstanceTable) -> None:
    table.create(reference())
    assert not table.create(
        InstanceReference(ONE, "connect", "uninstalled", Generation("g2"), "https://b.jira.com")
    )
    assert table.read(ONE) == reference()


def test_a_change_gives_the_new_state(table: InstanceTable) -> None:
    table.create(reference())
    changed = table.change(ONE, Change({("state",): "silent"}, [("last_event_at",)]))
    assert changed is not None
    assert (changed.state, changed.last_event_at) == ("silent", None)
    assert table.read(ONE) == changed


def test_a_change_of_nothing_that_exists_creates_nothing(table: InstanceTable) -> None:
    assert table.change(ONE, Change({("state",): "silent"})) is None
    assert table.read(ONE) is None


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Equals(("state",), "installed"), True),
        (Equals(("state",), "silent"), False),
        (Equals(("run",), "x"), False),
        (Equals(("part_keys", "visibility", "version"), "1-a"), True),
        (Equals(("part_keys", "visibility", "version"), "1-b"), False),
        (Equals(("part_keys", "visibility"), KEY), True),
        (Equals(("part_keys", "visibility"), {**KEY, "wrapped": b"another"}), False),
        (Equals(("part_keys", "visibility"), {"version": "1-a"}), False),
        (Absent(("run",)), True),
        (Absent(("state",)), False),
        (Absent(("part_keys", "entra")), True),
        (Present(("part_keys", "visibility")), True),
        (Present(("run", "state")), False),
        (OneOf(("state",), ("silent", "installed")), True),
        (OneOf(("state",), ("silent", "erased")), False),
        (AtMost(("last_event_at",), 1_700_000_000), True),
        (AtMost(("last_event_at",), 1_699_999_999), False),
        (AtMost(("seen_at",), "2026-01-01T00:00:00Z"), False),
        (AnyOf((Absent(("state",)), Equals(("state",), "installed"))), True),
        (AnyOf((Absent(("state",)), Equals(("state",), "silent"))), False),
    ],
)
def test_a_change_happens_only_if_its_condition_holds(
    table: InstanceTable, condition: Equals, holds: bool
) -> None:
    table.create(reference())
    done = table.change(ONE, Change({("region",): "eu"}, conditions=[condition]))
    assert (done is not None) == holds
    now = table.read(ONE)
    assert now is not None
    assert now.region == ("eu" if holds else None)


def test_one_part_key_moves_and_its_neighbours_stay(table: InstanceTable) -> None:
    table.create(reference())
    key = {"version": "1-z", "string_version": "", "key_id": "k", "wrapped": b"w"}
    changed = table.change(ONE, Change({("part_keys", "entra"): key}))
    assert changed is not None
    assert changed.part_keys == {**reference().part_keys, "entra": key}


def test_setting_inside_a_map_that_is_gone_is_a_lost_write(table: InstanceTable) -> None:
    table.create(reference())
    assert table.change(ONE, Change({("run", "state"): "running"})) is None
    assert table.change(ONE, Change({}, [("run", "state")])) is None


@pytest.mark.parametrize(
    "change",
    [
        Change({("owner_name",): "x"}),
        Change({("run",): {"person": "x"}}),
        Change({("run", "person"): "x"}),
        Change({("part_keys", "entra"): {"secret": "x"}}),
        Change({}, [("owner_name",)]),
    ],
)
def test_an_attribute_outside_the_closed_list_is_refused(
    table: InstanceTable, change: Change
) -> None:
    table.create(reference())
    with pytest.raises(AttributeNotDeclared):
        table.change(ONE, change)
    assert table.read(ONE) == reference()


def installed(name: str, door: Door, installation_id: str) -> InstanceReference:
    return replace(reference(name), door=door, installation_id=installation_id)


def test_a_forge_instance_is_found_by_its_installation(table: InstanceTable) -> None:
    first, second = installed("one", "forge", "i-1"), installed("two", "forge", "i-2")
    assert table.create(first)
    assert table.create(second)
    assert found_by(table, "i-2") == second
    assert found_by(table, "i-1") == first
    assert table.by_installation("i-3") is None


def test_a_new_installation_replaces_the_old_one_in_the_look_up(table: InstanceTable) -> None:
    table.create(installed("one", "forge", "i-1"))
    table.change(ONE, Change({("installation_id",): "i-2"}))
    assert found_by(table, "i-2") is not None
    assert table.by_installation("i-1") is None
    table.change(ONE, Change({}, [("installation_id",)]))
    assert table.by_installation("i-2") is None


def test_what_a_connect_body_says_of_an_installation_is_not_looked_at(
    table: InstanceTable,
) -> None:
    table.create(installed("one", "connect", "i-1"))
    assert table.by_installation("i-1") is None
    own = installed("two", "forge", "i-1")
    table.create(own)
    assert found_by(table, "i-1") == own


def found_by(table: InstanceTable, installation_id: str) -> InstanceReference | None:
    """The index follows the table a moment later."""
    for _ in range(50):
        found = table.by_installation(installation_id)
        if found is not None:
            return found
        time.sleep(0.01)
    return None


def test_all_references_are_listed(table: InstanceTable) -> None:
    for name in ("one", "two", "three"):
        table.create(reference(name))
    assert {each.instance_id for each in table.all()} == {"one", "two", "three"}


def test_of_many_who_claim_at_once_exactly_one_wins(table: InstanceTable) -> None:
    table.create(reference())

    def claim(number: int) -> bool:
        run = {"id": f"r{number}", "state": "queued"}
        free = Change({("run",): run}, conditions=[Absent(("run",))])
        return table.change(ONE, free) is not None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(claim, range(40))) == 1


def due(name: str, at: str | None, region: str = "eu-central-1") -> InstanceReference:
    return replace(reference(name), region=region, import_due_at=at)


def test_what_is_due_comes_in_order_and_only_of_its_region(table: InstanceTable) -> None:
    for each in (
        due("late", "2026-11-21T07:59:59Z"),
        due("early", "2026-11-20T02:00:00Z"),
        due("now", "2026-11-21T08:00:00Z"),
        due("not yet", "2026-11-21T08:00:01Z"),
        due("never", None),
        due("elsewhere", "2026-11-20T02:00:00Z", "us-east-1"),
    ):
        table.create(each)
    found = list(table.due("eu-central-1", "2026-11-21T08:00:00Z"))
    assert [each.instance_id for each in found] == ["early", "late", "now"]
    assert found[0] == due("early", "2026-11-20T02:00:00Z")
    table.change(InstanceId("early"), Change(remove=[("import_due_at",)]))
    table.change(InstanceId("late"), Change(set={("import_due_at",): "2026-11-22T02:00:00Z"}))
    left = table.due("eu-central-1", "2026-11-21T08:00:00Z")
    assert [each.instance_id for each in left] == ["now"]


def test_shares_of_the_table_are_all_of_it_and_none_of_it_twice(table: InstanceTable) -> None:
    names = {f"instance-{number}" for number in range(60)}
    for name in names:
        table.create(reference(name))
    shares = [[each.instance_id for each in table.all(Share(part, 5))] for part in range(5)]
    assert sorted(name for share in shares for name in share) == sorted(names)
    assert max(len(share) for share in shares) < len(names)
