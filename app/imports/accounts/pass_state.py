"""The sealed document `account-pass`: where the pass of Jira accounts stands. Numbers and times.

A pointer names it, so nobody brings back an old one and with it a budget that is spent.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.imports.run.pass_ports import Linked
from app.instances.reference import stamp

DOCUMENT: Final = "account-pass"
HOUR: Final = timedelta(hours=1)
REST: Final = timedelta(days=1)  # between the end of a pass and the next one's beginning
_TIMES: Final = ("due", "asked_at")
_NUMBERS: Final = ("people", "left", "linked", "unmatched", "failed", "asked")


@dataclass(frozen=True)
class PassState:
    """`left` of `people` are still to be looked up; the rest is linked, unmatched or failed.

    `asked` were looked up since the last hour in which nobody was, `asked_at` the last one. No run
    begins by itself before `due`.
    """

    due: datetime
    asked_at: datetime
    people: int = 0
    left: int = 0
    linked: int = 0
    unmatched: int = 0
    failed: int = 0
    asked: int = 0

    def one_more(self, outcome: Linked) -> PassState:
        return replace(
            self,
            linked=self.linked + (outcome == "linked"),
            unmatched=self.unmatched + (outcome == "unmatched"),
            failed=self.failed + (outcome == "failed"),
        )


def fresh(now: datetime) -> PassState:
    """A pass that may begin at once."""
    return PassState(due=now, asked_at=now)


def taken_up(content: bytes | None, people: int, now: datetime) -> PassState:
    """Where to go on, or the beginning of a new pass over so many people."""
    old = unpacked(content) if content else None
    old = old or fresh(now)
    spent = old.asked if now - old.asked_at < HOUR else 0
    if old.left:
        return replace(old, left=min(old.left, people), asked=spent)
    return replace(fresh(now), people=people, left=people, asked=spent, asked_at=old.asked_at)


def packed(state: PassState) -> bytes:
    told = asdict(state) | {name: stamp(getattr(state, name)) for name in _TIMES}
    return json.dumps(told, separators=(",", ":")).encode()


def unpacked(content: bytes) -> PassState | None:
    """None for anything that is no such document."""
    try:
        found = json.loads(content)
        due, asked_at = (datetime.fromisoformat(found[name]) for name in _TIMES)
        return PassState(due, asked_at, **{name: int(found[name]) for name in _NUMBERS})
    except (ValueError, KeyError, TypeError):
        return None
