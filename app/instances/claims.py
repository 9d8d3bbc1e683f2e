"""Claims: which write a caller has already asked for under one Idempotency-Key.

A claim holds keyed digests, a status and an id of ours. Neither the caller nor the body can be
told from it, and the key of the digests is the instance's own secret.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from app.errors import Clash, InputRefused, Problem
from app.instances.reference import InstanceReference
from app.kept import CLAIMS
from app.said import Said, Sentence
from app.words import AccountId, Clock, Secret

KEY_LENGTH: Final = Sentence("key.length", "The Idempotency-Key must have 1 to {most} characters.")
KEY_USED: Final = Sentence(
    "key.used", "The Idempotency-Key was used for another request already; take a new one."
)
STILL_AT_IT: Final = Sentence("key.under_way", "The same request is still being worked on.")

UNDER_WAY: Final = timedelta(minutes=5)  # a process that died must not block its caller for a day
MAX_KEY_CHARACTERS: Final = 255


@dataclass(frozen=True)
class Claim:
    """`status` is None while the write is under way; `answer_id` names what it made, if a thing."""

    name: str
    digest: str
    expires_at: int
    status: int | None = None
    answer_id: str = ""


class Claims(Protocol):
    """Put-if-absent with an expiry. Expired claims count as absent: they may still lie there."""

    def put(self, claim: Claim, now: int) -> Claim | None:
        """Write it if there is none; else give the one that stands."""
        ...

    def finish(self, claim: Claim) -> None:
        """Write the status of a claim of ours."""
        ...

    def drop(self, name: str) -> None:
        """Remove a claim of ours: its write did not happen."""
        ...


@dataclass(frozen=True)
class Asked:
    """One write as it was asked for."""

    instance: InstanceReference
    account_id: AccountId
    key: str
    method: str
    path: str
    body: bytes


class ClaimDesk:
    """Finds out whether a write was asked for before. Keys are of the caller, never shared.

    Only status and id of the first answer are kept, so it is given again from what is there now:
    a run as far as it has come, a part as it stands.
    """

    def __init__(self, claims: Claims, clock: Clock) -> None:
        self._claims = claims
        self._clock = clock

    def first(self, asked: Asked, secret: Secret) -> tuple[Claim, bool]:
        """The claim of this write, and whether it is new: then finish or drop it.

        Raises InputRefused for a key that came with another body, Clash while the first one is
        still under way.
        """
        if not 0 < len(asked.key) <= MAX_KEY_CHARACTERS:
            raise _refused(KEY_LENGTH(most=MAX_KEY_CHARACTERS))
        now = self._clock()
        claim = _claim(asked, secret, now + UNDER_WAY)
        standing = self._claims.put(claim, int(now.timestamp()))
        if standing is None:
            return claim, True
        if not hmac.compare_digest(standing.digest, claim.digest):
            raise _refused(KEY_USED())
        if standing.status is None:
            raise Clash(STILL_AT_IT(), retry_after=1)
        return standing, False

    def finish(self, claim: Claim, status: int, answer_id: str) -> None:
        expires_at = int((self._clock() + CLAIMS).timestamp())
        self._claims.finish(Claim(claim.name, claim.digest, expires_at, status, answer_id))

    def drop(self, claim: Claim) -> None:
        self._claims.drop(claim.name)


def _claim(asked: Asked, secret: Secret, expires_at: datetime) -> Claim:
    who = (asked.instance.instance_id, asked.instance.generation, asked.account_id, asked.key)
    what = (asked.method.encode(), asked.path.encode(), asked.body)
    return Claim(
        name="claim#" + _digest(secret, b"who", [piece.encode() for piece in who]),
        digest=_digest(secret, b"what", what),
        expires_at=int(expires_at.timestamp()),
    )


def _digest(secret: Secret, label: bytes, pieces: Sequence[bytes]) -> str:
    keyed = hmac.new(secret.reveal(), label, hashlib.sha256)
    for piece in pieces:
        keyed.update(len(piece).to_bytes(8, "big") + piece)
    return keyed.hexdigest()


def _refused(message: Said) -> InputRefused:
    return InputRefused(problems=[Problem("Idempotency-Key", message)])
