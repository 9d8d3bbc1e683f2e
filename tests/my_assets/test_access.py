"""Who may see My Assets: the whole table of modes, groups, customers and look-ups."""

from __future__ import annotations

from itertools import product

import pytest

from app.my_assets.access import lookups_for, may_enter
from app.my_assets.who import Viewer
from app.site_settings.documents import Access
from app.words import AccountId

STAFF, GONE = "g-staff", "g-gone"
NAMED = [(), (STAFF,), (GONE,), (STAFF, GONE)]
MEMBER_OF: list[frozenset[str] | None] = [
    None,
    frozenset(),
    frozenset({STAFF}),
    frozenset({"g-other"}),
]
EVERY_CASE = list(product(["allow", "restrict"], NAMED, [True, False], MEMBER_OF, [True, False]))


def told_by_the_contract(
    mode: str, named: tuple[str, ...], customers: bool, of: frozenset[str] | None, customer: bool
) -> bool:
    """The contract's sentences, one after the other; `g-gone` is a group Jira does not know."""
    if named and of is None:
        return False  # a failing group look-up refuses everyone
    if mode == "restrict" and GONE in named:
        return False  # a group Jira does not know: `restrict` refuses everyone
    if customer:
        return customers  # whether portal customers may, whatever the groups
    if mode == "allow":
        return STAFF in named and of is not None and STAFF in of
    return not (STAFF in named and of is not None and STAFF in of)


@pytest.mark.parametrize(("mode", "named", "customers", "of", "customer"), EVERY_CASE)
def test_the_table_is_the_contracts(
    mode: str, named: tuple[str, ...], customers: bool, of: frozenset[str] | None, customer: bool
) -> None:
    access = Access.model_validate(
        {"mode": mode, "groups": named, "customers": customers}, strict=False
    )
    viewer = Viewer(AccountId("a"), groups=of, is_customer=customer)
    known = frozenset(named) & {STAFF} if mode == "restrict" and named else None
    expected = told_by_the_contract(mode, named, customers, of, customer)
    assert may_enter(access, viewer, known) is expected


def test_everyone_may_before_anything_is_saved() -> None:
    assert may_enter(Access(), Viewer(AccountId("a")), None)


@pytest.mark.parametrize("mode", ["allow", "restrict"])
@pytest.mark.parametrize("customers", [True, False])
def test_no_group_named_needs_no_group_look_up(mode: str, customers: bool) -> None:
    need = lookups_for(Access.model_validate({"mode": mode, "customers": customers}, strict=False))
    assert not need.groups
    assert not need.known_groups
    assert need.account_type is ((mode == "allow") is customers)


def test_only_restricting_groups_must_be_known_to_jira() -> None:
    def need(mode: str) -> bool:
        access = Access.model_validate({"mode": mode, "groups": (STAFF,)}, strict=False)
        return lookups_for(access).known_groups

    assert (need("allow"), need("restrict")) == (False, True)


def test_restricting_groups_that_were_not_asked_about_let_nobody_in() -> None:
    access = Access(mode="restrict", groups=(STAFF,))
    viewer = Viewer(AccountId("a"), groups=frozenset(), is_customer=False)
    assert not may_enter(access, viewer, None)


def test_an_account_of_unknown_kind_does_not_enter_where_the_kind_decides() -> None:
    viewer = Viewer(AccountId("a"), groups=frozenset({STAFF}), is_customer=None)
    assert not may_enter(Access(customers=False), viewer, None)
    assert not may_enter(Access(mode="allow", groups=(STAFF,)), viewer, None)
    assert may_enter(Access(), viewer, None)
