"""The list: its order, its filters, its pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.instances.reference import InstanceReference, stamp
from app.vendor_desk.rows import PAGE, Page, Question, asked, listed
from app.words import Generation, InstanceId
from tests.stand_ins.atlassian import NOW
from tests.stand_ins.table import InMemoryTable


def at(**span: float) -> str:
    return stamp(NOW + timedelta(**span))


def one(number: int, state: Any = "installed", **more: Any) -> InstanceReference:
    return InstanceReference(
        instance_id=InstanceId(f"{number:032x}"),
        door="forge",
        state=state,
        generation=Generation("g1"),
        base_url=f"https://site-{number:03}.atlassian.net",
        **more,
    )


def page(*references: InstanceReference, **question: Any) -> Page:
    table = InMemoryTable()
    for each in references:
        table.create(each)
    return listed(table, Question(**question), NOW)


def numbers(found: Page) -> list[int]:
    return [int(row.instance_id, 16) for row in found.rows]


SOME = (
    one(1),
    one(2, "silent", silent_since=at(days=-9)),
    one(3, "uninstalled", erase_due_at=at(days=3)),
    one(4, "uninstalled", erase_due_at=at(days=-1)),
    one(5, "erased", erased_at=at(days=-2)),
    one(6, "silent", silent_since=at(days=-20)),
)


def test_what_is_due_comes_first_then_who_is_silent_then_by_address() -> None:
    assert numbers(page(*SOME)) == [4, 3, 6, 2, 1, 5]


@pytest.mark.parametrize(
    ("show", "expected"),
    [("all", [4, 3, 6, 2, 1, 5]), ("due", [4]), ("installed", [1]), ("silent", [6, 2]),
     ("uninstalled", [4, 3]), ("erased", [5])],
)  # fmt: skip
def test_each_filter_shows_its_own(show: str, expected: list[int]) -> None:
    found = page(*SOME, show=show)
    assert numbers(found) == expected
    assert found.total == len(expected)


def test_only_what_should_have_been_erased_is_overdue() -> None:
    assert [row.overdue for row in page(*SOME).rows] == [True] + [False] * 5


@pytest.mark.parametrize(("find", "expected"), [("SITE-003", [3]), (f"{4:032x}", [4]), ("zzz", [])])
def test_a_piece_of_an_address_or_id_finds(find: str, expected: list[int]) -> None:
    assert numbers(page(*SOME, find=find)) == expected


def test_long_lists_have_pages() -> None:
    many = [one(number) for number in range(1, PAGE + 2)]
    first, second, third = (page(*many, page=number) for number in (1, 2, 3))
    assert (len(first.rows), first.pages, first.total) == (PAGE, 2, PAGE + 1)
    assert numbers(second) == [PAGE + 1]
    assert third.rows == ()


def test_an_address_asks_for_what_it_says() -> None:
    query = {"show": "silent", "find": " acme ", "page": "2"}
    assert asked(query) == Question("silent", "acme", 2)
    assert asked({}) == Question()
