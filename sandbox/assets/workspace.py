"""One workspace in memory: what exists, and the indexes that keep asking it fast.

It stores what it is given. Values are checked in `values`, permissions in `roles`.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sandbox.assets.index import ValueIndex
from sandbox.assets.model import Attribute, Kind, ObjectType, Schema, Status, Thing

Values = Mapping[int, tuple[str, ...]]


class Workspace:
    """Schemas, types, statuses and objects. Hold `lock` around anything that must be one step."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.version = 0  # moves with every write, so that a sorted answer may be kept
        self.schemas: dict[int, Schema] = {}
        self.types: dict[int, ObjectType] = {}
        self.attributes: dict[int, Attribute] = {}
        self.statuses: dict[int, Status] = {}
        self.things: dict[int, Thing] = {}
        self.things_by_type: dict[int, set[int]] = defaultdict(set)
        self.values = ValueIndex()
        self.labels = ValueIndex()  # under attribute 0: every object by its label
        self._last = 0

    def next_id(self) -> int:
        """A number no other record of this workspace has."""
        with self.lock:
            self._last += 1
            return self._last

    # --- structure

    def add_schema(self, name: str, key: str, description: str = "") -> Schema:
        """A new schema."""
        with self.lock:
            now = self.clock()
            schema = Schema(self.next_id(), name, key, description, now, now)
            self.schemas[schema.id] = schema
            self.version += 1
            return schema

    def add_type(self, schema_id: int, name: str, **more: Any) -> ObjectType:
        """A new type, born with Key, Name, Created and Updated unless it inherits them."""
        with self.lock:
            now = self.clock()
            made = ObjectType(self.next_id(), name, schema_id, now, now, **more)
            made.position = sum(1 for t in self.types.values() if t.schema_id == schema_id)
            self.types[made.id] = made
            if not self._inherits(made):
                self._add_born_attributes(made)
            self.version += 1
            return made

    def add_attribute(self, type_id: int, name: str, **more: Any) -> Attribute:
        """A new attribute of a type."""
        with self.lock:
            attribute = Attribute(self.next_id(), type_id, name, **more)
            attribute.position = len(self.attributes_of(type_id))
            self.types[type_id].own.append(attribute)
            self.attributes[attribute.id] = attribute
            self.version += 1
            return attribute

    def add_status(
        self, name: str, category: int, description: str = "", schema_id: int | None = None
    ) -> Status:
        """A new status of a schema, or a global one."""
        with self.lock:
            status = Status(self.next_id(), name, description, category, schema_id)
            self.statuses[status.id] = status
            self.version += 1
            return status

    def set_label(self, type_id: int, attribute: Attribute) -> None:
        """Let this attribute be the label of a type's objects."""
        for other in self.attributes_of(type_id):
            other.label = other is attribute
        self.version += 1

    def attributes_of(self, type_id: int) -> list[Attribute]:
        """A type's attributes, inherited ones first."""
        found = self.types[type_id]
        above = self.attributes_of(found.parent_id or 0) if self._inherits(found) else []
        return [*above, *found.own]

    def attribute_named(self, type_id: int, name: str) -> Attribute | None:
        """An attribute of a type by its name, ignoring case."""
        folded = name.casefold()
        return next((a for a in self.attributes_of(type_id) if a.name.casefold() == folded), None)

    def type_and_below(self, type_id: int) -> set[int]:
        """A type and every type under it."""
        found = {type_id}
        grown = True
        while grown:
            more = {t.id for t in self.types.values() if t.parent_id in found} - found
            found |= more
            grown = bool(more)
        return found

    def statuses_for(self, schema_id: int) -> list[Status]:
        """A schema's own statuses and the global ones."""
        return [s for s in self.statuses.values() if s.schema_id in (None, schema_id)]

    def _inherits(self, found: ObjectType) -> bool:
        parent = self.types.get(found.parent_id or 0)
        return parent is not None and parent.inherited

    def _add_born_attributes(self, made: ObjectType) -> None:
        fixed: dict[str, Any] = {"system": True, "editable": False}
        self.add_attribute(made.id, "Key", **fixed)
        self.add_attribute(made.id, "Name", label=True, minimum=1)
        self.add_attribute(made.id, "Created", default_type=6, **fixed)
        self.add_attribute(made.id, "Updated", default_type=6, **fixed)

    # --- objects

    def add_thing(self, type_id: int, values: Values) -> Thing:
        """A new object with values that were checked before."""
        with self.lock:
            number, now = self.next_id(), self.clock()
            schema = self.schemas[self.types[type_id].schema_id]
            thing = Thing(number, f"{schema.key}-{number}", type_id, now, now)
            self.things[number] = thing
            self.things_by_type[type_id].add(number)
            self._write(thing, values)
            return thing

    def change_thing(self, thing: Thing, values: Values) -> None:
        """Replace the values of the named attributes; () clears one."""
        with self.lock:
            thing.updated = self.clock()
            self._write(thing, values)

    def remove_thing(self, thing: Thing) -> None:
        """Delete an object; references to it go too."""
        with self.lock:
            for attribute_id, other in list(self.referrers(thing.id)):
                left = tuple(v for v in other.values[attribute_id] if v != str(thing.id))
                self._write(other, {attribute_id: left})
            self._write(thing, dict.fromkeys(thing.values, ()))
            self.labels.drop(0, [thing.label], thing.id)
            self.things_by_type[thing.type_id].discard(thing.id)
            del self.things[thing.id]
            self.version += 1

    def referrers(self, object_id: int) -> Iterator[tuple[int, Thing]]:
        """Every (attribute id, object) that references an object."""
        for attribute in self.attributes.values():
            if attribute.kind is Kind.REFERENCE:
                for holder in tuple(self.values.holders(attribute.id, str(object_id))):
                    yield attribute.id, self.things[holder]

    def by_key(self, key: str) -> Thing | None:
        """An object by its key, ignoring case."""
        number = key.rpartition("-")[2]
        thing = self.things.get(int(number)) if number.isascii() and number.isdigit() else None
        return thing if thing is not None and thing.key.casefold() == key.casefold() else None

    def _write(self, thing: Thing, values: Values) -> None:
        for attribute_id, new in values.items():
            self.values.drop(attribute_id, thing.values.get(attribute_id, ()), thing.id)
            self.values.add(attribute_id, new, thing.id)
            if new:
                thing.values[attribute_id] = new
            else:
                thing.values.pop(attribute_id, None)
        self._relabel(thing)
        self.version += 1

    def _relabel(self, thing: Thing) -> None:
        named = next((a.id for a in self.attributes_of(thing.type_id) if a.label), 0)
        label = next(iter(thing.values.get(named, ())), thing.key)
        if label != thing.label:
            self.labels.drop(0, [thing.label], thing.id)
            self.labels.add(0, [label], thing.id)
            thing.label = label
