"""A schema-and-mapping document read into records, with external ids where it left them out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4


@dataclass(frozen=True)
class AttributeDraft:
    """An attribute as the document describes it."""

    external_id: str
    name: str
    type: str
    description: str
    label: bool
    unique: bool
    minimum: int
    maximum: int
    statuses: tuple[str, ...]
    target: str | None  # the external id of a type


@dataclass(frozen=True)
class TypeDraft:
    """An object type as the document describes it."""

    external_id: str
    name: str
    description: str
    parent: str | None
    attributes: tuple[AttributeDraft, ...]


@dataclass(frozen=True)
class AttributeMap:
    """Where an attribute's value lies in an entry."""

    external_id: str
    name: str
    locators: tuple[str, ...]
    identifies: bool
    query: str | None


@dataclass(frozen=True)
class TypeMap:
    """Where a type's entries lie in the submitted data."""

    external_id: str
    name: str
    selector: str
    attributes: tuple[AttributeMap, ...]


@dataclass(frozen=True)
class Document:
    """A whole document."""

    types: tuple[TypeDraft, ...]
    maps: tuple[TypeMap, ...]
    statuses: tuple[tuple[str, str, str], ...]  # name, description, category


def has_external_ids(document: Any) -> tuple[bool, bool]:
    """(any, all) of a document's types, attributes and mapping entries name an external id."""
    named = list(_all_ids(document))
    return any(named), all(named)


def read_document(document: Any) -> Document:
    """The records of a document whose shape was checked."""
    rows = list(_types(document["schema"]["objectSchema"]["objectTypes"], None))
    ids = {row["name"]: _own_id(row) for row, _ in rows}
    types = tuple(_type_draft(row, parent, ids) for row, parent in rows)
    statuses = document["schema"].get("statusSchema", {}).get("statuses", [])
    by_name = {t.name: t for t in types}
    maps = (_type_map(row, by_name) for row in document["mapping"]["objectTypeMappings"])
    known = tuple((s["name"], s["description"], s["category"]) for s in statuses)
    return Document(types, tuple(maps), known)


def _all_ids(document: Any) -> Iterator[bool]:
    for row, _ in _types(document["schema"]["objectSchema"]["objectTypes"], None):
        yield "externalId" in row
        yield from ("externalId" in a for a in row.get("attributes", []))
    for row in document["mapping"]["objectTypeMappings"]:
        yield "objectTypeExternalId" in row
        yield from ("attributeExternalId" in a for a in row.get("attributesMapping", []))


def _types(rows: list[Any], parent: Any) -> Iterator[tuple[Any, Any]]:
    for row in rows:
        yield row, parent
        yield from _types(row.get("children", []), row)


def _own_id(row: Any) -> str:
    return row.get("externalId") or f"cmdb::externalId/{uuid4()}"


def _type_draft(row: Any, parent: Any, ids: dict[str, str]) -> TypeDraft:
    attributes = tuple(_attribute_draft(a, ids) for a in row.get("attributes", []))
    above = ids[parent["name"]] if parent else None
    return TypeDraft(ids[row["name"]], row["name"], row["description"], above, attributes)


def _attribute_draft(row: Any, ids: dict[str, str]) -> AttributeDraft:
    target = row.get("referenceObjectTypeExternalId")
    if target is None and "referenceObjectTypeName" in row:
        target = ids.get(row["referenceObjectTypeName"], row["referenceObjectTypeName"])
    return AttributeDraft(
        _own_id(row),
        row["name"],
        row["type"],
        row["description"],
        row.get("label", False),
        row.get("unique", False),
        row.get("minimumCardinality", 0),
        row.get("maximumCardinality", 1),
        tuple(row.get("typeValues") or ()),
        target,
    )


def _type_map(row: Any, by_name: dict[str, TypeDraft]) -> TypeMap:
    draft = by_name.get(row["objectTypeName"])
    number = row.get("objectTypeExternalId") or (draft.external_id if draft else "")
    ids = {a.name: a.external_id for a in draft.attributes} if draft else {}
    attributes = tuple(
        AttributeMap(
            a.get("attributeExternalId") or ids.get(a["attributeName"], ""),
            a["attributeName"],
            tuple(a["attributeLocators"]),
            a.get("externalIdPart", False),
            a.get("objectMappingIQL"),
        )
        for a in row.get("attributesMapping", [])
    )
    return TypeMap(number, row["objectTypeName"], row["selector"], attributes)
