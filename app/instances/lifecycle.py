"""Install and uninstall: what a lifecycle event does to the reference.

`decide` is the rule, pure; `Lifecycle` applies it with conditional writes. Events may come twice,
late, and out of order: the newest wins, and in one second an uninstall wins over an install.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from app.errors import Refused, ServiceUnreachable
from app.instances.connect_secret import ConnectSecrets, Pair
from app.instances.events import LifecycleEvent
from app.instances.identity import instance_id
from app.instances.reference import InstanceReference, stamp
from app.instances.table import Absent, Change, Condition, Equals, InstanceTable, Path
from app.words import Clock, Generation, Secret

ERASE_AFTER: Final = timedelta(days=30)  # after an uninstall; the contract's longest time
_ATTEMPTS: Final = 8  # tries against others who write the same reference

Decision = Literal["create", "renew", "start over", "uninstall", "nothing"]


def decide(reference: InstanceReference | None, event: LifecycleEvent) -> Decision:
    """What an event does. Raises Refused: another install body in the second of the last one."""
    if reference is None:
        return "create" if event.kind == "installed" else "nothing"
    last_at, last_digest = reference.last_event_at or 0, reference.last_event_digest
    if event.at < last_at or (event.at == last_at and event.digest == last_digest):
        return "nothing"
    installed = reference.state in ("installed", "silent")
    if event.kind == "uninstalled":
        return "uninstall" if installed else "nothing"
    if event.at > last_at:
        return "renew" if installed else "start over"
    if installed:
        raise Refused("another install of the same second")
    return "nothing"


@dataclass(frozen=True)
class Home:
    """Where references of this deployment belong: app key, environment and region."""

    app_key: str
    environment: str
    region: str


class Lifecycle:
    """Applies lifecycle events of the Connect door."""

    def __init__(
        self, table: InstanceTable, secrets: ConnectSecrets, home: Home, clock: Clock
    ) -> None:
        self._table = table
        self._secrets = secrets
        self._home = home
        self._clock = clock

    def apply(self, event: LifecycleEvent) -> Decision:
        """Bring the reference up to date. Raises Refused, ServiceUnreachable."""
        key = instance_id("connect", self._home.app_key, self._home.environment, event.client_key)
        for _ in range(_ATTEMPTS):
            reference = self._table.read(key)
            decision = decide(reference, event)
            if decision == "nothing":
                return decision
            if reference is None:
                written = self._table.create(self._new(event))
            else:
                written = self._change(reference, decision, event)
            if written:
                return decision
        raise ServiceUnreachable("Too many changes at once; please send the event again.")

    def _new(self, event: LifecycleEvent) -> InstanceReference:
        now = stamp(self._clock())
        key = instance_id("connect", self._home.app_key, self._home.environment, event.client_key)
        generation = generation_of(event.at)
        secret = Pair(_required(event))
        return InstanceReference(
            instance_id=key,
            door="connect",
            state="installed",
            generation=generation,
            client_key=event.client_key,
            base_url=event.base_url,
            installation_id=event.installation_id,
            cloud_id=event.cloud_id,
            region=self._home.region,
            installed_at=now,
            updated_at=now,
            last_event_at=event.at,
            last_event_digest=event.digest,
            connect_secret=self._secrets.seal(key, generation, secret),
        )

    def _change(
        self, reference: InstanceReference, decision: Decision, event: LifecycleEvent
    ) -> bool:
        now = self._clock()
        if decision == "uninstall":
            change = _uninstalled(event, now)
        else:
            change = self._installed(reference, decision, event, now)
        guarded = Change(change.set, change.remove, _unchanged(reference))
        return self._table.change(reference.instance_id, guarded) is not None

    def _installed(
        self, reference: InstanceReference, decision: Decision, event: LifecycleEvent, now: datetime
    ) -> Change:
        fresh = decision == "start over"
        generation = generation_of(event.at) if fresh else reference.generation
        secret = _required(event)
        pair = Pair(secret) if fresh else self._secrets.after(reference, secret)
        values: dict[Path, Any] = {
            ("state",): "installed",
            ("generation",): generation,
            ("client_key",): event.client_key,
            ("base_url",): event.base_url,
            ("updated_at",): stamp(now),
            ("last_event_at",): event.at,
            ("last_event_digest",): event.digest,
            ("connect_secret",): self._secrets.seal(reference.instance_id, generation, pair),
        }
        optional = {
            ("installation_id",): event.installation_id,
            ("cloud_id",): event.cloud_id,
        }
        values |= {path: value for path, value in optional.items() if value is not None}
        if not fresh:
            return Change(values, [("silent_since",)])
        values |= {
            ("installed_at",): stamp(now),
            ("part_keys",): {},
            ("region",): self._home.region,
        }
        return Change(values, [(name,) for name in _OF_ONE_LIFE])


# What belongs to one generation and must not be seen by the next.
_OF_ONE_LIFE: Final = (
    "site_token", "import_due_at", "run", "purge", "silent_since", "uninstalled_at",
    "erase_due_at", "erased_at", "receipt",
)  # fmt: skip


def generation_of(event_at: int) -> Generation:
    """A generation's name comes from its install time, so none is ever used twice."""
    return Generation(f"g{event_at}")


def _uninstalled(event: LifecycleEvent, now: datetime) -> Change:
    """Forget every key in the one write that ends the life: nothing opens afterwards."""
    values: Mapping[Path, Any] = {
        ("state",): "uninstalled",
        ("part_keys",): {},
        ("uninstalled_at",): stamp(now),
        ("erase_due_at",): stamp(now + ERASE_AFTER),
        ("updated_at",): stamp(now),
        ("last_event_at",): event.at,
        ("last_event_digest",): event.digest,
    }
    forgotten = ("connect_secret", "site_token", "import_due_at", "run", "silent_since")
    return Change(values, [(name,) for name in forgotten])


def _unchanged(reference: InstanceReference) -> tuple[Condition, ...]:
    """The reference is still the one that the decision was made about."""
    conditions: list[Condition] = [
        Equals(("state",), reference.state),
        Equals(("generation",), reference.generation),
    ]
    for name in ("last_event_at", "last_event_digest"):
        value = getattr(reference, name)
        conditions.append(Absent((name,)) if value is None else Equals((name,), value))
    return tuple(conditions)


def _required(event: LifecycleEvent) -> Secret:
    if event.secret is None:
        raise Refused("install without a secret")
    return event.secret
