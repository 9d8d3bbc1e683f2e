"""Mistakes somebody could make in saying goodbye, planted one at a time: each must be found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from unittest.mock import patch

from app.errors import ServiceUnreachable
from app.goodbye import cleanup, erasing, purge
from app.goodbye.erasing import Eraser, receipt_name, signed, tombstone
from app.goodbye.receipts import Head

Bug = Callable[[], Any]


def _erase(
    *, file_first: bool = False, silence_is_yes: bool = False, head_again: bool = False
) -> Any:
    """`Eraser.erase`, written as somebody in a hurry might have."""

    def erase(self: Any, life: Any, only_if: Any = ()) -> bool:
        before = self._chain.head()
        self.keep_newest(before)
        receipt = signed(life, before, self._signer, self._keys)
        text = receipt.text()
        after = Head(before.number + 1 if before else 1, receipt.digest, text)
        if file_first:
            self._receipts.keep(receipt_name(life.reference), text)
        standing = self._chain.head() if head_again else before
        conditions = [*erasing._still(life.reference), *only_if]
        try:
            done = bool(self._chain.append(standing, after, tombstone(life, text), conditions))
        except ServiceUnreachable:
            if not silence_is_yes:
                raise
            done = True
        if done:
            self._receipts.keep(receipt_name(life.reference), text)
        return done

    return patch.object(Eraser, "erase", erase)


def _with_the_address() -> Any:
    def stone(life: Any, receipt: str) -> Any:
        return replace(tombstone(life, receipt), base_url="https://acme.atlassian.net")

    return patch.object(erasing, "tombstone", stone)


def _silent_is_due() -> Any:
    def steps(self: Any, now: Any, summary: Any) -> Any:
        for reference in list(self._table.all()):
            if reference.state in ("uninstalled", "silent"):
                yield self._erasure(reference, now)

    return patch.object(cleanup.Cleanup, "_steps", steps)


def _still_anything(_: Any) -> list[Any]:
    return []


BUGS: Final[dict[str, Bug]] = {
    "the file is written before the transaction": lambda: _erase(file_first=True),
    "no answer is taken for success": lambda: _erase(silence_is_yes=True),
    "the head is looked up again after signing": lambda: _erase(head_again=True),
    "the head moves on although its file is not there": lambda: patch.object(
        Eraser, "keep_newest", lambda *_: False
    ),
    "a reference is erased whatever became of it": lambda: patch.object(
        erasing, "_still", _still_anything
    ),
    "silence alone is due": _silent_is_due,
    "one identity is enough": lambda: patch.object(purge, "_check_another", lambda *_: None),
    "a tombstone keeps the address": _with_the_address,
}
