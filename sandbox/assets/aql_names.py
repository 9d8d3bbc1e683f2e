"""The names in a query: which field each means, and which types the query addresses."""

from collections.abc import Callable

from sandbox.assets.aql_fields import AttributeField, Field, Ids, MarkField, TypeField
from sandbox.assets.aql_nodes import Both, Either, Name, Node, Query
from sandbox.assets.aql_words import AqlInvalid
from sandbox.assets.model import Attribute, Kind
from sandbox.assets.reading import Reading
from sandbox.assets.workspace import Workspace


class Names:
    """Looks names up in the types that one asker may see."""

    def __init__(self, workspace: Workspace, reading: Reading, visible: frozenset[int]) -> None:
        self._workspace = workspace
        self._reading = reading
        self._visible = visible

    def targets(self, step: AttributeField) -> set[int]:
        """The types a reference points to."""
        roots = [a.target_type_id for a in step.attributes if a.kind is Kind.REFERENCE]
        if not roots:
            raise AqlInvalid(f"Not a reference: {step.attributes[0].name}")
        below = (self._workspace.type_and_below(root) for root in roots if root is not None)
        return set().union(*below) & self._visible

    def field(self, name: Name, types: frozenset[int]) -> Field:
        """What a name looks at. Raises AqlInvalid for an attribute no addressed type has."""
        mark = None if name.quoted else self._type_field(name, types) or self._mark(name, types)
        if mark is not None:
            return mark
        if name.text.casefold() in ("key", "created", "updated"):
            self.attribute_field(name, types)
            return self._born_field(name.text.casefold(), types)
        return self.attribute_field(name, types)

    def _type_field(self, name: Name, types: frozenset[int]) -> TypeField | None:
        space = self._workspace
        namings: dict[str, Callable[[int], str]] = {
            "objecttypeid": str,
            "objecttype": lambda t: space.types[t].name,
            "objectschemaid": lambda t: str(space.types[t].schema_id),
            "objectschema": lambda t: space.schemas[space.types[t].schema_id].name,
        }
        naming = None if name.quoted else namings.get(name.text.casefold())
        return TypeField(space, types, naming) if naming else None

    def _mark(self, name: Name, types: frozenset[int]) -> Field | None:
        folded = name.text.casefold()
        if folded == "objectid":
            return MarkField(self._workspace, types, lambda t: str(t.id), self._by_number)
        if folded == "label":
            labels = self._workspace.labels
            return MarkField(
                self._workspace, types, lambda t: t.label, lambda v: labels.holders(0, v)
            )
        return self._born_field(folded, types) if folded == "key" else None

    def _born_field(self, folded: str, types: frozenset[int]) -> Field:
        if folded == "key":
            return MarkField(self._workspace, types, lambda t: t.key, self._by_key)
        if folded == "created":
            return MarkField(self._workspace, types, lambda t: t.created.isoformat())
        return MarkField(self._workspace, types, lambda t: t.updated.isoformat())

    def _by_number(self, value: str) -> Ids:
        known = value.isascii() and value.isdigit() and int(value) in self._workspace.things
        return {int(value)} if known else frozenset()

    def _by_key(self, value: str) -> Ids:
        thing = self._workspace.by_key(value)
        return {thing.id} if thing else frozenset()

    def attribute_field(self, name: Name, types: frozenset[int]) -> AttributeField:
        """An attribute as the addressed types have it. Raises AqlInvalid."""
        by_type: dict[int, Attribute] = {}
        for number in types:
            attribute = self._workspace.attribute_named(number, name.text)
            if attribute is not None:
                by_type[number] = attribute
        if not by_type:
            raise AqlInvalid(f'No object type has an attribute "{name.text}".')
        return AttributeField(self._workspace, self._reading, by_type)

    def addressed(self, query: Query) -> frozenset[int]:
        """The types a query limits itself to."""
        if query.condition is None:
            return self._visible
        return self._types_of(query.condition)

    def _types_of(self, node: Node) -> frozenset[int]:
        if isinstance(node, Both):
            return self._visible.intersection(*(self._types_of(p) for p in node.parts))
        if isinstance(node, Either):
            return frozenset().union(*(self._types_of(p) for p in node.parts))
        field = self._type_field(node.path[0], self._visible) if len(node.path) == 1 else None
        if field is None or node.operator not in ("=", "==", "IN"):
            return self._visible
        exact = node.operator == "=="
        named = (field.types_equal(v.text, exact=exact) for v in node.values)
        return frozenset().union(*named)

    def order_fields(self, query: Query, types: frozenset[int]) -> tuple[AttributeField, ...]:
        """The attribute(s) of ORDER BY along its path; none for label, key and dates."""
        if not query.order_by:
            return ()
        if len(query.order_by) == 1 and query.order_by[0].text.casefold() in ("label", "key"):
            return ()
        fields: list[AttributeField] = []
        for number, name in enumerate(query.order_by):
            fields.append(self.attribute_field(name, types))
            if number + 1 < len(query.order_by):
                types = frozenset(self.targets(fields[-1]))
        return tuple(fields)
