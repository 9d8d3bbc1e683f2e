"""Related objects: managers, registered owners, transitive members.

A related object that the caller may not read shows its type and id, everything else null.
"""

from typing import Any

from sandbox.graph.access import may_see_people
from sandbox.graph.options import Ask
from sandbox.graph.projection import Projection
from sandbox.graph.resources import BY_KIND
from sandbox.graph.stage import Stage

_TYPE = "@odata.type"


def typed(kind: str, object_id: str) -> dict[str, Any]:
    """The reference to a directory object."""
    return {_TYPE: f"#microsoft.graph.{kind}", "id": object_id}


class Relatives:
    """Shows related objects: the selected properties of their kind, or its defaults."""

    def __init__(self, stage: Stage, ask: Ask, names: tuple[str, ...] | None = None) -> None:
        self._directory = stage.directory
        self._most = stage.behaviour.expanded_items
        self._people = may_see_people(ask)
        self._names = names
        self._projections: dict[str, Projection] = {}

    def manager_of(self, person: str) -> dict[str, Any]:
        """The whole default manager; nothing at all where there is none."""
        manager = self._directory.manager_of(person)
        return {"manager": self.show("user", manager)} if manager is not None else {}

    def owners_of(self, device: str) -> dict[str, Any]:
        """The first registered owners, each a whole default user object."""
        owners = self._directory.owners_of(device)[: self._most]
        return {"registeredOwners": [self.show("user", one) for one in owners]}

    def show(self, kind: str, object_id: str) -> dict[str, Any]:
        """One related object."""
        projection = self._projections.get(kind) or self._project(kind)
        if kind == "user" and not self._people:
            return dict.fromkeys(projection.names) | typed(kind, object_id)
        return typed(kind, object_id) | projection.listed(object_id)

    def _project(self, kind: str) -> Projection:
        resource = BY_KIND[kind]
        table = resource.rows(self._directory)
        chosen = tuple(n for n in self._names or () if n in resource.properties)
        projection = Projection(table, chosen or resource.defaults(table))
        self._projections[kind] = projection
        return projection
