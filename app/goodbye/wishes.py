"""Wishes to purge that are over their time: unreadable already, and taken out here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.instances.reference import InstanceReference, stamp
from app.instances.table import Change, Equals, InstanceTable
from app.kept import PURGE_WISHES


def wish_in_force(reference: InstanceReference, now: datetime) -> bool:
    """Whether somebody's wish to purge still counts."""
    asked = str((reference.purge or {}).get("asked_at", ""))
    return stamp(now - PURGE_WISHES) < asked


class WishSweeper:
    """`app.goodbye.ports.Sweeper` of the class "purge wish"."""

    def __init__(self, table: InstanceTable) -> None:
        self._table = table

    def expired(self, now: datetime) -> int:
        return sum(1 for _ in self._over(now))

    def sweep(self, now: datetime) -> int:
        return sum(self._take_out(each) for each in list(self._over(now)))

    def _over(self, now: datetime) -> Iterator[InstanceReference]:
        for each in self._table.all():
            if each.purge is not None and not wish_in_force(each, now):
                yield each

    def _take_out(self, reference: InstanceReference) -> bool:
        still = [
            Equals(("generation",), reference.generation),
            Equals(("purge",), reference.purge),
        ]
        change = Change(remove=[("purge",)], conditions=still)
        return self._table.change(reference.instance_id, change) is not None
