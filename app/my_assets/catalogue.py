"""What kinds of assets an instance has: schemas, types with their parents, attributes. No persons.

What the saved account may not read is absent, and what is absent is nobody's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, TypeVar

from app.errors import NotAllowed, NotThere
from app.inventory import Attribute, ObjectType, Schema
from app.my_assets.ports import Assets

PERSON_TYPE: Final = "Person"  # the import made it: see the contract, types it fills
ENTRA_ID: Final = "Entra ID"
EMAIL: Final = "Email"
JIRA_ACCOUNT: Final = "Jira account"

Found = TypeVar("Found")


@dataclass(frozen=True)
class Catalogue:
    """By id; `attributes` by the id of their object type, in the order of Assets.

    `person_schema` is the id of the schema that the import fills, None where it is not known.
    """

    schemas: Mapping[str, Schema]
    types: Mapping[str, ObjectType]
    attributes: Mapping[str, tuple[Attribute, ...]]
    person_schema: str | None = None
    schema_of: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        by_type = {one.id: one.schema_id for one in self.types.values()}
        object.__setattr__(self, "schema_of", by_type)

    def lineage(self, type_id: str) -> tuple[str, ...]:
        """The type and its parents, nearest first. A parent that cannot be read ends it."""
        line: dict[str, None] = {}
        current: str | None = type_id
        while current is not None and current not in line:
            line[current] = None
            known = self.types.get(current)
            current = known.parent_id if known else None
        return tuple(line)

    def attribute(self, type_id: str, name: str) -> Attribute | None:
        named = (one for one in self.attributes.get(type_id, ()) if one.name == name)
        return next(named, None)

    def person_types(self) -> tuple[str, ...]:
        """The types that hold imported people.

        Whoever may create a schema can make a type of that name, and themselves anybody in it: so
        only the import's own counts. Where that is not known, it must at least look like it.
        """
        return tuple(
            one.id
            for one in self.types.values()
            if one.name == PERSON_TYPE
            and self.person_schema in (None, one.schema_id)
            and all(self.attribute(one.id, name) for name in self._person_attributes())
        )

    def _person_attributes(self) -> tuple[str, ...]:
        return (ENTRA_ID,) if self.person_schema is not None else (ENTRA_ID, JIRA_ACCOUNT, EMAIL)


def load_catalogue(
    assets: Assets, person_schema: Callable[[], str | None], pool: Executor
) -> Catalogue:
    """Ask Assets: one round for schemas, one for types, one for attributes, each in parallel.

    Call it outside the pool's own threads: it waits for tasks in the pool.
    """
    people_in = pool.submit(person_schema)
    schemas = assets.schemas()
    lists = _each(pool, assets.object_types, [one.id for one in schemas])
    listed = (one for found in lists.values() for one in found)
    types = {one.id: one for one in listed if one.schema_id in lists}
    attributes = _each(pool, assets.attributes, types)
    return Catalogue(
        schemas={one.id: one for one in schemas if one.id in lists},
        types={key: one for key, one in types.items() if key in attributes},
        attributes={key: tuple(found) for key, found in attributes.items()},
        person_schema=people_in.result(),
    )


def _each(pool: Executor, ask: Callable[[str], Found], ids: Iterable[str]) -> Mapping[str, Found]:
    asked = {one: pool.submit(ask, one) for one in ids}
    found = {}
    try:
        for one, answer in asked.items():
            with suppress(NotAllowed, NotThere):
                found[one] = answer.result()
    finally:
        for answer in asked.values():
            answer.cancel()  # after a failure nobody wants the others
    return found
