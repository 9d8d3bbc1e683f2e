"""What the desk's views can call, joined by `app.wiring.vendor_desk`."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from flask import current_app

from app.callers.staff import Demand, Redeemed
from app.desk_settings import DeskSettings
from app.goodbye.references import References
from app.vendor_desk.attempts import Attempts
from app.vendor_desk.sessions import Sessions
from app.words import Clock, RandomBytes, Secret, StaffId


class Provider(Protocol):
    """The identity provider of the staff. Everything raises ServiceFailed or SlowDown."""

    @property
    def issuer(self) -> str: ...

    def key(self, key_id: str) -> RSAPublicKey | None: ...

    def check_answered_by(self, named: str | None) -> None:
        """Raises Refused where `iss` beside a code names another provider."""
        ...

    def address(self, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes to sign in."""
        ...

    def redeem(self, code: str, verifier: str) -> Redeemed:
        """The tokens for a code. Raises Refused."""
        ...


class Receipts(Protocol):
    """The receipts as files. Both raise ServiceUnreachable."""

    def names(self) -> Sequence[str]: ...

    def read(self, name: str) -> str | None: ...


@dataclass(frozen=True)
class DeskServices:
    settings: DeskSettings
    clock: Clock
    random: RandomBytes
    provider: Provider
    attempts: Attempts
    sessions: Sessions
    listing: References
    receipts: Receipts

    def demand(self) -> Demand:
        """What a token must be; the issuer as the provider writes it. Raises as Provider does."""
        known = self.settings
        return Demand(self.provider.issuer, known.client_id, known.acr_values, known.amr_values)

    def staff_id(self, subject: str) -> StaffId:
        """Opaque: without the key nobody can say whose it is, or try names until one fits."""
        return staff_id(self.settings.staff_key, self.settings.issuer, subject)


def staff_id(key: Secret, issuer: str, subject: str) -> StaffId:
    """The same for the same person at the same provider; each piece goes in with its length."""
    pieces = (each.encode() for each in ("my-assets staff id 1", issuer, subject))
    told = b"".join(len(each).to_bytes(4, "big") + each for each in pieces)
    return StaffId("staff-" + hmac.new(key.reveal(), told, hashlib.sha256).hexdigest()[:20])


_NAME: Final = "vendor-desk"


def attach(extensions: dict[str, object], services: DeskServices) -> None:
    """Make the services reachable for the views of one app."""
    extensions[_NAME] = services


def services() -> DeskServices:
    """The services of the app that answers the present request."""
    found: DeskServices = current_app.extensions[_NAME]
    return found
