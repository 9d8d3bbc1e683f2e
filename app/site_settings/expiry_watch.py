"""Says once a day, for alarms, that a client secret is about to expire. Opens no secret."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime
from typing import Final, Protocol

import structlog

from app.errors import AppError
from app.instances.reference import InstanceReference
from app.site_settings.expiry import URGENT, Expiry, expiry_of
from app.site_settings.stored import StoredPart
from app.words import Generation, InstanceId

EVENT: Final = "entra_secret_expires"
_log = structlog.get_logger()
_Life = tuple[InstanceId, Generation]


class OncePerDay(Protocol):
    """Remembered by all processes together. Raises ServiceUnreachable."""

    def first(self, instance: InstanceReference, day: date) -> bool:
        """Whether nobody has taken this day of this instance yet; then it is taken."""
        ...

    def give_back(self, instance: InstanceReference, day: date) -> None: ...


class ExpiryWatch:
    """`part` reads the part `entra` of an instance. Safe to share between threads."""

    def __init__(
        self, part: Callable[[InstanceReference], StoredPart | None], days: OncePerDay
    ) -> None:
        self._part = part
        self._days = days
        self._seen: dict[_Life, date] = {}
        self._guard = threading.Lock()

    def look(self, instance: InstanceReference, now: datetime) -> None:
        """Log what is to be said of this instance today, if nobody has. Never raises AppError."""
        life, today = (instance.instance_id, instance.generation), now.date()
        if "entra" not in instance.part_keys or self._seen.get(life) == today:
            return
        try:
            if self._days.first(instance, today):
                self._say(instance, today)
        except AppError:
            return  # nobody can say now: at the next tick
        with self._guard:
            self._seen = {each: day for each, day in self._seen.items() if day == today}
            self._seen[life] = today

    def _say(self, instance: InstanceReference, today: date) -> None:
        try:
            expiry = expiry_of(self._part(instance), today)
        except AppError:
            self._days.give_back(instance, today)
            raise
        if expiry is not None and expiry.warning is not None:
            _tell(instance, expiry, expiry.warning)


def _tell(instance: InstanceReference, expiry: Expiry, warning: int) -> None:
    say = _log.error if expiry.days_left <= URGENT else _log.warning
    kind = "expired" if warning == 0 else f"{warning}_days"
    say(EVENT, instance_id=instance.instance_id, kind=kind, count=expiry.days_left)
