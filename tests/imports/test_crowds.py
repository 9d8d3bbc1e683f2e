"""How long a run waits for a service that asks it to wait again and again."""

from __future__ import annotations

from datetime import timedelta

from app.errors import SlowDown
from app.imports.run.patience import EASES_AFTER, MOST_MORE, Patience
from tests.stand_ins.clock import StoppedClock


def _patient() -> Patience:
    clock = StoppedClock()
    return Patience(lambda: None, clock() + timedelta(hours=6), clock, lambda size: bytes(size))


def _waits(fates: str) -> list[float]:
    """What is waited for: `w` is a call that is told to wait four seconds, `.` one that is well."""
    left = list(fates)

    def call() -> None:
        if left.pop(0) == "w":
            raise SlowDown(retry_after=4)

    patience = _patient()
    waits: list[float] = []
    while left:
        waits += [each.seconds for each in patience.call("graph", call)]
    return waits


def test_who_is_told_to_wait_again_and_again_waits_longer_so_that_it_comes_seldom() -> None:
    assert _waits("w.w.w.w.w.") == [4, 8, 12, 16, 16]


def test_a_wait_grows_by_half_a_minute_at_most_and_is_never_shorter_than_told() -> None:
    assert all(wait >= 4 for wait in _waits("w." * 30))
    assert max(_waits("w." * 30)) <= 4 + MOST_MORE


def test_after_calls_that_went_well_a_wait_is_as_long_as_told() -> None:
    assert _waits("w." + "." * EASES_AFTER + "w.") == [4, 4]


def test_another_service_waits_for_its_own_crowd_only() -> None:
    patience = _patient()
    told: list[Exception] = [SlowDown(retry_after=4), SlowDown(retry_after=4)]

    def call() -> None:
        if told:
            raise told.pop()

    assert [each.seconds for each in patience.call("graph", call)] == [4, 8]
    told.append(SlowDown(retry_after=4))
    assert [each.seconds for each in patience.call("assets", call)] == [4]
