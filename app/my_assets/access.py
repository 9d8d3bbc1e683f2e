"""Who may see My Assets at all, and what has to be looked up to say so. Pure; in doubt, closed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.my_assets.who import Viewer
from app.site_settings.documents import Access


@dataclass(frozen=True)
class Lookups:
    """What the access rules need of Jira for this answer. No group named: no group look-up."""

    account_type: bool
    groups: bool
    known_groups: bool


def lookups_for(access: Access) -> Lookups:
    everyone = access.mode == "restrict" and access.customers
    nobody = access.mode == "allow" and not access.customers
    named = bool(access.groups)
    return Lookups(
        account_type=named or not (everyone or nobody),
        groups=named,
        known_groups=named and access.mode == "restrict",
    )


def may_enter(access: Access, viewer: Viewer, known_groups: Collection[str] | None) -> bool:
    """Whether this viewer may see the page. `known_groups` are the named ones that Jira knows.

    A look-up that is needed and is not there closes the page for everyone, customers too.
    """
    need = lookups_for(access)
    named = frozenset(access.groups)
    if need.groups and viewer.groups is None:
        return False
    # A restricting group that is gone could be one its members are kept out by: nobody may.
    if need.known_groups and not named <= frozenset(known_groups or ()):
        return False
    if need.account_type and viewer.is_customer is None:
        return False
    if viewer.is_customer:
        return access.customers
    inside = bool(named & (viewer.groups or frozenset()))
    return inside if access.mode == "allow" else not inside
