"""What a run stands on: the import's links, and the types and attributes that Assets has by now.

Types are found by name, so that existing ones are adopted. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.imports.kinds.entries import Shape
from app.imports.kinds.table import (
    ENTRA_ID,
    JIRA_ACCOUNT,
    KINDS,
    PERSON,
    Kind,
    KindName,
    Reference,
)
from app.imports.run.ports import ImportLinks
from app.inventory import Attribute as AssetsAttribute
from app.inventory import ObjectType


@dataclass(frozen=True)
class TypeGround:
    """One existing type: `attributes` maps the table's names to what Assets has of them.

    `above` are the ids of the types above it.
    """

    id: str
    name: str
    attributes: Mapping[str, AssetsAttribute]
    key_name: str = ENTRA_ID.name
    description: str = ""
    abstract: bool = False
    above: frozenset[str] = frozenset()

    @property
    def identity(self) -> AssetsAttribute:
        """The attribute that tells its objects apart. Raises KeyError: see `identifies`."""
        return self.attributes[self.key_name]

    @property
    def identifies(self) -> bool:
        """Whether the type has that attribute already."""
        return self.key_name in self.attributes

    @property
    def ids(self) -> dict[str, str]:
        return {name: attribute.id for name, attribute in self.attributes.items()}


@dataclass(frozen=True)
class Ground:
    """`types` holds the kinds whose type exists; `asked` are the kinds this run reads.

    `managed`: Intune is read. `mapped` are the ids of the types that the import fills in Assets,
    None if it does not say. `kept` are switched off, but an execution without them would harm them.
    `fitted` are kinds as their existing types can hold them.
    """

    links: ImportLinks
    schema_id: str
    schema_name: str
    asked: tuple[Kind, ...]
    types: Mapping[KindName, TypeGround]
    status_ids: Mapping[str, str] = field(default_factory=dict)
    managed: bool = False
    mapped: frozenset[str] | None = None
    kept: tuple[Kind, ...] = ()
    fitted: Mapping[KindName, Kind] = field(default_factory=dict)

    def reachable(self, reference: Reference) -> bool:
        """Whether there is, or will be, a type that the reference can point to.

        A type that only shares its name with departments or locations is not pointed to.
        """
        asked = any(kind.name == reference.target for kind in self.asked)
        return asked or (reference.target in self.types and not reference.by_name)

    def shape(self, kind: Kind) -> Shape:
        """How objects of a kind are compared in this run."""
        pointing = [each for each in kind.references if self.reachable(each)]
        fitting = self.fitted.get(kind.name, kind)
        return Shape(fitting, pointing, managed=self.managed)

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


def type_ground(
    kind: Kind,
    found: ObjectType,
    attributes: Sequence[AssetsAttribute],
    above: frozenset[str] = frozenset(),
) -> TypeGround:
    by_name = {each.name.casefold(): each for each in attributes}
    names = [*(each.name for each in kind.parts), JIRA_ACCOUNT]
    held = {name: by_name[name.casefold()] for name in names if name.casefold() in by_name}
    return TypeGround(
        found.id, found.name, held, kind.identity.name, found.description, found.abstract, above
    )


def still_mapped(
    asked: Sequence[Kind], types: Mapping[KindName, TypeGround], mapped: frozenset[str] | None
) -> tuple[Kind, ...]:
    """The kinds that are switched off and that an earlier run has mapped.

    A mapping is merged and never taken back, so Assets would miss their objects in an execution.
    Where Assets does not say what is mapped, it is judged by what only an import can have made.
    """
    if mapped is None:
        person = types.get("person")
        named = {each.target for each in PERSON.references if each.by_name}
        made = {each.target for each in PERSON.references if person and each.name in person.ids}
        mapped = frozenset(
            there.id
            for name, there in types.items()
            if there.identifies and (name not in named or name in made)
        )
    off = (kind for kind in KINDS if kind not in asked and kind.name in types)
    return tuple(kind for kind in off if types[kind.name].id in mapped)
