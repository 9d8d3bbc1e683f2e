"""Who is signed in, in this process's memory and nowhere else.

The browser holds a random text, the memory its digest. So a session ends the moment it is ended,
here or by the provider, a restart ends all, and nothing about the staff rests anywhere.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from app.errors import Refused
from app.vendor_desk.cases import Case
from app.vendor_desk.roles import StaffRole
from app.words import Clock, RandomBytes, StaffId

IDLE: Final = timedelta(minutes=15)
LASTS: Final = timedelta(hours=1)
_MOST_OF_ONE: Final = 4  # sessions of one member of staff; the oldest goes


@dataclass(frozen=True)
class Session:
    """One sign-in. `form_key` is what every form of it carries; `case` None: none said yet."""

    staff: StaffId
    roles: frozenset[StaffRole]
    provider_session: str | None
    form_key: str = field(repr=False)
    issued_at: int  # of the ID token it came from
    began: datetime
    seen: datetime
    case: Case | None = None


class Sessions:
    """Safe in threads."""

    def __init__(self, clock: Clock, random: RandomBytes) -> None:
        self._clock = clock
        self._random = random
        self._held: dict[bytes, Session] = {}
        self._ended: dict[StaffId, int] = {}  # sign-ins up to this second count no more
        self._over: dict[str, datetime] = {}  # sessions of the provider that it ended, and when
        self._lock = threading.Lock()

    def begin(
        self,
        staff: StaffId,
        roles: frozenset[StaffRole],
        provider_session: str | None,
        issued_at: int,
    ) -> str:
        """The text for the browser. `issued_at`: of the ID token. Raises Refused."""
        token, now = self._random(32).hex(), self._clock()
        form_key = self._random(32).hex()
        with self._lock:
            if issued_at <= self._ended.get(staff, 0) or provider_session in self._over:
                raise Refused("signed out by the provider")
            self._drop(lambda each: not _lives(each, now))
            self._make_room(staff)
            self._held[_digest(token)] = Session(
                staff, roles, provider_session, form_key, issued_at, began=now, seen=now
            )
        return token

    def find(self, token: str) -> Session | None:
        """The session of this text, kept awake by asking; without its case once that is over."""
        key, now = _digest(token), self._clock()
        with self._lock:
            found = self._held.get(key)
            if found is None or not _lives(found, now):
                self._held.pop(key, None)
                return None
            over = found.case is not None and found.case.until <= now
            self._held[key] = kept = replace(found, seen=now, case=None if over else found.case)
            return kept

    def open_case(self, token: str, case: Case) -> None:
        """From now on its looks are for this case. An ended session stays ended."""
        key = _digest(token)
        with self._lock:
            if key in self._held:
                self._held[key] = replace(self._held[key], case=case)

    def end(self, token: str) -> None:
        """End one; safe to repeat."""
        with self._lock:
            self._held.pop(_digest(token), None)

    def end_all(self, staff: StaffId | None, provider_session: str | None, issued_at: int) -> int:
        """End what the provider ends: one of its sessions, or all of a person. Gives how many.

        Whoever signed in after a person was signed out stays: a token sent again ends nothing new.
        """
        with self._lock:
            if provider_session is not None:
                self._remember_over(provider_session)
                return self._drop(
                    lambda each: (
                        each.provider_session == provider_session and staff in (None, each.staff)
                    )
                )
            if staff is None:
                return 0
            self._ended[staff] = max(issued_at, self._ended.get(staff, 0))
            return self._drop(lambda each: each.staff == staff and each.issued_at <= issued_at)

    def _remember_over(self, provider_session: str) -> None:
        """As long as a sign-in can be under way, and no longer."""
        now = self._clock()
        self._over = {name: at for name, at in self._over.items() if now < at + LASTS}
        self._over[provider_session] = now

    def _drop(self, which: Callable[[Session], bool]) -> int:
        gone = [key for key, each in self._held.items() if which(each)]
        for key in gone:
            del self._held[key]
        return len(gone)

    def _make_room(self, staff: StaffId) -> None:
        own = [(each.began, key) for key, each in self._held.items() if each.staff == staff]
        for _, key in sorted(own)[: max(0, len(own) - _MOST_OF_ONE + 1)]:
            del self._held[key]


def _lives(session: Session, now: datetime) -> bool:
    return now < session.seen + IDLE and now < session.began + LASTS


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
