"""What one person would see by a draft, beside what they see by the saved rules.

The list's own look, question and verdict, twice; nothing here decides anything itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.errors import NotAllowed
from app.instances.reference import InstanceReference
from app.inventory import AssetObject
from app.my_assets.cursor import Place
from app.my_assets.decision import Reason
from app.my_assets.drafts.masking import masked
from app.my_assets.look import Look, Looker, PersonState
from app.my_assets.query import DEFAULT_LIMIT, Query
from app.my_assets.rows import Row, in_order, named, own_rows, sendable
from app.my_assets.windows import read_rows
from app.site_settings.documents import Visibility
from app.words import AccountId, Json

MOST_ROWS: Final = DEFAULT_LIMIT
LOOK_UP_REFUSED: Final = Reason("access", "look_up_refused", passes=False)


@dataclass(frozen=True)
class Sight:
    """What the person sees by one set of rules. `look` None: Jira refuses to look them up."""

    look: Look | None
    rows: tuple[Row, ...] = field(default=(), repr=False)
    complete: bool = True

    @property
    def allowed(self) -> bool:
        return self.look is not None and self.look.decision.may_enter

    @property
    def person(self) -> PersonState:
        return self.look.person if self.look else "unmatched"

    def shows(self, asset: AssetObject) -> bool:
        return self.look is not None and self.look.decision.judge(asset).visible

    def reasons(self, asset: AssetObject) -> tuple[Reason, ...]:
        if self.look is None:
            return (LOOK_UP_REFUSED,)
        return self.look.decision.judge(asset).reasons

    def against(self, asset: AssetObject) -> list[Reason]:
        """What keeps the asset from the person.

        Of one who may not enter, the look does not ask for a person: whose it is, is not said.
        """
        failing = [one for one in self.reasons(asset) if not one.passes]
        return failing if self.allowed else [one for one in failing if one.rule == "access"]


def sight(
    looker: Looker, instance: InstanceReference, account_id: AccountId, visibility: Visibility
) -> Sight:
    """By the same steps as the person's own request, but that a refusal is an answer here.

    Raises the service errors. One account's list: at most three AQL calls.
    """
    try:
        look = looker.look(instance, account_id, visibility, even_if_refused=True)
    except NotAllowed:
        return Sight(None)
    query = Query(limit=MOST_ROWS)
    look, window = read_rows(look, query, Place())
    rows = in_order(own_rows(look, window.assets, query, lambda: None), query.sort)
    return Sight(look, tuple(rows), window.next_start is None)


def told(draft: Sight, saved: Sight, *, own: bool) -> Json:
    """The answer. `own`: the administrator looks at their own assets, which nothing covers."""
    leaving = [one for one in saved.rows if not draft.shows(one.asset)]
    changes = [_change(one, saved) for one in draft.rows]
    return {
        "allowed": draft.allowed,
        "person": draft.person,
        "assets": [
            _row(row, change, draft, own=own)
            for row, change in zip(draft.rows[:MOST_ROWS], changes, strict=False)
        ],
        "total": len(draft.rows),
        "complete": draft.complete and saved.complete,
        "masked": not own,
        "leaving": [_leaving(one, draft) for one in leaving[:MOST_ROWS]],
        "saved": {"allowed": saved.allowed, "person": saved.person, "total": len(saved.rows)},
        "effect": {
            "appear": changes.count("appears"),
            "disappear": len(leaving),
            "changed": changes.count("changed"),
        },
    }


def _change(row: Row, saved: Sight) -> str:
    if not saved.shows(row.asset):
        return "appears"
    before = saved.look.decision.shown(row.asset) if saved.look else ()
    return "stays" if before == row.shown else "changed"


def _row(row: Row, change: str, draft: Sight, *, own: bool) -> Json:
    shown = row.as_json() if own else masked(row)
    return shown | {"change": change, "reasons": reasons_as_json(draft.reasons(row.asset))}


def _leaving(row: Row, draft: Sight) -> Json:
    """Of what the person would no longer see: what it is, and what hides it."""
    return {
        "object_id": sendable(row.asset.id),
        "object_key": sendable(row.asset.key),
        "label": sendable(row.asset.label),
        "object_type": named(row.object_type),
        "schema": named(row.schema),
        "reasons": reasons_as_json(draft.against(row.asset)),
    }


def reasons_as_json(reasons: Sequence[Reason]) -> list[Json]:
    return [{"rule": one.rule, "outcome": one.outcome} for one in reasons]
