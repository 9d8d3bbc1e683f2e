"""Which role of the staff may look at what. A group that no setting names gives no role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from app.desk_settings import DeskSettings

StaffRole = Literal["viewer", "auditor"]
Look = Literal["instances", "instance", "receipts", "receipt"]
STAFF_ROLES: Final[tuple[StaffRole, ...]] = get_args(StaffRole)
LOOKS: Final[tuple[Look, ...]] = get_args(Look)

TABLE: Final[Mapping[StaffRole, frozenset[Look]]] = {
    "viewer": frozenset({"instances", "instance"}),
    "auditor": frozenset({"instances", "instance", "receipts", "receipt"}),
}


def roles_of(groups: frozenset[str], settings: DeskSettings) -> frozenset[StaffRole]:
    """The roles of somebody in these groups of the provider; an empty set may do nothing."""
    named: Mapping[StaffRole, frozenset[str]] = {
        "viewer": settings.viewer_groups,
        "auditor": settings.auditor_groups,
    }
    return frozenset(role for role, of_role in named.items() if groups & of_role)


def may(roles: frozenset[StaffRole], look: Look) -> bool:
    """Whether one of these roles has this look."""
    return any(look in TABLE[role] for role in roles)
