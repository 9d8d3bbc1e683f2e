"""Refused links in memory: of one instance and life, for a while, and not without end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.instances.reference import InstanceReference
from app.my_assets.refused_links import KEPT_FOR, MOST_KEPT, RefusedLinks
from app.words import Generation, InstanceId

ONE = InstanceReference(InstanceId("one"), "connect", "installed", Generation("one-1"))
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_a_refused_link_is_remembered_for_ten_minutes() -> None:
    now = [NOON]
    refused = RefusedLinks(lambda: now[0])
    refused.remember(ONE, "7")
    assert refused.holds(ONE, "7")
    now[0] = NOON + KEPT_FOR
    assert not refused.holds(ONE, "7")


def test_another_instance_or_life_does_not_know_of_it() -> None:
    refused = RefusedLinks(lambda: NOON)
    refused.remember(ONE, "7")
    assert not refused.holds(replace(ONE, instance_id=InstanceId("two")), "7")
    assert not refused.holds(replace(ONE, generation=Generation("one-2")), "7")


def test_the_oldest_goes_when_there_are_too_many() -> None:
    refused = RefusedLinks(lambda: NOON)
    for number in range(MOST_KEPT + 1):
        refused.remember(ONE, str(number))
    assert len(refused._until) == MOST_KEPT
    assert (refused.holds(ONE, "0"), refused.holds(ONE, "1")) == (False, True)
