"""Who left, and what becomes of them: kept, marked, or deleted once it is safe. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

from app.imports.kinds.table import Kind
from app.imports.planning.known import FILTERED, LEFT, Row
from app.imports.planning.plan import Plan

Rule = Literal["keep", "mark", "delete"]
# Entra restores a deleted user for 30 days (facts, 3.12); devices get the same time here.
RESTORABLE: Final = timedelta(days=30)


@dataclass
class Leaving:
    """Object ids of one kind. What is deleted is marked first, unless it is `Left` already.

    `count` is who the run reports as leavers, `absent` who is missing and not yet `Left`.
    """

    mark: array[int] = field(default_factory=lambda: array("q"))
    delete: array[int] = field(default_factory=lambda: array("q"))
    count: int = 0
    absent: int = 0
    all_absent: int = 0


def leaving(
    plan: Plan, kind: Kind, rule: Rule, today: date, gone: Callable[[bytes], bool]
) -> Leaving:
    """`gone(key)`: Entra holds this person neither among users nor among deleted items."""
    result = Leaving()
    for row in plan.absent(kind.name):
        left = bool(row.flags & LEFT)
        result.all_absent += 1
        result.absent += not left
        if not kind.leaves:
            continue
        mark = rule != "keep" and not left
        delete = rule == "delete" and _is_due(row, kind, today, gone)
        if mark:
            result.mark.append(row.object_id)
        if delete:
            result.delete.append(row.object_id)
        result.count += mark or delete or (rule == "keep" and not left)
    return result


def _is_due(row: Row, kind: Kind, today: date, gone: Callable[[bytes], bool]) -> bool:
    left_on = row.left_on if row.flags & LEFT else None
    if left_on is not None and today - left_on >= RESTORABLE:
        return True
    return kind.name == "person" and not row.flags & FILTERED and gone(row.key)
