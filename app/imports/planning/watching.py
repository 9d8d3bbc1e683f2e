"""Watches a plan as it is made and keeps the first records of each kind and action. Pure.

Only a preview is watched: no other run remembers a name.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.imports.kinds.entries import Reading, Shape
from app.imports.kinds.records import DeviceRow, PersonRow
from app.imports.kinds.table import KindName
from app.imports.planning.samples import MOST_OF_A_SORT, Sample, Samples
from app.site_settings.documents import Filter


class Watch:
    """`updates` wait to be told apart from what Assets holds: then they become samples too."""

    def __init__(self) -> None:
        self.samples = Samples()
        self.updates: dict[KindName, list[tuple[Shape, Reading]]] = {}

    def created(self, shape: Shape, reading: Reading) -> None:
        kind = shape.kind.name
        self.samples.totals[kind, "create"] += 1
        if self.samples.wants(kind, "create"):
            sample = Sample(reading.entra_id, label(shape, reading.values), "new")
            self.samples.take(kind, "create", sample)

    def updated(self, shape: Shape, reading: Reading) -> None:
        self.samples.totals[shape.kind.name, "update"] += 1
        waiting = self.updates.setdefault(shape.kind.name, [])
        if len(waiting) < MOST_OF_A_SORT:
            waiting.append((shape, reading))

    def left_out(self, kind: KindName, row: PersonRow | DeviceRow, why: str) -> None:
        """`why` is a code of app.imports.planning.sample_reasons."""
        self.samples.totals[kind, "skipped"] += 1
        self.samples.take(kind, "skipped", Sample(row.id, row.display_name or row.id, why))


class NobodyWatches(Watch):
    """Takes nothing down."""

    def created(self, shape: Shape, reading: Reading) -> None: ...

    def updated(self, shape: Shape, reading: Reading) -> None: ...

    def left_out(self, kind: KindName, row: PersonRow | DeviceRow, why: str) -> None: ...


def label(shape: Shape, values: Sequence[str]) -> str:
    """What a person calls it; `values` are the plain ones, of either side."""
    named = zip(shape.kind.plain, values, strict=True)
    return next(value for attribute, value in named if attribute.label)


def why_left_out(wanted: Filter, row: PersonRow) -> str:
    """Which of the filter's rules leaves a person out; the first one that does."""
    if not wanted.include_guests and (row.user_type or "").casefold() == "guest":
        return "guest"
    if wanted.enabled_only and row.account_enabled is False:
        return "disabled"
    return "not_in_groups"
