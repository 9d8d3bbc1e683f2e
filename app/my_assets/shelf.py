"""Catalogues kept in memory for a short while, one an instance, loaded by one request at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from app.instances.reference import InstanceReference
from app.my_assets.asking import believed
from app.my_assets.catalogue import Catalogue, load_catalogue
from app.my_assets.ports import Assets
from app.words import Clock

KEPT_FOR: Final = timedelta(seconds=30)
# Before the first import there are no people. Right after it they should be found soon.
KEPT_WITHOUT_PEOPLE: Final = timedelta(seconds=5)
MOST_INSTANCES: Final = 256

_Key = tuple[str, str]


@dataclass
class _Place:
    loading: threading.Lock = field(default_factory=threading.Lock)
    catalogue: Catalogue | None = None
    good_until: datetime | None = None


class CatalogueShelf:
    """Bounded. A new life of an instance (its generation) starts with an empty place."""

    def __init__(self, pool: Executor, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self._places: OrderedDict[_Key, _Place] = OrderedDict()
        self._guard = threading.Lock()

    def of(self, instance: InstanceReference, assets: Assets) -> Catalogue:
        """The catalogue, at most `KEPT_FOR` old. Raises what `assets` raises."""
        place = self._place((instance.instance_id, instance.generation))
        with place.loading:
            if place.catalogue and place.good_until and self._clock() < place.good_until:
                return place.catalogue
            asked_at = self._clock()
            with believed():
                place.catalogue = load_catalogue(assets, self._pool)
            kept = KEPT_FOR if place.catalogue.person_types() else KEPT_WITHOUT_PEOPLE
            place.good_until = asked_at + kept
            return place.catalogue

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
