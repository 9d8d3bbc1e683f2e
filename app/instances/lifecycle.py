"""Install and uninstall: what a lifecycle event does to the reference.

`decide` is the rule, pure; `Lifecycle` applies it with conditional writes. Events may come twice,
late, and out of order: the newest wins, and in one second an uninstall wins over an install.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from app.errors import Refused, ServiceUnreachable
from app.instances.connect_secret import ConnectSecrets, Pair
from app.instances.events import LifecycleEvent
from app.instances.identity import instance_id
from app.instances.lives import (
    ATTEMPTS,
    begun,
    ended,
    first_of,
    generation_of,
    heard,
    if_unchanged,
    last_event_of,
    revived,
)
from app.instances.reference import InstanceReference, stamp
from app.instances.table import Change, InstanceTable, Path
from app.words import Clock, InstanceId, Secret

# "note": nothing changes but that older events, should they come later, are known to be older.
Decision = Literal["create", "renew", "start over", "uninstall", "note", "nothing"]


def decide(reference: InstanceReference | None, event: LifecycleEvent) -> Decision:
    """What an event does. Raises Refused: another install body in the second of the last one."""
    if reference is None:
        return "create" if event.kind == "installed" else "nothing"
    last_at = last_event_of(reference)
    if event.at < last_at:
        return "nothing"
    if event.kind == "uninstalled":
        return _uninstall(reference, event)
    if event.at > last_at:
        return "renew" if reference.is_alive else "start over"
    if reference.is_alive and event.digest != reference.last_event_digest:
        raise Refused("another install of the same second")
    return "nothing"


def _uninstall(reference: InstanceReference, event: LifecycleEvent) -> Decision:
    if reference.is_alive:
        return "uninstall"
    # An install between two uninstalls may still be under way: it must not win by being late.
    newer = reference.state == "uninstalled" and event.at > last_event_of(reference)
    return "note" if newer else "nothing"


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
        key = self.id_of(event.client_key)
        for _ in range(ATTEMPTS):
            reference = self._table.read(key)
            decision = decide(reference, event)
            if decision == "nothing":
                return decision
            if reference is None:
                written = self._table.create(first_of(key, "connect", self._begun(key, event)))
            else:
                written = self._change(reference, decision, event)
            if written:
                return decision
        raise ServiceUnreachable("Too many changes at once; please send the event again.")

    def id_of(self, client_key: str) -> InstanceId:
        """The instance that a site's client key names, whether it is known or not."""
        return instance_id("connect", self._home.app_key, self._home.environment, client_key)

    def heard_from(self, reference: InstanceReference) -> InstanceReference:
        """A verified caller of a silent site is a sign of life: it is as installed as before.

        Raises Refused if that life is over meanwhile, ServiceUnreachable.
        """
        if reference.state != "silent":
            return reference
        found = self._table.change(reference.instance_id, revived(reference, self._clock()))
        if found is None:
            raise Refused("instance gone")
        return found

    def _change(
        self, reference: InstanceReference, decision: Decision, event: LifecycleEvent
    ) -> bool:
        key = reference.instance_id
        if decision == "start over":
            change = self._begun(key, event)
        elif decision == "uninstall":
            change = ended(event.at, event.digest, self._clock())
        elif decision == "note":
            change = heard(event.at, event.digest)
        else:
            change = self._renewed(reference, event)
        return self._table.change(key, if_unchanged(reference, change)) is not None

    def _begun(self, key: InstanceId, event: LifecycleEvent) -> Change:
        generation = generation_of(event.at)
        secret = Pair(_required(event))
        values = _told(event) | {"connect_secret": self._secrets.seal(key, generation, secret)}
        return begun(values, event.at, self._home.region, self._clock())

    def _renewed(self, reference: InstanceReference, event: LifecycleEvent) -> Change:
        """The same life goes on: with its settings, and the secret before this one in grace."""
        pair = self._secrets.after(reference, _required(event))
        sealed = self._secrets.seal(reference.instance_id, reference.generation, pair)
        told = {name: value for name, value in _told(event).items() if value is not None}
        values: dict[Path, Any] = {(name,): value for name, value in told.items()}
        values |= {
            ("state",): "installed",
            ("updated_at",): stamp(self._clock()),
            ("seen_at",): stamp(self._clock()),
            ("last_event_at",): event.at,
            ("connect_secret",): sealed,
        }
        return Change(values, [("silent_since",), ("purge",)])


def _told(event: LifecycleEvent) -> dict[str, Any]:
    """What an install says of the site. None: it does not say."""
    return {
        "client_key": event.client_key,
        "base_url": event.base_url,
        "installation_id": event.installation_id,
        "cloud_id": event.cloud_id,
        "last_event_digest": event.digest,
    }


def _required(event: LifecycleEvent) -> Secret:
    if event.secret is None:
        raise Refused("install without a secret")
    return event.secret
