"""Forced erasure of a silent instance: two different identities of the vendor's, within a week.

The first call leaves a wish in the reference: an opaque id and a time. Nothing but silence is ever
purged, and a sign of life takes silence and wish away together.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final, Literal

import structlog

from app.errors import Clash, NotThere, ServiceUnreachable
from app.goodbye.erasing import Eraser
from app.goodbye.receipts import Life
from app.goodbye.references import receipt_name
from app.goodbye.wishes import wish_in_force
from app.instances.reference import InstanceReference, stamp
from app.instances.table import Absent, Change, Condition, Equals, InstanceTable
from app.words import InstanceId, Json

Outcome = Literal["wished", "erased"]
ATTEMPTS: Final = 8
_log = structlog.get_logger()


def staff_id(identity: str) -> str:
    """An opaque id for a member of the vendor's staff, the same for the same identity."""
    return hashlib.sha256(b"my-assets staff 1\n" + identity.encode()).hexdigest()[:32]


class Purge:
    """All methods raise the tree of app.errors."""

    def __init__(self, table: InstanceTable, eraser: Eraser) -> None:
        self._table = table
        self._eraser = eraser

    def ask(self, instance_id: str, identity: str, reason: str, now: datetime) -> Json:
        """Wish for the erasure, or, as the second, carry it out.

        Raises NotThere, and Clash: not silent, erased already, or wished for by the same identity.
        """
        staff = staff_id(identity)
        for _ in range(ATTEMPTS):
            found = self._silent(instance_id)
            if wish_in_force(found, now):
                _check_another(found, staff)
                done = self._carry_out(found, now)
            else:
                done = self._wish(found, staff, now)
            if done is not None:
                named = {"instance_id": instance_id, "staff_id": staff, "reason": reason}
                _log.warning("purge", state=done, **named)
                return {
                    "instance_id": instance_id,
                    "outcome": done,
                    "receipt": _receipt(found, done),
                }
        raise ServiceUnreachable("Too many changes at once; please try again.")

    def _silent(self, instance_id: str) -> InstanceReference:
        found = self._table.read(InstanceId(instance_id))
        if found is None:
            raise NotThere("There is no such instance.")
        if found.state == "erased":
            raise Clash(f"It was erased already, at {found.erased_at}.")
        if found.state != "silent":
            raise Clash(f"It is {found.state}, not silent: only a silent instance can be purged.")
        return found

    def _wish(self, found: InstanceReference, staff: str, now: datetime) -> Outcome | None:
        standing: Condition = Absent(("purge",))
        if found.purge is not None:
            standing = Equals(("purge",), found.purge)
        wish = {"staff_id": staff, "asked_at": stamp(now)}
        change = Change({("purge",): wish}, conditions=[*_still_silent(found), standing])
        return "wished" if self._table.change(found.instance_id, change) is not None else None

    def _carry_out(self, found: InstanceReference, now: datetime) -> Outcome | None:
        life = Life(found, "purged", ended_at=now, erased_at=now)
        conditions = [*_still_silent(found), Equals(("purge",), found.purge)]
        return "erased" if self._eraser.erase(life, conditions) else None


def _check_another(found: InstanceReference, staff: str) -> None:
    if (found.purge or {}).get("staff_id") == staff:
        raise Clash("The same identity wished for it already; another one has to confirm it.")


def _still_silent(found: InstanceReference) -> list[Condition]:
    return [
        Equals(("state",), "silent"),
        Equals(("generation",), found.generation),
        Equals(("silent_since",), found.silent_since),
    ]


def _receipt(found: InstanceReference, outcome: Outcome) -> str | None:
    return receipt_name(found) if outcome == "erased" else None
