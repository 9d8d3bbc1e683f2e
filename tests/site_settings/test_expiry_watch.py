"""The daily word to operators that a secret is about to end: once a day, by all processes."""

from __future__ import annotations

import logging
from collections.abc import Iterator, MutableMapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from app.errors import ServiceUnreachable, SettingsUnreadable
from app.instances.reference import InstanceReference
from app.site_settings.expiry_watch import EVENT, ExpiryWatch
from app.site_settings.stored import SecretMark, StoredPart
from app.wiring.secret_expiry import OncePerDay
from app.words import Generation, InstanceId
from tests.stand_ins.claims import InMemoryClaims

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
INSTANCE = InstanceReference(
    InstanceId("i-1"), "connect", "installed", Generation("g-1"), part_keys={"entra": {}}
)
Lines = list[MutableMapping[str, Any]]


class Site:
    """The part `entra` of every instance, behind a clock and a table that can fail."""

    def __init__(self) -> None:
        self.ends = "2026-03-08"
        self.fault: Exception | None = None
        self.read = 0
        self.now = NOW
        self.claims = InMemoryClaims()

    def part(self, _: InstanceReference) -> StoredPart | None:
        self.read += 1
        if self.fault is not None:
            raise self.fault
        mark = SecretMark(changed_at="2026-01-01T00:00:00Z")
        return StoredPart(rules={"secret_expires_on": self.ends}, changed_at="x", secret=mark)

    def process(self) -> ExpiryWatch:
        return ExpiryWatch(self.part, OncePerDay(self.claims, lambda: self.now))


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Whatever the level that another test has left behind."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    with capture_logs() as found:
        yield found
    structlog.configure(**before)


def test_it_is_said_once_a_day_whatever_process_ticks(site: Site, lines: Lines) -> None:
    one, other = site.process(), site.process()
    for _ in range(3):
        one.look(INSTANCE, site.now)
        other.look(INSTANCE, site.now)
    assert lines == [
        {"event": EVENT, "log_level": "error", "instance_id": "i-1", "kind": "7_days", "count": 7}
    ]
    site.now += timedelta(days=1)
    other.look(INSTANCE, site.now)
    assert [each["count"] for each in lines] == [7, 6]
    assert site.read == 2


@pytest.mark.parametrize(
    ("ends", "level", "kind"),
    [
        ("2026-04-30", "warning", "60_days"),
        ("2026-03-31", "warning", "30_days"),
        ("2026-03-02", "error", "1_days"),
        ("2026-02-01", "error", "expired"),
    ],
)
def test_the_nearer_it_is_the_louder(
    site: Site, lines: Lines, ends: str, level: str, kind: str
) -> None:
    site.ends = ends
    site.process().look(INSTANCE, site.now)
    assert [(each["log_level"], each["kind"]) for each in lines] == [(level, kind)]


def test_a_secret_that_lasts_and_a_part_that_is_not_set_are_not_spoken_of(
    site: Site, lines: Lines
) -> None:
    site.ends = "2026-05-01"
    site.process().look(INSTANCE, site.now)
    site.process().look(replace(INSTANCE, instance_id=InstanceId("i-2"), part_keys={}), site.now)
    assert (lines, site.read) == ([], 1)


@pytest.mark.parametrize("fault", [ServiceUnreachable(), SettingsUnreadable()])
def test_what_cannot_be_read_now_is_said_at_a_later_tick(
    site: Site, lines: Lines, fault: Exception
) -> None:
    watch = site.process()
    site.fault = fault
    watch.look(INSTANCE, site.now)
    assert lines == []
    site.fault = None
    watch.look(INSTANCE, site.now)
    assert len(lines) == 1


def test_a_new_life_of_an_instance_is_looked_at_anew(site: Site, lines: Lines) -> None:
    watch = site.process()
    watch.look(INSTANCE, site.now)
    watch.look(replace(INSTANCE, generation=Generation("g-2")), site.now)
    assert len(lines) == 2


def test_what_is_remembered_ends_within_a_day_and_names_nobody(site: Site) -> None:
    site.process().look(INSTANCE, site.now)
    (claim,) = site.claims.kept.values()
    assert claim.expires_at - NOW.timestamp() <= 24 * 3600
    assert claim.name.startswith("claim#")
    assert "i-1" not in claim.name
