"""Cleanup: what is due is planned, told, and done, step by step. Never decides about silence.

The dry run tells the very plan that a run would carry out. Each step may be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from app.errors import AppError
from app.goodbye.erasing import Eraser, name_within, uninstalled_life
from app.goodbye.ports import Chain, ReceiptStore, Sweeper
from app.goodbye.references import References, is_over, receipt_name
from app.instances.reference import InstanceReference, stamp
from app.words import Json

_log = structlog.get_logger()


@dataclass
class Summary:
    """What was done, or would be. `left` says of what could not be done why not.

    What is erased and left, too, lacks its receipt's file: the next cleanup writes that.
    """

    at: datetime
    dry_run: bool
    erased: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    tombstones: list[str] = field(default_factory=list)
    swept: dict[str, int] = field(default_factory=dict)
    not_due: int = 0
    left: list[Json] = field(default_factory=list)

    def shown(self) -> Json:
        return {
            "dry_run": self.dry_run,
            "at": stamp(self.at),
            "erased": self.erased,
            "receipts": self.receipts,
            "tombstones_removed": self.tombstones,
            "swept": self.swept,
            "not_due": self.not_due,
            "left": self.left,
        }


@dataclass(frozen=True)
class Step:
    """One thing to do. `tell` enters it into a summary; `do` gives whether it was still so.

    `tell_half` enters what was done of it although `do` failed.
    """

    about: str
    tell: Callable[[Summary], None]
    do: Callable[[], bool]
    tell_half: Callable[[Summary], None] = lambda _: None


class Cleanup:
    """`sweepers` by the name of their class. One instance's failure never holds up another."""

    def __init__(
        self,
        table: References,
        chain: Chain,
        receipts: ReceiptStore,
        eraser: Eraser,
        sweepers: Mapping[str, Sweeper],
    ) -> None:
        self._table = table
        self._chain = chain
        self._receipts = receipts
        self._eraser = eraser
        self._sweepers = sweepers

    def run(self, now: datetime, *, dry: bool = False) -> Summary:
        """Do, or only tell, everything that is due. Raises ServiceUnreachable: no list to go by."""
        summary = Summary(now, dry)
        for step in self._steps(now, summary):
            if dry:
                step.tell(summary)
                continue
            try:
                if step.do():
                    step.tell(summary)
            except AppError as fault:
                name = type(fault).__name__
                summary.left.append({"about": step.about, "reason": name})
                _log.error("not cleaned up", instance_id=step.about, error=name)
                with suppress(AppError):
                    step.tell_half(summary)
        self._sweep(summary)
        return summary

    def _steps(self, now: datetime, summary: Summary) -> Iterator[Step]:
        yield from self._newest_receipt()
        for reference in list(self._table.all()):
            if reference.state == "erased":
                yield from self._of_tombstone(reference, now)
            elif reference.state == "uninstalled":
                if (reference.erase_due_at or "") <= stamp(now):
                    yield self._erasure(reference, now)
                else:
                    summary.not_due += 1

    def _newest_receipt(self) -> Iterator[Step]:
        head = self._chain.head()
        if head is not None and self._receipts.read(name_within(head.receipt)) is None:
            name = name_within(head.receipt)
            yield Step(name, _entering("receipts", name), lambda: self._eraser.keep_newest(head))

    def _of_tombstone(self, stone: InstanceReference, now: datetime) -> Iterator[Step]:
        name = receipt_name(stone)
        if self._receipts.read(name) is None:
            yield Step(name, _entering("receipts", name), lambda: self._eraser.keep(stone))
        if is_over(stone, now):
            tell = _entering("tombstones", stone.instance_id)
            yield Step(stone.instance_id, tell, lambda: self._eraser.remove(stone))

    def _erasure(self, reference: InstanceReference, now: datetime) -> Step:
        life = uninstalled_life(reference, now)

        def tell(summary: Summary) -> None:
            summary.erased.append(reference.instance_id)
            summary.receipts.append(receipt_name(reference))

        def tell_half(summary: Summary) -> None:
            if self._eraser.has_erased(life):
                summary.erased.append(reference.instance_id)

        return Step(reference.instance_id, tell, lambda: self._eraser.erase(life), tell_half)

    def _sweep(self, summary: Summary) -> None:
        for name, sweeper in self._sweepers.items():
            try:
                count = sweeper.expired if summary.dry_run else sweeper.sweep
                summary.swept[name] = count(summary.at)
            except AppError as fault:
                summary.left.append({"about": name, "reason": type(fault).__name__})


def _entering(where: str, name: str) -> Callable[[Summary], None]:
    def tell(summary: Summary) -> None:
        entered: list[str] = getattr(summary, where)
        if name not in entered:
            entered.append(name)

    return tell
