"""The Connect secret of an instance: sealed inside its reference, with the one before it.

A re-sent install brings a new secret. Tokens signed with the old one may be under way, so it is
accepted for GRACE more; both lie inside one sealed value, and the end of the grace too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from app.errors import SettingsUnreadable
from app.instances.reference import InstanceReference, stamp
from app.words import Clock, Generation, InstanceId, Secret

GRACE: Final = timedelta(minutes=5)
_NAME: Final = "connect_secret"


class Sealer(Protocol):
    """The vault, as far as the reference's own secrets need it."""

    def seal_in_reference(
        self, instance_id: InstanceId, generation: Generation, name: str, plaintext: Secret
    ) -> Mapping[str, Any]: ...

    def open_from_reference(
        self, instance_id: InstanceId, generation: Generation, name: str, value: Mapping[str, Any]
    ) -> Secret: ...


@dataclass(frozen=True)
class Pair:
    """The secret in force and, until `previous_until` (ISO 8601), the one before it."""

    secret: Secret
    previous: Secret | None = None
    previous_until: str = ""

    def in_force(self, now: datetime) -> Sequence[Secret]:
        """The secrets a token may be signed with now: the current one last."""
        if self.previous is not None and stamp(now) < self.previous_until:
            return (self.previous, self.secret)
        return (self.secret,)


class ConnectSecrets:
    """Seals and opens Connect secrets. The sealer remembers opened ones for a few minutes."""

    def __init__(self, sealer: Sealer, clock: Clock) -> None:
        self._sealer = sealer
        self._clock = clock

    def seal(
        self, reference_id: InstanceId, generation: Generation, pair: Pair
    ) -> Mapping[str, Any]:
        """The value of the reference's `connect_secret`. Raises ServiceUnreachable (KMS down)."""
        document = {
            "secret": pair.secret.reveal_text(),
            "previous": pair.previous.reveal_text() if pair.previous else None,
            "previous_until": pair.previous_until,
        }
        plaintext = Secret(json.dumps(document))
        return self._sealer.seal_in_reference(reference_id, generation, _NAME, plaintext)

    def open(self, reference: InstanceReference) -> Pair | None:
        """The secrets of an instance; None if it holds none. Raises SettingsUnreadable."""
        sealed = reference.connect_secret
        if sealed is None:
            return None
        plaintext = self._sealer.open_from_reference(
            reference.instance_id, reference.generation, _NAME, sealed
        )
        return _pair(plaintext)

    def after(self, reference: InstanceReference, secret: Secret) -> Pair:
        """The pair once `secret` replaces what the reference holds; the same one changes nothing.

        What does not open any more has no grace to give: the new secret stands alone.
        """
        try:
            current = self.open(reference)
        except SettingsUnreadable:
            current = None
        if current is None:
            return Pair(secret)
        if current.secret.reveal() == secret.reveal():
            return current
        return Pair(secret, current.secret, stamp(self._clock() + GRACE))


def _pair(plaintext: Secret) -> Pair:
    document = json.loads(plaintext.reveal())
    previous = document["previous"]
    return Pair(
        Secret(document["secret"]),
        Secret(previous) if previous else None,
        document["previous_until"],
    )
