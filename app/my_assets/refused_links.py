"""Persons whose link Assets did not take a short while ago, so that not each page tries again.

Holds object ids of Assets in memory, never a name, an address or an account.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from app.instances.reference import InstanceReference
from app.words import Clock

KEPT_FOR: Final = timedelta(minutes=10)
MOST_KEPT: Final = 10_000

_Key = tuple[str, str, str]


class RefusedLinks:
    """Bounded: the oldest goes first. One too many that is forgotten costs a call, no more."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: OrderedDict[_Key, datetime] = OrderedDict()
        self._guard = threading.Lock()

    def remember(self, instance: InstanceReference, object_id: str) -> None:
        key = _key(instance, object_id)
        with self._guard:
            self._until[key] = self._clock() + KEPT_FOR
            self._until.move_to_end(key)
            while len(self._until) > MOST_KEPT:
                self._until.popitem(last=False)

    def holds(self, instance: InstanceReference, object_id: str) -> bool:
        """Whether the link of this person failed less than `KEPT_FOR` ago."""
        key = _key(instance, object_id)
        with self._guard:
            until = self._until.get(key)
            if until is not None and self._clock() >= until:
                del self._until[key]
                return False
            return until is not None


def _key(instance: InstanceReference, object_id: str) -> _Key:
    return (instance.instance_id, instance.generation, object_id)
