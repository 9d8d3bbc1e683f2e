"""`/trust.json`: what rests where and for how long, made from the declarations the code uses.

With it the public key of the receipts, and what the vendor holds of people: nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.goodbye.receipts import ALGORITHM
from app.kept import KEPT, KeptClass
from app.words import Json

_RECEIPTS: Final = (
    "Each erasure leaves a receipt, signed as it is, chained to the one before it. It proves who "
    "said it and when, not that nothing lies anywhere else."
)
_PEOPLE: Final = (
    "No account id, name or address of a person is held, so there is none to report to Atlassian's "
    "personal data reporting, and no call to it is made."
)


def trust_page(*, role_split: bool, region: str, receipts_key: str | None = None) -> Json:
    """The page's content.

    `role_split` is false where one process both serves pages and imports: there the process that
    faces the web can also open the Entra and import secrets. `receipts_key`: in PEM form; None: the
    key service does not answer at the moment.
    """
    return {
        "role_split": role_split,
        "region": region,
        "cookies": 0,
        "people": {"account_ids_held": 0, "reported_to_atlassian": 0, "says": _PEOPLE},
        "receipts": {"public_key": receipts_key, "algorithm": ALGORITHM, "says": _RECEIPTS},
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
        "longest_seconds": None if each.longest is None else int(each.longest.total_seconds()),
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
