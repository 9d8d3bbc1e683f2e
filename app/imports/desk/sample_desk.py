"""The samples of a preview as administrators see them, and their end after an hour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, get_args

from app.errors import AppError, InputRefused, Problem, SettingsUnreadable
from app.imports.desk.desk import ImportDesk
from app.imports.kinds.table import KindName
from app.imports.planning.sample_reasons import sentence
from app.imports.planning.samples import Kept, Sample, Sort, unpacked
from app.imports.run.connections import Connections
from app.imports.run.history import COUNTS
from app.instances.reference import InstanceReference
from app.sentences import CHOOSE, EARLIER_CURSOR, QUERY_REFUSED
from app.words import Clock, Json

DOCUMENT: Final = "preview-samples"
KINDS: Final[tuple[str, ...]] = get_args(KindName)
PAGE: Final = 100
MOST: Final = 1_000_000


class SampleDesk:
    """Raises NotThere for a run nobody knows, InputRefused, SettingsUnreadable, ServiceFailed."""

    def __init__(self, desk: ImportDesk, connections: Connections, clock: Clock) -> None:
        self._desk = desk
        self._connections = connections
        self._clock = clock

    def records(
        self,
        instance: InstanceReference,
        run_id: str,
        kind: str | None = None,
        action: str | None = None,
        cursor: str | None = None,
    ) -> Json:
        """`GET /api/imports/{id}/records`: samples with reasons, as long as they are kept.

        `total` counts all records of the run that the filter fits, `sampled` those kept. A run
        that has none, or none any more, has `kept_until` null.
        """
        start = _asked(kind, action, cursor)
        self._desk.get(instance, run_id)
        kept = unpacked(self._connections.samples(instance).read(), self._clock())
        own = kept if kept is not None and kept.run_id == run_id else None
        return _page(own, start, lambda sort: kind in (None, sort[0]) and action in (None, sort[1]))

    def sweep(self, instance: InstanceReference) -> None:
        """Forget samples whose hour is over, or that do not open. Never raises an AppError."""
        if DOCUMENT not in instance.part_keys:
            return
        try:
            if self._over(instance):
                self._connections.samples(instance).forget()
        except AppError:
            return  # the site does not answer: at the next tick

    def _over(self, instance: InstanceReference) -> bool:
        try:
            content = self._connections.samples(instance).read()
        except SettingsUnreadable:
            return True
        return unpacked(content, self._clock()) is None


def _asked(kind: str | None, action: str | None, cursor: str | None) -> int:
    """Where the page starts. Raises InputRefused with every problem."""
    problems = []
    if kind is not None and kind not in KINDS:
        problems.append(Problem("kind", CHOOSE(choices=KINDS)))
    if action is not None and action not in COUNTS:
        problems.append(Problem("action", CHOOSE(choices=COUNTS)))
    digits = cursor is None or (cursor.isascii() and cursor.isdigit() and int(cursor) <= MOST)
    if not digits:
        problems.append(Problem("cursor", EARLIER_CURSOR()))
    if problems:
        raise InputRefused(QUERY_REFUSED(), problems=problems)
    return int(cursor or 0)


def _page(
    kept: Kept | None,
    start: int,
    fits: Callable[[Sort], bool],
) -> Json:
    records = [each for each in kept.records if fits(each[0])] if kept else []
    totals = [count for sort, count in kept.totals.items() if fits(sort)] if kept else []
    following = start + PAGE
    return {
        "records": [_shown(*each) for each in records[start:following]],
        "total": sum(totals),
        "sampled": len(records),
        "next_cursor": str(following) if following < len(records) else None,
        "kept_until": kept.until if kept else None,
    }


def _shown(sort: Sort, sample: Sample) -> Json:
    kind, action = sort
    return {
        "kind": kind,
        "action": action,
        "entra_id": sample.entra_id,
        "name": sample.name,
        "code": sample.code,
        "reason": sentence(sample),
        "changes": list(sample.changes),
        "clears": list(sample.clears),
    }
