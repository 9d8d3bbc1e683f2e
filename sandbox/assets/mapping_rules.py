"""What a schema-and-mapping document may say, given what the workspace already holds.

Codes marked with a star are seen in practice; the others are this stand-in's own.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.assets.aql_tree import parse
from sandbox.assets.aql_words import AqlInvalid, read_words
from sandbox.assets.mapping_document import AttributeDraft, AttributeMap, Document, TypeDraft
from sandbox.assets.mapping_types import kind_of
from sandbox.assets.model import UNLIMITED, Attribute, ObjectType
from sandbox.assets.workspace import Workspace

UNKNOWN_MAPPING = "UNKNOWN_EXTERNAL_ID_MAPPING"  # *
MISMATCH = "EXTERNAL_ID_MISMATCH"  # *
UNKNOWN_REFERENCE = "UNKNOWN_REFERENCE"  # *
DUPLICATE_ID = "DUPLICATE_EXTERNAL_ID"
DUPLICATE_NAME = "DUPLICATE_NAME"
NOT_CHANGEABLE = "CHANGE_NOT_SUPPORTED"
UNKNOWN_STATUS = "UNKNOWN_STATUS"
NO_IDENTIFIER = "MISSING_EXTERNAL_ID_PART"
BAD_QUERY = "INVALID_OBJECT_MAPPING_IQL"
BAD_CARDINALITY = "INVALID_CARDINALITY"


@dataclass(frozen=True)
class Problem:
    """One thing a document may not say."""

    code: str
    message: str


class Rules:
    """Judges a document for one schema of a workspace."""

    def __init__(self, workspace: Workspace, schema_id: int, document: Document) -> None:
        self._workspace = workspace
        self._schema_id = schema_id
        self._document = document
        self._types = {t.external_id: t for t in workspace.types.values() if t.external_id}
        self._attributes = {
            a.external_id: a for a in workspace.attributes.values() if a.external_id
        }

    def problems(self) -> list[Problem]:
        """Every problem, not only the first."""
        return [*self._ids(), *self._all_types(), *self._all_maps()]

    def _ids(self) -> Iterator[Problem]:
        ids = Counter(t.external_id for t in self._document.types)
        ids.update(a.external_id for t in self._document.types for a in t.attributes)
        for number, count in ids.items():
            if count > 1:
                yield Problem(DUPLICATE_ID, f"{number} stands in the document {count} times")

    def _all_types(self) -> Iterator[Problem]:
        names = Counter(t.name.casefold() for t in self._document.types)
        for draft in self._document.types:
            if names[draft.name.casefold()] > 1:
                yield Problem(DUPLICATE_NAME, f"More than one object type {draft.name}")
            yield from self._type(draft)
            for attribute in draft.attributes:
                yield from self._attribute(draft, attribute)

    def _type(self, draft: TypeDraft) -> Iterator[Problem]:
        known = self._types.get(draft.external_id)
        if draft.external_id in self._attributes:
            yield Problem(DUPLICATE_ID, f"{draft.external_id} is an attribute's")
        if known is None:
            if self._named(draft.name) is not None:
                yield Problem(DUPLICATE_NAME, f"The schema has an object type {draft.name}")
        elif known.schema_id != self._schema_id:
            yield Problem(DUPLICATE_ID, f"{draft.external_id} is used in another schema")
        elif known.name != draft.name:
            yield Problem(NOT_CHANGEABLE, f"{known.name} may not be renamed to {draft.name}")
        yield from self._attribute_names(draft)

    def _attribute_names(self, draft: TypeDraft) -> Iterator[Problem]:
        labels = [a.name for a in draft.attributes if a.label]
        if len(labels) > 1:
            yield Problem(MISMATCH, f"{draft.name} has more than one label: {labels}")
        names = Counter(a.name.casefold() for a in draft.attributes)
        for name, count in names.items():
            if count > 1:
                yield Problem(DUPLICATE_NAME, f"{draft.name} has {count} attributes {name}")

    def _named(self, name: str) -> ObjectType | None:
        """A type of the schema that has this name and another external id."""
        folded = name.casefold()
        for found in self._workspace.types.values():
            same = found.schema_id == self._schema_id and found.name.casefold() == folded
            if same and found.external_id:
                return found
        return None

    def _attribute(self, draft: TypeDraft, attribute: AttributeDraft) -> Iterator[Problem]:
        at = f"{draft.name}.{attribute.name}"
        known = self._attributes.get(attribute.external_id)
        if attribute.external_id in self._types:
            yield Problem(DUPLICATE_ID, f"{attribute.external_id} is an object type's")
        if known is not None:
            yield from self._known_attribute(draft, attribute, known)
        if attribute.maximum != UNLIMITED and attribute.minimum > attribute.maximum:
            yield Problem(BAD_CARDINALITY, f"{at}: minimum is above maximum")
        if attribute.type == "referenced_object":
            drafted = {t.external_id for t in self._document.types}
            if attribute.target is None or attribute.target not in drafted | set(self._types):
                yield Problem(UNKNOWN_REFERENCE, f"{at}: {attribute.target} is not known")
        statuses = {name for name, _, _ in self._document.statuses}
        statuses |= {s.name for s in self._workspace.statuses_for(self._schema_id)}
        for name in attribute.statuses:
            if name not in statuses:
                yield Problem(UNKNOWN_STATUS, f"{at}: {name} is not known")

    def _known_attribute(
        self, draft: TypeDraft, attribute: AttributeDraft, known: Attribute
    ) -> Iterator[Problem]:
        owner = self._workspace.types[known.type_id]
        if owner.external_id != draft.external_id:
            yield Problem(DUPLICATE_ID, f"{attribute.external_id} belongs to {owner.name}")
        if known.name != attribute.name:
            yield Problem(NOT_CHANGEABLE, f"{known.name} may not be renamed to {attribute.name}")
        if (known.kind, known.default_type) != kind_of(attribute.type) and not known.system:
            yield Problem(NOT_CHANGEABLE, f"{known.name} may not become {attribute.type}")

    # --- the mapping

    def _all_maps(self) -> Iterator[Problem]:
        types = {t.external_id: t.name for t in self._types.values() if t.external_id}
        types |= {t.external_id: t.name for t in self._document.types}
        for row in self._document.maps:
            if types.get(row.external_id) is None:
                yield Problem(UNKNOWN_MAPPING, f"Object type {row.name}: {row.external_id}")
                continue
            if types[row.external_id] != row.name:
                yield Problem(MISMATCH, f"{row.external_id} is not {row.name}")
            if not any(a.identifies for a in row.attributes):
                yield Problem(NO_IDENTIFIER, f"{row.name} has no attribute that identifies it")
            for attribute in row.attributes:
                yield from self._attribute_map(row.external_id, row.name, attribute)

    def _attribute_map(self, type_id: str, name: str, row: AttributeMap) -> Iterator[Problem]:
        at = f"{name}.{row.name}"
        known = self._names_of(type_id).get(row.external_id)
        if known is None:
            yield Problem(UNKNOWN_MAPPING, f"{at}: {row.external_id}")
            return
        if known[0] != row.name:
            yield Problem(MISMATCH, f"{at}: {row.external_id} is {known[0]}")
        if row.query is None:
            return
        if known[1] != "referenced_object":
            yield Problem(BAD_QUERY, f"{at}: only a reference has a query")
        yield from _query_problems(at, row)

    def _names_of(self, type_id: str) -> dict[str, tuple[str, str]]:
        """Name and type by external id, of a type's attributes, known or in the document."""
        found: dict[str, tuple[str, str]] = {}
        known = self._types.get(type_id)
        for attribute in self._workspace.attributes_of(known.id) if known else []:
            if attribute.external_id:
                kind = "referenced_object" if attribute.target_type_id else ""
                found[attribute.external_id] = (attribute.name, kind)
        for draft in self._document.types:
            if draft.external_id == type_id:
                found |= {a.external_id: (a.name, a.type) for a in draft.attributes}
        return found


def _query_problems(at: str, row: AttributeMap) -> Iterator[Problem]:
    try:
        parse(row.query or "")
    except AqlInvalid as problem:
        yield Problem(BAD_QUERY, f"{at}: {problem}")
        return
    places = {word.text for word in read_words(row.query or "") if word.kind == "place"}
    for place in sorted(places - set(row.locators)):
        yield Problem(BAD_QUERY, f"{at}: ${{{place}}} is not one of its locators")
