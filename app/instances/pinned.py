"""An instance stays in its region: a reference that names another one is neither used nor written.

It can only be there by mistake, of a copied table or a wrong setting. Never moves anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import structlog

from app.errors import ServiceUnreachable
from app.instances.reference import InstanceReference
from app.instances.table import (
    EVERYTHING,
    Absent,
    AnyOf,
    Change,
    Equals,
    InstanceTable,
    Share,
)
from app.sentences import ANOTHER_REGION
from app.words import InstanceId

ALARM: Final = "reference_of_another_region"
_REGION: Final = ("region",)
_log = structlog.get_logger()


class AnotherRegion(ServiceUnreachable):
    """The instance belongs to a deployment in another region."""

    retryable = False

    def __init__(self) -> None:
        super().__init__(ANOTHER_REGION())


class PinnedTable:
    """An InstanceTable in front of another: lets through what is of this region, or names none."""

    def __init__(self, table: InstanceTable, region: str) -> None:
        self._table = table
        self._region = region
        self._here = AnyOf((Absent(_REGION), Equals(_REGION, region)))

    def read(self, instance_id: InstanceId) -> InstanceReference | None:
        """Raises AnotherRegion."""
        found = self._table.read(instance_id)
        if found is not None and not self._is_here(found):
            raise AnotherRegion
        return found

    def create(self, reference: InstanceReference) -> bool:
        """Raises AnotherRegion."""
        if not self._is_here(reference):
            raise AnotherRegion
        return self._table.create(reference)

    def change(self, instance_id: InstanceId, change: Change) -> InstanceReference | None:
        """Of another region's reference no condition holds. Raises AnotherRegion for a move."""
        if change.set.get(_REGION, self._region) != self._region:
            raise AnotherRegion
        pinned = replace(change, conditions=(*change.conditions, self._here))
        return self._table.change(instance_id, pinned)

    def by_installation(self, installation_id: str) -> InstanceReference | None:
        """Raises AnotherRegion."""
        found = self._table.by_installation(installation_id)
        if found is not None and not self._is_here(found):
            raise AnotherRegion
        return found

    def due(self, region: str, until: str) -> Iterator[InstanceReference]:
        """Those of this region, whichever is asked for."""
        return (each for each in self._table.due(region, until) if self._is_here(each))

    def all(self, share: Share = EVERYTHING) -> Iterator[InstanceReference]:
        """Those of this region."""
        return (each for each in self._table.all(share) if self._is_here(each))

    def _is_here(self, reference: InstanceReference) -> bool:
        here = reference.region in (None, self._region)
        if not here:
            _log.error("alarm", kind=ALARM, instance_id=reference.instance_id)
        return here
