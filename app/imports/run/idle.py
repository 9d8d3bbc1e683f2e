"""How long nobody has worked on a run: when it is over for that, when its message is sent again.

Pure. Each of them reads the reference's `run`; `lease` is when it was last heard of, or will be.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from app.words import Json

# Wider than the lease: a queue may be slow, a process may start again.
STALLED: Final = timedelta(minutes=15)
BRAKED_FOR: Final = timedelta(days=7)
DEADLINE: Final = timedelta(hours=6)
# A queued run waits for its turn, which is no stall; but its message may never have been sent.
SENT_AGAIN: Final = timedelta(minutes=5)


def overdue(run: Json, now: datetime) -> tuple[str, str] | None:
    """State and reason for a run that nobody works on any more; None: all is well."""
    match run.get("state"):
        case "braked" if now - _time(run["lease"]) >= BRAKED_FOR:
            return "cancelled", "brake_not_released"
        case "queued" if now - _time(run["started"]) >= DEADLINE:
            return "failed", "no_progress"
        case "running" if now - _time(run["lease"]) >= STALLED:
            return "failed", "no_progress"
        case _:
            return None


def waits_long(run: Json, now: datetime) -> bool:
    """Whether a queued run's message is to be put once more.

    Twice as long each time: where all are waiting, messages must not become the flood.
    """
    if run.get("state") != "queued":
        return False
    started, sent = _time(run["started"]), _time(run["lease"])
    return now - sent >= max(SENT_AGAIN, sent - started)


def _time(value: Any) -> datetime:  # noqa: ANN401 - what stands in the reference
    return datetime.fromisoformat(str(value))
