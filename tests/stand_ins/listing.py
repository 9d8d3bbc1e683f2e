"""The table as the vendor's desk may read it: what is listed of each reference, and no more."""

from __future__ import annotations

from collections.abc import Iterator

from app.goodbye.references import COLUMNS
from app.instances.reference import InstanceReference
from app.words import InstanceId
from tests.stand_ins.table import InMemoryTable


class ListedTable:
    """`app.goodbye.references.References` over the table of the tests."""

    def __init__(self, table: InMemoryTable) -> None:
        self.table = table

    def read(self, instance_id: InstanceId) -> InstanceReference | None:
        found = self.table.read(instance_id)
        return None if found is None else _listed(found)

    def all(self) -> Iterator[InstanceReference]:
        return map(_listed, self.table.all())


def _listed(reference: InstanceReference) -> InstanceReference:
    return InstanceReference(**{name: getattr(reference, name) for name in COLUMNS})
