"""Once a day for each life of an instance: asked of the table once by each process and day."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from app.instances.reference import InstanceReference
from app.words import Generation, InstanceId

_Life = tuple[InstanceId, Generation]


class OncePerDay(Protocol):
    """Remembered by all processes together. Raises ServiceUnreachable."""

    def first(self, instance: InstanceReference, day: date) -> bool: ...


class Daily:
    """Stands before it: a tick a minute would otherwise ask the table a thousand times a day."""

    def __init__(self, days: OncePerDay) -> None:
        self._days = days
        self._taken: dict[_Life, date] = {}

    def first(self, instance: InstanceReference, day: date) -> bool:
        """Whether nobody has taken this day of this life yet; then it is taken."""
        life = (instance.instance_id, instance.generation)
        if self._taken.get(life) == day:
            return False
        first = self._days.first(instance, day)
        self._taken = {each: taken for each, taken in self._taken.items() if taken == day}
        self._taken[life] = day
        return first
