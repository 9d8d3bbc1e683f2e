"""The shape of a schema-and-mapping document: which fields, of which type, which are required.

Follows the public 2023_10_19 schema. What the fields mean together is checked in `mapping_rules`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

KNOWN_VERSIONS = ("2021_09_15", "2023_10_19")
ATTRIBUTE_TYPES = (
    "text",
    "integer",
    "boolean",
    "double",
    "date",
    "time",
    "date_time",
    "url",
    "email",
    "textarea",
    "select",
    "ipaddress",
    "referenced_object",
    "status",
)
_NAME = re.compile(r"[a-zA-Z0-9 \-]{2,30}")

Check = Callable[[Any], bool]
Fields = Mapping[str, tuple[Check, bool]]  # name -> (check, required)


def _is(*types: type) -> Check:
    return lambda value: isinstance(value, types) and (bool in types or value is not True)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _list(value: Any) -> bool:
    return isinstance(value, list)


def _filled_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


def _distinct_texts(value: Any) -> bool:
    return _texts(value) and len(set(value)) == len(value)


def _filled_texts(value: Any) -> bool:
    return _texts(value) and bool(value)


def _one_of(*allowed: str) -> Check:
    return lambda value: isinstance(value, str) and value in allowed


def _short_name(value: Any) -> bool:
    return isinstance(value, str) and bool(_NAME.fullmatch(value))


_TEXT, _FLAG, _OBJECT = _is(str), _is(bool), _is(dict)
_TOP: Fields = {"schema": (_OBJECT, True), "mapping": (_OBJECT, True), "$schema": (_TEXT, False)}
_SCHEMA: Fields = {
    "objectSchema": (_OBJECT, True),
    "iconSchema": (_OBJECT, False),
    "statusSchema": (_OBJECT, False),
}
_OBJECT_SCHEMA: Fields = {
    "name": (_TEXT, True),
    "description": (_TEXT, True),
    "objectTypes": (_filled_list, True),
}
_TYPE: Fields = {
    "name": (_TEXT, True),
    "description": (_TEXT, True),
    "externalId": (_TEXT, False),
    "iconKey": (_TEXT, False),
    "attributes": (_list, False),
    "children": (_list, False),
}
_ATTRIBUTE: Fields = {
    "name": (_TEXT, True),
    "description": (_TEXT, True),
    "type": (_one_of(*ATTRIBUTE_TYPES), True),
    "externalId": (_TEXT, False),
    "typeValues": (_distinct_texts, False),
    "label": (_FLAG, False),
    "unique": (_FLAG, False),
    "referenceObjectTypeName": (_TEXT, False),
    "referenceObjectTypeExternalId": (_TEXT, False),
    "minimumCardinality": (_whole, False),
    "maximumCardinality": (_whole, False),
}
_STATUS: Fields = {
    "name": (_short_name, True),
    "description": (_TEXT, True),
    "category": (_one_of("active", "inactive", "pending"), True),
}
_ICON: Fields = {
    "key": (lambda v: isinstance(v, str) and 1 <= len(v) <= 255, True),
    "name": (_short_name, True),
    "png48": (_TEXT, True),
}
_MAPPING: Fields = {"objectTypeMappings": (_list, True)}
_TYPE_MAPPING: Fields = {
    "objectTypeName": (_TEXT, True),
    "selector": (_TEXT, True),
    "description": (_TEXT, True),
    "objectTypeExternalId": (_TEXT, False),
    "attributesMapping": (_list, False),
}
_ATTRIBUTE_MAPPING: Fields = {
    "attributeName": (_TEXT, True),
    "attributeLocators": (_filled_texts, True),
    "attributeExternalId": (_TEXT, False),
    "externalIdPart": (_FLAG, False),
    "objectMappingIQL": (_TEXT, False),
}


def shape_problems(document: Any) -> list[str]:
    """Everything in a document that has not the shape it must have."""
    return list(_document(document))


def _document(document: Any) -> Iterator[str]:
    problems = list(_fields(document, _TOP, "document"))
    yield from problems
    if problems:
        return
    version = document.get("$schema", KNOWN_VERSIONS[-1])
    if not version.endswith(KNOWN_VERSIONS):
        yield f"document.$schema: not a known version: {version}"
    yield from _schema(document["schema"])
    mapping = document["mapping"]
    yield from _fields(mapping, _MAPPING, "mapping")
    for at, row in _rows(mapping, "objectTypeMappings", "mapping"):
        yield from _fields(row, _TYPE_MAPPING, at)
        for below, inner in _rows(row, "attributesMapping", at):
            yield from _fields(inner, _ATTRIBUTE_MAPPING, below)


def _schema(schema: Any) -> Iterator[str]:
    yield from _fields(schema, _SCHEMA, "schema")
    yield from _fields(schema.get("objectSchema"), _OBJECT_SCHEMA, "schema.objectSchema")
    for at, row in _rows(schema.get("objectSchema"), "objectTypes", "schema.objectSchema"):
        yield from _type(row, at)
    parts = (("statusSchema", "statuses", _STATUS), ("iconSchema", "icons", _ICON))
    for part, name, fields in parts:
        if part in schema:
            yield from _fields(schema[part], {name: (_filled_list, True)}, f"schema.{part}")
            for at, row in _rows(schema[part], name, f"schema.{part}"):
                yield from _fields(row, fields, at)


def _type(row: Any, at: str) -> Iterator[str]:
    yield from _fields(row, _TYPE, at)
    for below, attribute in _rows(row, "attributes", at):
        yield from _fields(attribute, _ATTRIBUTE, below)
        limited = isinstance(attribute, dict) and attribute.get("typeValues") is not None
        if limited and attribute.get("type") != "status":
            yield f"{below}.typeValues: only an attribute of type status has them"
    for below, child in _rows(row, "children", at):
        yield from _type(child, below)


def _rows(holder: Any, name: str, at: str) -> Iterator[tuple[str, Any]]:
    rows = holder.get(name) if isinstance(holder, dict) else None
    if isinstance(rows, list):
        yield from ((f"{at}.{name}[{number}]", row) for number, row in enumerate(rows))


def _fields(value: Any, fields: Fields, at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: an object is expected"
        return
    for name, (check, required) in fields.items():
        if name not in value:
            if required:
                yield f"{at}.{name}: is required"
        elif not check(value[name]):
            yield f"{at}.{name}: is not valid"
