"""Allowances: some at once, then a steady drip, however many ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from app.outside.allowance import Allowance
from tests.stand_ins.clock import StoppedClock


def made(clock: StoppedClock) -> Allowance:
    return Allowance(3, timedelta(seconds=10), clock)


def test_some_go_at_once_and_no_more() -> None:
    allowance = made(StoppedClock())
    assert [allowance.spend() for _ in range(5)] == [True, True, True, False, False]


def test_one_more_goes_after_each_interval() -> None:
    clock = StoppedClock()
    allowance = made(clock)
    while allowance.spend():
        pass
    for _ in range(5):
        clock.pass_(seconds=9.9)
        assert not allowance.spend()
        clock.pass_(seconds=0.1)
        assert allowance.spend()


def test_a_long_rest_gives_back_no_more_than_the_whole() -> None:
    clock = StoppedClock()
    allowance = made(clock)
    allowance.spend()
    clock.pass_(days=1)
    assert [allowance.spend() for _ in range(4)] == [True, True, True, False]


def test_many_at_the_same_time_share_it() -> None:
    allowance = made(StoppedClock())
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: allowance.spend(), range(64))) == 3
