"""The lives of an instance, whatever its door: named, begun and ended. Never decides which.

A life is a generation: it begins with an install and ends, once, with an uninstall.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app.instances.reference import InstanceReference, stamp
from app.instances.table import Absent, Change, Condition, Equals, OneOf, Path
from app.kept import AFTER_UNINSTALL
from app.words import Door, Generation, InstanceId

ATTEMPTS: Final = 32  # tries against others who write the same reference

# What belongs to one life and must not be seen by the next.
_OF_ONE_LIFE: Final = (
    "connect_secret", "site_token", "import_due_at", "run", "purge", "seen_at", "silent_since",
    "uninstalled_at", "erase_due_at", "erased_at", "receipt", "last_event_digest", "base_url",
    "client_key", "installation_id", "cloud_id",
)  # fmt: skip
_FORGOTTEN: Final = ("connect_secret", "site_token", "import_due_at", "run", "silent_since")


def generation_of(event_at: int) -> Generation:
    """A generation's name comes from its install time, so none is ever used twice."""
    return Generation(f"g{event_at}")


def last_event_of(reference: InstanceReference) -> int:
    """When the last event of this instance was issued: nothing older begins or ends a life.

    A tombstone does not keep it, but its generation says when that life began.
    """
    return reference.last_event_at or int(reference.generation.removeprefix("g") or 0)


def begun(values: Mapping[str, Any], event_at: int, region: str, now: datetime) -> Change:
    """A new, empty life with these attributes; nothing of an earlier one stays beside them."""
    started = {
        "state": "installed",
        "generation": generation_of(event_at),
        "region": region,
        "installed_at": stamp(now),
        "updated_at": stamp(now),
        "last_event_at": event_at,
        "part_keys": {},
    }
    given = {name: value for name, value in values.items() if value is not None}
    written: dict[Path, Any] = {(name,): value for name, value in (started | given).items()}
    return Change(written, [(name,) for name in _OF_ONE_LIFE if name not in given])


def ended(event_at: int, digest: str | None, now: datetime) -> Change:
    """Forget every key in the one write that ends the life: nothing opens afterwards."""
    values: Mapping[str, Any] = {
        "state": "uninstalled",
        "part_keys": {},
        "uninstalled_at": stamp(now),
        "erase_due_at": stamp(now + AFTER_UNINSTALL),
        "updated_at": stamp(now),
    }
    return _noted(event_at, digest, values, _FORGOTTEN)


def heard(event_at: int, digest: str | None) -> Change:
    """A newer event that changes nothing else: older ones that come later are still too old."""
    return _noted(event_at, digest, {}, ())


def revived(reference: InstanceReference, now: datetime) -> Change:
    """It was heard of: a silence, and a wish to end it for that, are over."""
    values: dict[Path, Any] = {("state",): "installed", ("seen_at",): stamp(now)}
    return Change(
        values,
        [("silent_since",), ("purge",)],
        [
            Equals(("generation",), reference.generation),
            OneOf(("state",), ("installed", "silent")),
        ],
    )


def _noted(
    event_at: int, digest: str | None, values: Mapping[str, Any], remove: tuple[str, ...]
) -> Change:
    noted = {**values, "last_event_at": event_at}
    if digest is None:
        remove = (*remove, "last_event_digest")
    else:
        noted["last_event_digest"] = digest
    return Change({(name,): value for name, value in noted.items()}, [(name,) for name in remove])


def if_unchanged(reference: InstanceReference, change: Change) -> Change:
    """The change, on condition that the reference is still the one it was decided about."""
    conditions: list[Condition] = [
        Equals(("state",), reference.state),
        Equals(("generation",), reference.generation),
    ]
    for name in ("last_event_at", "last_event_digest"):
        value = getattr(reference, name)
        conditions.append(Absent((name,)) if value is None else Equals((name,), value))
    return Change(change.set, change.remove, conditions)


def first_of(instance_id: InstanceId, door: Door, life: Change) -> InstanceReference:
    """The reference of an instance never seen, whose first life this is."""
    values = {path[0]: value for path, value in life.set.items()}
    return InstanceReference(instance_id=instance_id, door=door, **values)
