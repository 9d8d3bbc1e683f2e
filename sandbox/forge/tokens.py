"""Access tokens that Forge hands to a remote: of the app's own user, or of a person.

A remote may read `exp` and nothing else of them. The cached one is handed out again until less
than two hours are left. Source: developer.atlassian.com, Forge remote, "Call Atlassian APIs".
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

import jwt

LIFE_SECONDS = 4 * 3600
LEAST_SECONDS = 2 * 3600


@dataclass(frozen=True)
class Grant:
    """Whose a token is. `system`: the app's own user, otherwise a person's."""

    token: str
    account_id: str
    installation_id: str
    system: bool
    expires_at: int
    scopes: frozenset[str]


class Tokens:
    """Hands tokens out, and tells whose one is while it holds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._grants: dict[str, Grant] = {}
        self._latest: dict[tuple[str, str], Grant] = {}
        self._key = secrets.token_bytes(32)
        self.life_seconds = LIFE_SECONDS  # of those made from now on; a test may shorten it

    def hand_out(
        self, installation_id: str, account_id: str, *, system: bool, scopes: frozenset[str]
    ) -> str:
        """The token of an account for one installation: the cached one, or a new one."""
        now = int(self._clock())
        with self._lock:
            held = self._latest.get((installation_id, account_id))
            if held is not None and held.expires_at - now >= LEAST_SECONDS:
                return held.token
            made = Grant(
                self._text(now),
                account_id,
                installation_id,
                system,
                now + self.life_seconds,
                scopes,
            )
            self._grants[made.token] = made
            self._latest[installation_id, account_id] = made
            return made.token

    def grant(self, token: str) -> Grant | None:
        """Whose a token is; None for an unknown, expired or void one."""
        with self._lock:
            held = self._grants.get(token)
        return held if held is not None and held.expires_at > self._clock() else None

    def forget(self, installation_id: str) -> None:
        """Every token of an installation is void."""
        with self._lock:
            for each in (self._grants, self._latest):
                gone = [k for k, g in each.items() if g.installation_id == installation_id]
                for key in gone:
                    del each[key]  # type: ignore[attr-defined]

    def renew(self) -> None:
        """The next token handed out is a new one, as after two hours."""
        with self._lock:
            self._latest.clear()

    def _text(self, now: int) -> str:
        claims = {"iat": now, "exp": now + self.life_seconds, "jti": secrets.token_hex(16)}
        return jwt.encode(claims, self._key, algorithm="HS256")
