"""What `$select` names of each kind that Graph tells changes of: exactly what the rules need."""

from __future__ import annotations

from app.imports.kinds.table import BY_NAME, KindName, selected
from app.site_settings.documents import ImportRules


def select_of(kind: KindName, rules: ImportRules, *, members: bool = True) -> tuple[str, ...]:
    """`members`: with the members of groups, where the rules fill memberships."""
    extra: dict[KindName, list[str]] = {
        "person": ["manager", *([] if rules.filter.include_guests else ["userType"])],
        "group": ["members"] if members and rules.memberships else [],
    }
    return selected(BY_NAME[kind], *extra.get(kind, []))
