"""What a run stands on: the import's links, and the types and attributes that Assets has by now.

Types are found by name, so that existing ones are adopted. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.imports.kinds import JIRA_ACCOUNT, Attribute, Kind, KindName, Reference
from app.imports.ports import ImportLinks
from app.inventory import Attribute as AssetsAttribute
from app.inventory import AttributeType, ObjectType


@dataclass(frozen=True)
class TypeGround:
    """One existing type: `attributes` maps the table's names to what Assets has of them."""

    id: str
    name: str
    attributes: Mapping[str, AssetsAttribute]

    @property
    def ids(self) -> dict[str, str]:
        return {name: attribute.id for name, attribute in self.attributes.items()}


@dataclass(frozen=True)
class Ground:
    """`types` holds the kinds whose type exists; `asked` are the kinds this run reads."""

    links: ImportLinks
    schema_id: str
    schema_name: str
    asked: tuple[Kind, ...]
    types: Mapping[KindName, TypeGround]
    status_ids: Mapping[str, str] = field(default_factory=dict)

    def reachable(self, reference: Reference) -> bool:
        """Whether there is, or will be, a type that the reference can point to."""
        return reference.target in self.types or any(
            kind.name == reference.target for kind in self.asked
        )

    def complete(self) -> bool:
        """Whether each type asked has each attribute of the table."""
        return all(
            kind.name in self.types
            and all(each.name in self.types[kind.name].attributes for each in kind.plain)
            and all(
                each.name in self.types[kind.name].attributes
                for each in kind.references
                if self.reachable(each)
            )
            for kind in self.asked
        )


def find_type(kind: Kind, types: Sequence[ObjectType]) -> ObjectType | None:
    """The type with the kind's name, ignoring case; a root type before a child type."""
    named = [each for each in types if each.name.casefold() == kind.type_name.casefold()]
    return min(named, key=lambda each: each.parent_id is not None, default=None)


def type_ground(kind: Kind, found: ObjectType, attributes: Sequence[AssetsAttribute]) -> TypeGround:
    by_name = {each.name.casefold(): each for each in attributes}
    names = [*(each.name for each in kind.parts), JIRA_ACCOUNT]
    held = {name: by_name[name.casefold()] for name in names if name.casefold() in by_name}
    return TypeGround(found.id, found.name, held)


def in_the_way(ground: Ground) -> list[str]:
    """Existing attributes that have the right name and a type that cannot hold the values."""
    return [
        f"{ground.types[kind.name].name}: {attribute.name}"
        for kind in ground.asked
        if kind.name in ground.types
        for each in kind.parts
        if (attribute := ground.types[kind.name].attributes.get(each.name)) is not None
        and attribute.type != _expected(each)
    ]


def _expected(each: Attribute | Reference) -> AttributeType:
    if isinstance(each, Reference):
        return AttributeType.REFERENCE
    return AttributeType.STATUS if each.form == "status" else AttributeType.DEFAULT
