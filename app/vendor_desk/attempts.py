"""A sign-in under way. The browser holds a random text; state, nonce and PKCE verifier follow from
it and a key of this process, so nothing has to be kept that a flood of strangers could fill.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from app.errors import Refused
from app.words import Clock, RandomBytes

LASTS: Final = timedelta(minutes=5)
_SHAPE: Final = re.compile(r"attempt\.([0-9]{1,12})\.[0-9a-f]{64}")


@dataclass(frozen=True)
class Attempt:
    """`cookie` is for the browser that began it, the others for the provider."""

    cookie: str = field(repr=False)
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


class Attempts:
    """Begins and resumes sign-ins. A restart forgets its key: whoever is at it begins again."""

    def __init__(self, clock: Clock, random: RandomBytes) -> None:
        self._clock = clock
        self._random = random
        self._key = random(32)

    def begin(self) -> Attempt:
        """A new one."""
        return self._attempt(f"attempt.{self._now()}.{self._random(32).hex()}")

    def resume(self, cookie: str, state: str) -> Attempt:
        """The one that this browser began, if the provider's answer belongs to it. Raises Refused.

        The state covers the whole cookie: with a changed time it is another one's.
        """
        shaped = _SHAPE.fullmatch(cookie)
        if shaped is None:
            raise Refused("no sign-in under way")
        attempt = self._attempt(cookie)
        if not hmac.compare_digest(attempt.state.encode(), state.encode()):
            raise Refused("state")
        if self._now() - int(shaped[1]) > LASTS.total_seconds():
            raise Refused("sign-in too old")
        return attempt

    def _attempt(self, cookie: str) -> Attempt:
        return Attempt(cookie, *(self._derived(use, cookie) for use in ("state", "nonce", "pkce")))

    def _derived(self, use: str, cookie: str) -> str:
        mac = hmac.digest(self._key, f"{use}:{cookie}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(mac).decode().rstrip("=")

    def _now(self) -> int:
        return int(self._clock().timestamp())
