"""Every small site there is: the decision against a second reading of the contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import get_args

from app.my_assets.ownership import Match
from tests.my_assets.test_every_rule import (
    CAN_HOLD,
    KINDS,
    NAMES,
    Site,
    asset_of,
    decision_of,
    expected,
)

SMALL_RULES = [(), *((one,) for one in product(["*", "10", "12"], NAMES, get_args(Match)))]
SMALL_HIDING = [((), ()), (("10",), ()), (("12",), ()), ((), ("1",))]
SMALL_HOLDINGS = [(None,) * len(KINDS)] + [
    tuple(one if name == at else None for name in KINDS) for at in KINDS for one in CAN_HOLD[at]
]


def small_sites() -> Iterator[Site]:
    """Every one of at most one rule, one thing hidden, and types in a chain or side by side."""
    parents = [(0, 1, 2, 3), (0, 0, 1, 2)]
    yes_or_no = (True, False)
    for each in product(parents, SMALL_HIDING, SMALL_RULES, yes_or_no, yes_or_no):
        above, (types, schemas), rules, known, enters = each
        yield Site(
            above, ("1", "1", "2", "2"), frozenset(types), frozenset(schemas), rules,
            None, "10", SMALL_HOLDINGS[0], known, enters,
        )  # fmt: skip


def test_on_every_small_site_the_decision_is_the_contracts() -> None:
    judged = 0
    for site in small_sites():
        decision = decision_of(site)
        for of_type, holds in product(["10", "12", "13"], SMALL_HOLDINGS):
            case = replace(site, of_type=of_type, holds=holds)
            verdict = decision.judge(asset_of(case))
            assert (verdict.owned, verdict.visible) == expected(case), case
            judged += 1
    assert judged == 2 * 4 * 49 * 4 * 3 * 9
