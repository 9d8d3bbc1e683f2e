"""`/trust.json`: what rests where and for how long, made from the declarations the code uses."""

from __future__ import annotations

from datetime import timedelta

from app.kept import KEPT, KeptClass
from app.words import Json


def trust_page(*, role_split: bool, region: str) -> Json:
    """The page's content.

    `role_split` is false where one process both serves pages and imports: there the process that
    faces the web can also open the Entra and import secrets.
    """
    return {
        "role_split": role_split,
        "region": region,
        "cookies": 0,
        "kept": [_described(each) for each in KEPT],
        "limit": (
            "Who can change the running code or the policies of the keys can open the settings of "
            "installed sites. What lies with the vendor opens none of them without asking the "
            "customer's own Jira."
        ),
    }


def _described(each: KeptClass) -> Json:
    return {
        "class": each.name,
        "store": each.store,
        "owner": each.owner,
        "purpose": each.purpose,
        "holds": each.holds,
        "persons": each.persons,
        "sealed": each.sealed,
        "counted_from": each.clock,
        "longest": _longest(each),
        "ends_by": each.ends_by,
    }


def _longest(each: KeptClass) -> str:
    if each.longest is None:
        own = each.owner == "customer"
        return "as long as the customer wants" if own else "for good: it is the proof"
    if not each.longest:
        return "gone at once"
    if each.longest.days > 1:
        return f"{each.longest.days} days"
    hours = each.longest // timedelta(hours=1)
    return f"{hours} hours" if hours > 1 else f"{hours} hour"
