"""An instance never crosses its region: a reference of another one is neither used nor written."""

from __future__ import annotations

import pytest
import structlog

from app.errors import ServiceUnreachable
from app.instances.directory import Directory
from app.instances.lifecycle import Home, Lifecycle
from app.instances.pinned import ALARM, AnotherRegion, PinnedTable
from app.instances.reference import InstanceReference
from app.instances.table import Change, Equals, InstanceTable
from app.words import Generation, InstanceId
from tests.instances.test_lifecycle import event
from tests.instances.test_many_at_once import ConnectWorld
from tests.stand_ins.atlassian import AT

HERE, THERE = "eu-central-1", "us-east-1"
A = InstanceId("a" * 32)


def reference(region: str | None, instance_id: InstanceId = A) -> InstanceReference:
    return InstanceReference(
        instance_id, "forge", "installed", Generation("g1"), region=region, installation_id="i-1"
    )


@pytest.fixture
def pinned(table: InstanceTable) -> PinnedTable:
    return PinnedTable(table, HERE)


def test_what_is_of_this_region_goes_through(table: InstanceTable, pinned: PinnedTable) -> None:
    assert pinned.create(reference(HERE))
    assert pinned.read(A) == table.read(A)
    changed = pinned.change(A, Change({("seen_at",): "now"}, (), [Equals(("state",), "installed")]))
    assert changed is not None
    assert changed.seen_at == "now"
    assert list(pinned.all()) == list(table.all())


def test_a_reference_that_names_no_region_goes_through(
    table: InstanceTable, pinned: PinnedTable
) -> None:
    """Tombstones name none, and a site that comes back begins a life here."""
    table.create(reference(None))
    assert pinned.read(A) is not None
    assert pinned.change(A, Change({("region",): HERE})) is not None


@pytest.mark.parametrize("ask", ["read", "by_installation"])
def test_another_regions_reference_is_not_used_and_an_alarm_says_so(
    table: InstanceTable, pinned: PinnedTable, ask: str
) -> None:
    table.create(reference(THERE))
    with structlog.testing.capture_logs() as lines, pytest.raises(AnotherRegion):
        pinned.read(A) if ask == "read" else pinned.by_installation("i-1")
    assert [(line["event"], line["kind"], line["instance_id"]) for line in lines] == [
        ("alarm", ALARM, A)
    ]


def test_another_regions_reference_is_not_written(
    table: InstanceTable, pinned: PinnedTable
) -> None:
    table.create(reference(THERE))
    assert pinned.change(A, Change({("seen_at",): "now"})) is None
    assert pinned.change(A, Change({("region",): HERE})) is None
    assert table.read(A) == reference(THERE)


def test_nothing_is_made_for_another_region_or_moved_there(
    table: InstanceTable, pinned: PinnedTable
) -> None:
    with pytest.raises(AnotherRegion):
        pinned.create(reference(THERE))
    pinned.create(reference(HERE))
    with pytest.raises(AnotherRegion):
        pinned.change(A, Change({("region",): THERE}))
    assert table.read(A) == reference(HERE)


def test_a_walk_over_all_passes_by_the_others(table: InstanceTable, pinned: PinnedTable) -> None:
    table.create(reference(THERE))
    table.create(reference(HERE, InstanceId("b" * 32)))
    assert [each.instance_id for each in pinned.all()] == ["b" * 32]


@pytest.mark.parametrize("kind", ["installed", "uninstalled"])
def test_a_lifecycle_event_of_a_site_of_another_region_changes_nothing(
    table: InstanceTable, kind: str
) -> None:
    there = ConnectWorld(table)
    there.apply("installed", AT)
    before = list(table.all())
    elsewhere = Home("my-assets-for-jira", "sandbox", THERE)
    pinned = PinnedTable(table, THERE)
    lifecycle = Lifecycle(pinned, there.secrets, elsewhere, there.clock)
    secret = "another" if kind == "installed" else None
    with pytest.raises(ServiceUnreachable):
        lifecycle.apply(event(kind, AT + 1, secret))
    assert list(table.all()) == before
    with pytest.raises(AnotherRegion):
        Directory(pinned, there.clock).find(before[0].instance_id)
