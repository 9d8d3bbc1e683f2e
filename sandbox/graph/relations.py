"""Related objects: managers, registered owners, transitive members.

A related object that the caller may not read shows its type and id, everything else null.
"""

from typing import Any

from sandbox.graph.access import may_see_people
from sandbox.graph.options import Ask
from sandbox.graph.projection import Projection
from sandbox.graph.resources import BY_KIND, USERS, Resource
from sandbox.graph.stage import Stage

_TYPE = "@odata.type"


def typed(kind: str, object_id: str) -> dict[str, Any]:
    """The reference to a directory object."""
    return {_TYPE: f"#microsoft.graph.{kind}", "id": object_id}


def expanded_manager(stage: Stage, person: str) -> dict[str, Any]:
    """The whole default manager; nothing at all where there is none."""
    manager = stage.directory.manager_of(person)
    if manager is None:
        return {}
    return {"manager": typed("user", manager) | _whole(stage, USERS, manager)}


def expanded_owners(stage: Stage, ask: Ask, device: str) -> dict[str, Any]:
    """The first registered owners, each a whole default user object."""
    owners = stage.directory.owners_of(device)[: stage.behaviour.expanded_items]
    return {"registeredOwners": [related(stage, ask, "user", one, None) for one in owners]}


def related(
    stage: Stage, ask: Ask, kind: str, object_id: str, names: tuple[str, ...] | None
) -> dict[str, Any]:
    """A related object with the selected properties of its kind, or its defaults."""
    resource = BY_KIND[kind]
    table = resource.rows(stage.directory)
    chosen = tuple(n for n in names if n in resource.properties) if names else None
    shown = chosen or resource.defaults(table)
    if kind == "user" and not may_see_people(ask):
        return dict.fromkeys(shown) | typed(kind, object_id)
    return typed(kind, object_id) | Projection(table, shown).listed(object_id)


def _whole(stage: Stage, resource: Resource, object_id: str) -> dict[str, Any]:
    table = resource.rows(stage.directory)
    return Projection(table, resource.defaults(table)).listed(object_id)
