"""What a condition can look at: an object's own marks (type, key, label) and its attributes.

A field gives sets of object ids; callers never change a set they were given.
"""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import Protocol

from sandbox.assets.model import Attribute, Kind, Thing
from sandbox.assets.reading import Reading
from sandbox.assets.workspace import Workspace

Ids = AbstractSet[int]
Wanted = Callable[[str], bool]  # on text already folded


class Field(Protocol):
    """One thing a condition can look at."""

    def equal(self, value: str, *, exact: bool) -> Ids:
        """Objects whose value is this one."""

    def matching(self, wanted: Wanted) -> Ids:
        """Objects with a value, folded, that is wanted."""

    def filled(self) -> Ids:
        """Objects with any value."""

    def everything(self) -> Ids:
        """Objects that could have a value."""


def objects_of(workspace: Workspace, types: Iterable[int]) -> set[int]:
    """Every object of these types."""
    return set().union(*(workspace.things_by_type[t] for t in types))


class TypeField:
    """objectType, objectTypeId, objectSchema, objectSchemaId: `naming` gives a type's text."""

    def __init__(
        self, workspace: Workspace, types: Iterable[int], naming: Callable[[int], str]
    ) -> None:
        self._workspace = workspace
        self._names = {t: naming(t) for t in types}

    def types_equal(self, value: str, *, exact: bool) -> set[int]:
        """The types themselves, before their objects."""
        if exact:
            return {t for t, name in self._names.items() if name == value}
        return {t for t, name in self._names.items() if name.casefold() == value.casefold()}

    def equal(self, value: str, *, exact: bool) -> Ids:
        types = self.types_equal(value, exact=exact)
        if len(types) == 1:
            return self._workspace.things_by_type[next(iter(types))]
        return objects_of(self._workspace, types)

    def matching(self, wanted: Wanted) -> Ids:
        types = [t for t, name in self._names.items() if wanted(name.casefold())]
        return objects_of(self._workspace, types)

    def filled(self) -> Ids:
        return objects_of(self._workspace, self._names)

    everything = filled


class MarkField:
    """objectId, Key, label and the two dates: something every object has."""

    def __init__(
        self,
        workspace: Workspace,
        types: Iterable[int],
        mark: Callable[[Thing], str],
        find: Callable[[str], Ids] | None = None,
    ) -> None:
        self._workspace = workspace
        self._types = tuple(types)
        self._mark = mark
        self._find = find

    def equal(self, value: str, *, exact: bool) -> Ids:
        folded = value.casefold()
        found = self._find(value) if self._find else self.matching(lambda text: text == folded)
        if not exact:
            return found
        return {n for n in found if self._mark(self._workspace.things[n]) == value}

    def matching(self, wanted: Wanted) -> Ids:
        things = self._workspace.things
        return {n for n in self.filled() if wanted(self._mark(things[n]).casefold())}

    def filled(self) -> Ids:
        return objects_of(self._workspace, self._types)

    everything = filled


class AttributeField:
    """One attribute name, as each addressed type has it."""

    def __init__(
        self, workspace: Workspace, reading: Reading, by_type: dict[int, Attribute]
    ) -> None:
        self._workspace = workspace
        self._reading = reading
        self._types = tuple(by_type)
        self.attributes = list({a.id: a for a in by_type.values()}.values())

    def equal(self, value: str, *, exact: bool) -> Ids:
        sets: list[Ids] = []
        for attribute in self.attributes:
            for form in self._reading.stored_forms(attribute, value):
                found: Ids = self._workspace.values.holders(attribute.id, form)
                if exact:
                    found = {n for n in found if self._exact(attribute, n, value)}
                sets.append(found)
        return sets[0] if len(sets) == 1 else set().union(*sets)

    def matching(self, wanted: Wanted) -> Ids:
        found: set[int] = set()
        for attribute in self.attributes:
            for stored, holders in self._workspace.values.entries(attribute.id).items():
                text = stored
                if attribute.kind is not Kind.DEFAULT:
                    text = self._reading.text(attribute, stored).casefold()
                if wanted(text):
                    found |= holders
        return found

    def filled(self) -> Ids:
        return set().union(*(self._workspace.values.filled(a.id) for a in self.attributes))

    def everything(self) -> Ids:
        return objects_of(self._workspace, self._types)

    def holding(self, targets: Ids) -> Ids:
        """Objects that reference one of these objects."""
        found: set[int] = set()
        for attribute in self.attributes:
            entries = self._workspace.values.entries(attribute.id)
            if len(targets) < len(entries):
                found.update(*(entries.get(str(n), ()) for n in targets))
            else:
                found.update(*(held for n, held in entries.items() if int(n) in targets))
        return found

    def _exact(self, attribute: Attribute, number: int, value: str) -> bool:
        return self._reading.exactly(attribute, self._workspace.things[number], value)
