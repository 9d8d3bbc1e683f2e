"""Shares of the look-up pool: a site with much to ask waits for itself, the others pass."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor

import pytest

from app.my_assets.catalogue import load_catalogue
from app.my_assets.shares import MOST_AT_ONCE, Shares
from app.words import InstanceId
from tests.stand_ins.later import Later
from tests.stand_ins.my_assets_site import MyAssetsSite

SLOW, QUICK = InstanceId("slow"), InstanceId("quick")


def test_an_instance_has_no_more_than_its_share_of_the_pool() -> None:
    pool = Later()
    share = Shares(pool).of(SLOW)
    for number in range(400):
        share.submit(str, number)
    assert len(pool.given) == MOST_AT_ONCE
    pool.do_next()
    assert len(pool.given) == MOST_AT_ONCE


def test_all_requests_of_an_instance_have_one_share_between_them() -> None:
    pool = Later()
    shares = Shares(pool)
    held = [shares.of(SLOW) for _ in range(3)]
    asked = [share.submit(str, number) for share in held for number in range(10)]
    assert len(pool.given) == MOST_AT_ONCE
    pool.do_all()
    assert [one.result() for one in asked] == [str(number) for number in range(10)] * 3


def test_another_instance_waits_for_no_more_than_that_share() -> None:
    pool = Later()
    shares = Shares(pool)
    slow = shares.of(SLOW)
    for number in range(400):
        slow.submit(str, number)
    answer = shares.of(QUICK).submit(str, "quick")
    for _ in range(MOST_AT_ONCE + 1):
        pool.do_next()
    assert answer.result(timeout=0) == "quick"


def test_a_site_of_four_hundred_types_that_hangs_does_not_hold_up_another() -> None:
    slow, quick = MyAssetsSite("slow"), MyAssetsSite("quick")
    for number in range(400):
        slow.shelf.add_type(slow.stock, f"Kind {number}")
    hangs, answers = threading.Event(), threading.Event()
    within = [0, 0]  # now, most
    counting = threading.Lock()
    attributes = slow.shelf.attributes

    def hang(type_id: str) -> object:
        with counting:
            within[0] += 1
            within[1] = max(within)
            if within[0] == MOST_AT_ONCE:
                hangs.set()
        answers.wait(30)
        with counting:
            within[0] -= 1
        return attributes(type_id)

    slow.shelf.attributes = hang  # type: ignore[method-assign, assignment]
    with ThreadPoolExecutor(MOST_AT_ONCE + 1) as pool:
        shares = Shares(pool)
        loading = threading.Thread(target=load_catalogue, args=(slow.shelf, str, shares.of(SLOW)))
        loading.start()
        assert hangs.wait(30)
        found = load_catalogue(quick.shelf, str, shares.of(QUICK))
        answers.set()
        loading.join()
    assert len(found.types) == 3
    assert within == [0, MOST_AT_ONCE]


def test_what_a_task_raises_reaches_who_waits_and_frees_its_place() -> None:
    pool = Later()
    share = Shares(pool, most_at_once=1).of(SLOW)
    wrong, right = share.submit(int, "x"), share.submit(int, "7")
    pool.do_all()
    assert isinstance(wrong.exception(), ValueError)
    assert right.result() == 7


def test_what_nobody_wants_any_more_is_not_asked() -> None:
    pool = Later()
    share = Shares(pool, most_at_once=1).of(SLOW)
    done: list[int] = []
    asked = [share.submit(done.append, number) for number in range(3)]
    asked[1].cancel()
    pool.do_all()
    assert done == [0, 2]


@pytest.mark.parametrize("how", ["shut", "cancelled"])
def test_nobody_waits_for_ever_for_a_pool_that_is_gone(how: str) -> None:
    pool = Later()
    share = Shares(pool, most_at_once=1).of(SLOW)
    asked = [share.submit(str, number) for number in range(1000)]
    pool.is_shut = True
    if how == "cancelled":
        pool.futures[0].cancel()
    else:
        pool.do_next()
    assert all(one.done() for one in asked)
    with pytest.raises(CancelledError):
        asked[-1].result()


def test_nothing_is_kept_of_an_instance_that_asks_nothing() -> None:
    pool = Later()
    shares = Shares(pool)
    for number in range(50):
        shares.of(InstanceId(str(number))).submit(str, number)
    assert len(shares._shares) == 50
    pool.do_all()
    pool.futures.clear()
    assert len(shares._shares) == 0
