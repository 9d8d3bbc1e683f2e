"""Sites that tell nothing: asked with growing patience, and called silent only after days of no."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.errors import (
    AppError,
    CredentialRefused,
    NotAllowed,
    NotThere,
    ServiceFailed,
    ServiceTimedOut,
    ServiceUnreachable,
    SettingsUnreadable,
    SlowDown,
)
from app.goodbye.silence import LONGEST_PATIENCE, SILENT_AFTER, patience
from app.imports.legs.worker import Outcome
from app.instances.reference import InstanceReference, stamp
from app.instances.table import Change
from app.wiring.silence import Asker, AskingWorker, SilenceWatch, having_asked
from tests.goodbye.world import Goodbyes, name

GONE: tuple[AppError, ...] = (CredentialRefused(), NotThere())
SAYS_NOTHING: tuple[AppError, ...] = (
    ServiceUnreachable(), ServiceTimedOut(), ServiceFailed(), SlowDown(), NotAllowed(),
    SettingsUnreadable(),
)  # fmt: skip


class Days:
    """Remembered by all processes together, here by one."""

    def __init__(self) -> None:
        self.taken: set[Any] = set()

    def first(self, instance: InstanceReference, day: Any) -> bool:
        life = (instance.instance_id, instance.generation, day)
        taken = life in self.taken
        self.taken.add(life)
        return not taken

    def give_back(self, instance: InstanceReference, day: Any) -> None:
        raise AssertionError("nobody gives a day back")


class Site:
    """What a site answers, and when it was asked."""

    def __init__(self, world: Goodbyes) -> None:
        self.world = world
        self.answer: AppError | None = None
        self.asked: list[datetime] = []
        self.days = Days()
        self.watch = SilenceWatch(world.table, self.days, Asker(world.table, self._ask))

    def _ask(self, instance: InstanceReference) -> object:
        self.asked.append(self.now)
        if self.answer is not None:
            raise self.answer
        return object()

    def look(self, days: float) -> InstanceReference:
        """One tick, so many days after the installation."""
        self.now = self.world.now + timedelta(days=days)
        self.watch.look(self.world.read(), self.now)
        return self.world.read()


@pytest.fixture
def site(world: Goodbyes) -> Site:
    world.install()
    return Site(world)


def test_a_site_that_answers_is_asked_once_a_day_and_stays_installed(site: Site) -> None:
    for hour in range(24 * 5):
        assert site.look(hour / 24).state == "installed"
    assert len(site.asked) == 4
    assert site.world.read().seen_at == stamp(site.asked[-1])


@pytest.mark.parametrize("answer", GONE, ids=lambda fault: type(fault).__name__)
def test_a_site_that_does_not_know_the_app_for_a_week_is_silent(
    site: Site, answer: AppError
) -> None:
    site.answer = answer
    first = site.look(1)
    assert (first.state, first.silent_since) == ("installed", stamp(site.now))
    for day in range(2, 8):
        assert site.look(day).state == "installed"
    for day in range(8, 12):
        last = site.look(day)
    assert (last.state, last.silent_since) == ("silent", first.silent_since)
    assert last.part_keys == site.world.read().part_keys != {}


@pytest.mark.parametrize("answer", SAYS_NOTHING, ids=lambda fault: type(fault).__name__)
def test_whatever_else_a_site_answers_never_counts(site: Site, answer: AppError) -> None:
    site.answer = answer
    for day in range(1, 60):
        assert site.look(day).silent_since is None
    assert site.world.read().state == "installed"


@pytest.mark.parametrize("answer", SAYS_NOTHING, ids=lambda fault: type(fault).__name__)
def test_nor_does_it_finish_a_silence_that_another_answer_began(
    site: Site, answer: AppError
) -> None:
    site.answer = CredentialRefused()
    site.look(1)
    site.answer = answer
    for day in range(2, 60):
        assert site.look(day).state == "installed"


def test_one_good_answer_ends_it_even_of_a_silent_one_and_takes_a_wish_to_purge_away(
    site: Site,
) -> None:
    site.answer = NotThere()
    for day in range(1, 14):
        site.look(day)
    assert site.world.read().state == "silent"
    wish = {"staff_id": "0", "asked_at": stamp(site.now)}
    site.world.table.change(name("a"), Change({("purge",): wish}))
    site.answer = None
    for day in range(14, 25):
        site.look(day)
    back = site.world.read()
    assert (back.state, back.silent_since, back.purge) == ("installed", None, None)


def test_patience_grows_with_the_silence(site: Site) -> None:
    site.answer = NotThere()
    for hour in range(24 * 90):
        site.look(hour / 24)
    gaps = [later - earlier for earlier, later in zip(site.asked, site.asked[1:], strict=False)]
    assert gaps == sorted(gaps)
    assert (gaps[0].days, gaps[-1]) == (1, LONGEST_PATIENCE)
    assert len(site.asked) < 15
    assert patience(timedelta(days=400)) == LONGEST_PATIENCE


def test_it_is_asked_once_a_day_at_most_whatever_it_answers_and_however_many_ask(
    site: Site,
) -> None:
    site.answer = ServiceUnreachable()
    other = SilenceWatch(site.world.table, site.days, Asker(site.world.table, site._ask))
    for minute in range(60):
        site.look(1 + minute / 1440)
        other.look(site.world.read(), site.now)
    assert len(site.asked) == 1


def test_what_happened_while_it_was_asked_wins(site: Site) -> None:
    """An uninstall, or a call of the site, in the middle of the question."""
    for letter, change in (
        ("b", Change({("state",): "uninstalled"})),
        ("c", Change({("seen_at",): stamp(site.world.now)})),
    ):
        before = site.world.install(letter)

        def ask(each: InstanceReference, change: Change = change) -> object:
            site.world.table.change(each.instance_id, change)
            raise NotThere

        Asker(site.world.table, ask)(before, site.world.now + timedelta(days=3))
        assert site.world.read(letter).silent_since is None


def test_a_forge_instance_is_silent_after_a_week_without_a_tick_and_never_asked(
    site: Site, world: Goodbyes
) -> None:
    tick = stamp(world.now + timedelta(days=3))
    world.table.change(name("a"), Change({("door",): "forge", ("seen_at",): tick}))
    assert site.look(3 + SILENT_AFTER.days - 0.01).state == "installed"
    last = site.look(3 + SILENT_AFTER.days)
    assert (last.state, last.silent_since) == ("silent", tick)
    assert site.asked == []


@pytest.mark.parametrize("state", ["uninstalled", "erased"])
def test_what_is_no_longer_installed_is_not_asked(site: Site, state: str) -> None:
    site.world.table.change(name("a"), Change({("state",): state}))
    site.look(30)
    assert site.asked == []


class Messages:
    """A queue that keeps what is put, and a worker that takes what is not for this one."""

    def __init__(self) -> None:
        self.put_in: list[tuple[str, str]] = []
        self.passed_on: list[str | bytes] = []

    def put(self, message: str, group: str, delay: float = 0.0) -> None:
        self.put_in.append((message, group))

    def work(self, message: str | bytes) -> Outcome:
        self.passed_on.append(message)
        return Outcome()

    def stop(self) -> None:
        raise AssertionError


@pytest.mark.parametrize(("free", "waited"), [(True, 3), (False, 0)])
def test_with_a_queue_the_worker_asks_and_only_in_the_sandbox_a_message_moves_its_clock(
    site: Site, *, free: bool, waited: int
) -> None:
    messages, now = Messages(), site.world.now + timedelta(days=3)
    SilenceWatch(site.world.table, Days(), having_asked(messages)).look(site.world.read(), now)
    ((message, group),) = messages.put_in
    assert set(json.loads(message)) == {"ask", "generation", "at"}
    assert name("a") in group
    site.answer, site.now = NotThere(), now
    asking = Asker(site.world.table, site._ask)
    worker = AskingWorker(messages, site.world.table, asking, lambda: site.world.now, free=free)
    worker.work(message)
    assert site.world.read().silent_since == stamp(site.world.now + timedelta(days=waited))
    assert messages.passed_on == []


@pytest.mark.parametrize("message", [
    "{}", "nonsense", '{"ask":1,"generation":"g","at":"2026-01-01T00:00:00Z"}',
    '{"ask":"a","generation":"g","at":"2026-01-01T00:00:00"}', '{"ask":"a","generation":"g"}',
])  # fmt: skip
def test_other_messages_are_handed_on(site: Site, message: str) -> None:
    messages = Messages()
    asking = Asker(site.world.table, site._ask)
    AskingWorker(messages, site.world.table, asking, lambda: site.world.now, free=False).work(
        message
    )
    assert messages.passed_on == [message]


def test_a_question_about_another_life_is_dropped(site: Site) -> None:
    message = json.dumps({"ask": name("a"), "generation": "g1", "at": stamp(site.world.now)})
    asking = Asker(site.world.table, site._ask)
    AskingWorker(Messages(), site.world.table, asking, lambda: site.world.now, free=False).work(
        message
    )
    assert site.asked == []
