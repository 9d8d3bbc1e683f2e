"""The shapes of Assets answers, turned into the inventory's values; never a call, never a guess.

What an identity or a decision rests on must be there, or ServiceFailed is raised.
Source: Assets REST API v1 (swagger 3.1.135.77): AssetObject, ObjectTypeAttribute, ObjectSchema.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.inventory import (
    AssetObject,
    Attribute,
    ImportSource,
    ObjectType,
    Schema,
    StatusType,
    Usage,
    Value,
)
from app.outside.answers import flag
from app.outside.atlassian.assets_fields import (
    first,
    moment,
    needed,
    record,
    records,
    text,
    whole_number,
)
from app.words import Json


def schema(given: Json) -> Schema:
    return Schema(
        id=needed(given, "id"),
        name=needed(given, "name"),
        key=text(given.get("objectSchemaKey")) or "",
        managed=flag(given["canManage"]) if given.get("canManage") is not None else None,
    )


def object_type(given: Json) -> ObjectType:
    return ObjectType(
        id=needed(given, "id"),
        name=needed(given, "name"),
        schema_id=needed(given, "objectSchemaId"),
        parent_id=text(given.get("parentObjectTypeId")) or None,
        abstract=given.get("abstractObjectType") is True,
        description=text(given.get("description")) or "",
    )


def attribute(given: Json, object_type_id: str) -> Attribute:
    """One attribute of a type. An absent `hidden` shows, as in Assets; anything odd there hides."""
    pointed = record(given.get("referenceObjectType") or {})
    most, least = given.get("maximumCardinality"), given.get("minimumCardinality")
    return Attribute(
        id=needed(given, "id"),
        name=needed(given, "name"),
        object_type_id=object_type_id,
        type=whole_number(given.get("type")),
        hidden=given.get("hidden") is not None and flag(given["hidden"]) is not False,
        label=given.get("label") is True,
        system=given.get("system") is True,
        editable=given.get("editable") is not False,
        maximum_cardinality=most if isinstance(most, int) else 1,
        reference_type_id=text(given.get("referenceObjectTypeId")) or text(pointed.get("id")),
        default_type=_default_type(given.get("defaultType")),
        minimum_cardinality=least if isinstance(least, int) else 0,
        unique=given.get("uniqueAttribute") is True,
        description=text(given.get("description")) or "",
    )


def _default_type(given: object) -> int | None:
    found = given.get("id") if isinstance(given, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def page_attributes(given: object) -> Mapping[str, Attribute]:
    """The attributes that came with an AQL page, by id; none where Assets sends none."""
    found = {}
    for one in records(given or []):
        owner = text(record(one.get("objectType") or {}).get("id")) or ""
        found[needed(one, "id")] = attribute(one, owner)
    return found


def asset(given: Json) -> AssetObject:
    values: dict[str, tuple[Value, ...]] = {}
    for one in records(given.get("attributes") or []):
        attribute_id = _attribute_id(one)
        kept = tuple(_value(value) for value in records(one.get("objectAttributeValues") or []))
        if kept:
            values[attribute_id] = values.get(attribute_id, ()) + kept
    return AssetObject(
        id=needed(given, "id"),
        key=needed(given, "objectKey"),
        label=text(given.get("label")) or "",
        object_type_id=needed(record(given.get("objectType")), "id"),
        values=values,
        updated_at=moment(given.get("updated")),
        created_at=moment(given.get("created")),
    )


def _attribute_id(given: Json) -> str:
    if text(given.get("objectTypeAttributeId")):
        return needed(given, "objectTypeAttributeId")
    return needed(record(given.get("objectTypeAttribute")), "id")  # the shape of GET object/{id}


def _value(given: Json) -> Value:
    """One value. References and users have no `value` of their own (facts, 1.5)."""
    shown = first(given, ("displayValue", "value", "searchValue"))
    if isinstance(given.get("referencedObject"), dict):
        return _reference(given["referencedObject"], shown, text(given.get("searchValue")))
    if isinstance(given.get("user"), dict):
        user = given["user"]
        key = first(user, ("key",)) or text(given.get("searchValue")) or ""
        return Value("user", shown or first(user, ("displayName", "name")), key)
    if isinstance(given.get("group"), dict):
        name = first(given["group"], ("name",))
        return Value("group", shown or name, name or shown)
    if isinstance(given.get("status"), dict):
        status = given["status"]
        return Value("status", first(status, ("name",)) or shown, needed(status, "id"))
    return Value("text", shown, first(given, ("value", "displayValue", "searchValue")))


def _reference(target: Json, shown: str, search_value: str | None) -> Value:
    of_type = record(target.get("objectType") or {})
    return Value(
        kind="reference",
        text=first(target, ("label", "name")) or shown,
        key=text(target.get("objectKey")) or search_value or "",
        object_id=text(target.get("id")),
        object_type_id=text(of_type.get("id")),
        schema_id=text(of_type.get("objectSchemaId")),
    )


def status_type(given: Json) -> StatusType:
    category = whole_number(given.get("category"))
    return StatusType(needed(given, "id"), needed(given, "name"), category)


def import_source(given: Json) -> ImportSource:
    return ImportSource(
        id=needed(given, "id"),
        name=text(given.get("name")) or "",
        schema_id=needed(given, "objectSchemaId"),
        handles_empty=text(given.get("defaultHandleEmptyValues")) or "",
        mapped=_mapped(given.get("importSourceOTEntries")),
    )


def _mapped(given: object) -> frozenset[str] | None:
    if not isinstance(given, list):
        return None
    types = (record(each.get("objectType") or {}) for each in records(given))
    return frozenset(found for each in types if (found := text(each.get("id"))))


def usage(given: Json) -> Usage:
    rows = records(given.get("perSchemaUsageInfo") or [])
    return Usage(
        total=whole_number(given.get("totalObjectsCount")),
        by_schema={needed(one, "schemaId"): whole_number(one.get("objectCount")) for one in rows},
        names={needed(one, "schemaId"): text(one.get("schemaName")) or "" for one in rows},
    )
