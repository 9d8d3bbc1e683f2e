"""When a site that tells nothing counts as silent, and when it is asked next. Pure.

Connect: only 401 and 404, seen again and again over days; whatever else happens says nothing.
Forge is not asked: its hourly tick is missed. Silence alone erases nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from app.instances.lives import revived
from app.instances.reference import InstanceReference, stamp
from app.instances.table import Absent, Change, Condition, Equals, OneOf, Path

# "gone": the site does not know the app (401, 404). "unknown": 5xx, no answer, anything else.
Sign = Literal["alive", "gone", "unknown"]

SILENT_AFTER: Final = timedelta(days=7)
ASK_AFTER: Final = timedelta(days=1)  # without a sign of life, and between two questions
LONGEST_PATIENCE: Final = timedelta(days=14)
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


def is_to_be_asked(reference: InstanceReference, now: datetime) -> bool:
    """Whether a Connect site is due: daily while it answers, then with growing patience."""
    if reference.door != "connect" or not reference.is_alive:
        return False
    if reference.silent_since is None:
        return now - _last_seen(reference) >= ASK_AFTER
    since = _time(reference.silent_since, now)
    asked = max(_time(reference.updated_at, since), since)
    return now - asked >= patience(asked - since)


def patience(silent_for: timedelta) -> timedelta:
    """How long to wait before the next question: half as long as the silence has lasted."""
    return min(max(silent_for / 2, ASK_AFTER), LONGEST_PATIENCE)


def after_asking(reference: InstanceReference, sign: Sign, now: datetime) -> Change | None:
    """What an answer changes; None: nothing."""
    if sign == "unknown":
        return None
    if sign == "alive":
        return revived(reference, now)
    since = reference.silent_since
    values: dict[Path, Any] = {("updated_at",): stamp(now)}
    if since is None:
        values[("silent_since",)] = stamp(now)
    elif now - _time(since, now) >= SILENT_AFTER:
        values[("state",)] = "silent"
    return Change(values, conditions=_unheard(reference))


def after_missed_ticks(reference: InstanceReference, now: datetime) -> Change | None:
    """What days without a tick change of a Forge instance; None: nothing."""
    if reference.door != "forge" or reference.state != "installed":
        return None
    last = _last_seen(reference)
    if now - last < SILENT_AFTER:
        return None
    values: dict[Path, Any] = {
        ("state",): "silent",
        ("silent_since",): stamp(last),
        ("updated_at",): stamp(now),
    }
    return Change(values, conditions=_unheard(reference))


def _unheard(reference: InstanceReference) -> list[Condition]:
    """That life goes on, and nothing was heard of it since the reference was read."""
    conditions: list[Condition] = [
        Equals(("generation",), reference.generation),
        OneOf(("state",), ("installed", "silent")),
    ]
    for name in ("seen_at", "silent_since", "last_event_at"):
        value = getattr(reference, name)
        conditions.append(Absent((name,)) if value is None else Equals((name,), value))
    return conditions


def _last_seen(reference: InstanceReference) -> datetime:
    return max(_time(each, _LONG_AGO) for each in (reference.seen_at, reference.installed_at))


def _time(text: str | None, otherwise: datetime) -> datetime:
    return datetime.fromisoformat(text) if text else otherwise
