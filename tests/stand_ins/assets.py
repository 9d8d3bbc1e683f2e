"""A workspace of Assets in memory: kinds, objects, AQL. Counts what it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from app.errors import NotAllowed, NotThere, RequestRefused
from app.inventory import AssetObject, Attribute, AttributeType, ObjectType, Page, Schema, Value
from tests.stand_ins.aql import BadAql, Both, Node, read_aql

KEYWORDS = {"objecttypeid", "objectschemaid", "objectid", "key", "label"}


@dataclass
class AssetsShelf:
    most_per_page: int = 1000
    says_last: bool = True  # False: "more follows" on every page but an empty one
    tells_total: bool = False
    schemas_: dict[str, Schema] = field(default_factory=dict)
    types: dict[str, ObjectType] = field(default_factory=dict)
    attributes_: dict[str, list[Attribute]] = field(default_factory=dict)
    objects: dict[str, AssetObject] = field(default_factory=dict)
    queries: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    updates: list[tuple[str, str, dict[str, list[str]]]] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)  # ids of types and schemas
    fails_with: Exception | None = None

    def __post_init__(self) -> None:
        self._ids = count(1)

    # What a test puts in.

    def add_schema(self, key: str) -> str:
        schema_id = str(next(self._ids))
        self.schemas_[schema_id] = Schema(schema_id, f"{key} schema", key)
        return schema_id

    def add_type(self, schema_id: str, name: str, parent: str | None = None) -> str:
        type_id = str(next(self._ids))
        self.types[type_id] = ObjectType(type_id, name, schema_id, parent)
        inherited = [
            replace(one, object_type_id=type_id) for one in self.attributes_.get(parent or "", [])
        ]
        self.attributes_[type_id] = inherited
        return type_id

    def add_attribute(
        self,
        type_id: str,
        name: str,
        kind: AttributeType = AttributeType.DEFAULT,
        *,
        hidden: bool = False,
        points_to: str | None = None,
    ) -> str:
        attribute_id = str(next(self._ids))
        self.attributes_[type_id].append(
            Attribute(
                attribute_id, name, type_id, int(kind), hidden=hidden, reference_type_id=points_to
            )
        )
        return attribute_id

    def add(self, type_id: str, label: str, **values: Value | str | list[Value]) -> AssetObject:
        """Values by attribute name, `_` for a blank."""
        object_id = str(next(self._ids))
        key = f"{self.schemas_[self.types[type_id].schema_id].key}-{object_id}"
        by_name = {one.name: one.id for one in self.attributes_[type_id]}
        kept: dict[str, tuple[Value, ...]] = {}
        for name, given in values.items():
            listed = given if isinstance(given, list) else [given]
            kept[by_name[name.replace("_", " ")]] = tuple(
                Value("text", one, one) if isinstance(one, str) else one for one in listed
            )
        made = AssetObject(object_id, key, label, type_id, kept, "2026-01-02T03:04:05.000Z")
        self.objects[object_id] = made
        return made

    def to(self, target: AssetObject) -> Value:
        of_type = self.types[target.object_type_id]
        return Value(
            "reference", target.label, target.key, target.id, of_type.id, of_type.schema_id
        )

    # The port.

    def schemas(self) -> list[Schema]:
        self._called("schemas")
        return list(self.schemas_.values())

    def object_types(self, schema_id: str) -> list[ObjectType]:
        self._called("object_types")
        if schema_id in self.unreadable:
            raise NotAllowed
        return [one for one in self.types.values() if one.schema_id == schema_id]

    def attributes(self, object_type_id: str) -> list[Attribute]:
        self._called("attributes")
        if object_type_id in self.unreadable:
            raise NotThere
        return list(self.attributes_[object_type_id])

    def search(self, aql: str, start_at: int, limit: int) -> Page:
        self._called("search")
        self.queries.append(aql)
        try:
            question = read_aql(aql)
            found = [one for one in self.objects.values() if self._fits(question.where, one)]
        except BadAql:
            raise RequestRefused("400") from None
        found.sort(key=lambda one: one.label.lower(), reverse=question.descending)
        size = min(limit, self.most_per_page)
        given = found[start_at : start_at + size]
        ends = start_at + size >= len(found) if self.says_last else not given
        return Page(tuple(given), ends, {}, len(found) if self.tells_total else None)

    def count(self, aql: str) -> int:
        self._called("count")
        self.queries.append(aql)
        try:
            where = read_aql(aql).where
            return sum(self._fits(where, one) for one in self.objects.values())
        except BadAql:
            raise RequestRefused("400") from None

    def object(self, object_id: str) -> AssetObject | None:
        self._called("object")
        return self.objects.get(object_id)

    def update(
        self, object_id: str, object_type_id: str, values: Mapping[str, Sequence[str]]
    ) -> None:
        self._called("update")
        self.updates.append((object_id, object_type_id, {k: list(v) for k, v in values.items()}))
        kinds = {one.id: one.type for one in self.attributes_[object_type_id]}
        kept = dict(self.objects[object_id].values)
        for key, given in values.items():
            kind = "user" if kinds[key] == AttributeType.USER else "text"
            kept[key] = tuple(Value(kind, one, one) for one in given)
        self.objects[object_id] = replace(self.objects[object_id], values=kept)

    def aql_calls(self) -> int:
        return self.calls.count("search")

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self.fails_with:
            raise self.fails_with

    def _fits(self, node: Node, one: AssetObject) -> bool:
        if isinstance(node, Both):
            fits = (self._fits(part, one) for part in node.parts)
            # No short cut: an unknown name makes the whole question wrong.
            results = list(fits)
            return any(results) if node.any_ else all(results)
        said = self._said(node.path, node.quoted, one)
        if node.test is None:
            return bool(said) == node.filled
        return any(map(node.test, said))

    def _said(self, path: tuple[str, ...], quoted: bool, one: AssetObject) -> list[str]:
        name, *rest = path
        if not rest and not quoted and name.lower() in KEYWORDS:
            return [self._keyword(name.lower(), one)]
        if not any(at.name == name for kinds in self.attributes_.values() for at in kinds):
            raise BadAql(f"no attribute {len(name)}")
        ids = [at.id for at in self.attributes_[one.object_type_id] if at.name == name]
        values = [value for key in ids for value in one.values.get(key, ())]
        if not rest:
            return [text for value in values for text in (value.text, value.key)]
        pointed = [self.objects[value.object_id] for value in values if value.object_id]
        keyword = rest[0].lower() in KEYWORDS
        return [text for target in pointed for text in self._said(tuple(rest), not keyword, target)]

    def _keyword(self, name: str, one: AssetObject) -> str:
        return {
            "objecttypeid": one.object_type_id,
            "objectschemaid": self.types[one.object_type_id].schema_id,
            "objectid": one.key.rpartition("-")[2],
            "key": one.key,
            "label": one.label,
        }[name]


def account(account_id: str, name: str = "Somebody") -> Value:
    return Value("user", name, account_id)
