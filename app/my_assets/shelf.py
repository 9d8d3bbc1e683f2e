"""Catalogues kept in memory for a short while, one an instance, loaded by one request at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from app.errors import ServiceUnreachable
from app.instances.reference import InstanceReference
from app.my_assets.asking import believed
from app.my_assets.catalogue import Catalogue, load_catalogue
from app.my_assets.ports import Assets
from app.my_assets.shares import Shares
from app.said import Sentence
from app.words import Clock

SLOW: Final = Sentence("mine.slow", "Assets is slow to say what it holds. Try again soon.")

KEPT_FOR: Final = timedelta(seconds=30)
# Before the first import there are no people. Right after it they should be found soon.
KEPT_WITHOUT_PEOPLE: Final = timedelta(seconds=5)
MOST_INSTANCES: Final = 256
# A request that waits holds a place of the web server, which other sites need too.
MOST_WAIT_SECONDS: Final = 10.0

_Key = tuple[str, str]


@dataclass
class _Place:
    loading: threading.Lock = field(default_factory=threading.Lock)
    catalogue: Catalogue | None = None
    good_until: datetime | None = None


class CatalogueShelf:
    """Bounded. A new life of an instance (its generation) starts with an empty place."""

    def __init__(
        self, shares: Shares, clock: Clock, most_wait_seconds: float = MOST_WAIT_SECONDS
    ) -> None:
        self._shares = shares
        self._clock = clock
        self._most_wait_seconds = most_wait_seconds
        self._places: OrderedDict[_Key, _Place] = OrderedDict()
        self._guard = threading.Lock()

    def of(
        self,
        instance: InstanceReference,
        assets: Assets,
        person_schema: Callable[[], str | None],
    ) -> Catalogue:
        """The catalogue, at most `KEPT_FOR` old. Raises what `assets` and `person_schema` raise.

        ServiceUnreachable where another request has been loading it for too long.
        """
        place = self._place((instance.instance_id, instance.generation))
        if not place.loading.acquire(timeout=self._most_wait_seconds):
            raise ServiceUnreachable(
                SLOW(),
                retry_after=self._most_wait_seconds,
            )
        try:
            if place.catalogue and place.good_until and self._clock() < place.good_until:
                return place.catalogue
            asked_at = self._clock()
            with believed():
                share = self._shares.of(instance.instance_id)
                place.catalogue = load_catalogue(assets, person_schema, share)
            kept = KEPT_FOR if place.catalogue.person_types() else KEPT_WITHOUT_PEOPLE
            place.good_until = asked_at + kept
            return place.catalogue
        finally:
            place.loading.release()

    def forget(self, instance: InstanceReference) -> None:
        """Ask anew at the next request: what is kept may name what is no longer there."""
        with self._guard:
            self._places.pop((instance.instance_id, instance.generation), None)

    def _place(self, key: _Key) -> _Place:
        with self._guard:
            place = self._places.setdefault(key, _Place())
            self._places.move_to_end(key)
            while len(self._places) > MOST_INSTANCES:
                self._places.popitem(last=False)
            return place
