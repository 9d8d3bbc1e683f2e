"""The mapping document: which types and attributes the import fills, and from which entries. Pure.

Valid against Atlassian's JSON Schema of 2023-10-19. Existing types are adopted by their name and
never renamed or retyped. External ids are unique over a workspace, so they name the import.
"""

from __future__ import annotations

from typing import Final

from app.imports.kinds.table import BY_NAME, STATUSES, Attribute, Kind, Reference
from app.imports.run.ground import Ground, TypeGround
from app.words import Json

DOCUMENT_VERSION: Final = (
    "https://api.atlassian.com/jsm/insight/imports/external/schema/versions/2023_10_19"
)
UNLIMITED: Final = -1
# `defaultType.id` of an attribute, as the document names it (facts, 1.7 and 2.3).
DEFAULT_TYPES: Final = {
    0: "text", 1: "integer", 2: "boolean", 3: "double", 4: "date", 5: "time", 6: "date_time",
    7: "url", 8: "email", 9: "textarea", 10: "select", 11: "ipaddress",
}  # fmt: skip


def mapping_document(ground: Ground) -> Json:
    source = ground.links.import_source_id
    filled = (*ground.asked, *ground.kept)
    pointed = {each.target for kind in filled for each in kind.references if ground.reachable(each)}
    targets = [
        BY_NAME[name]
        for name in ground.types
        if name in pointed and all(kind.name != name for kind in filled)
    ]
    return {
        "$schema": DOCUMENT_VERSION,
        "schema": {
            "statusSchema": {"statuses": _statuses()},
            "objectSchema": {
                "name": ground.schema_name,
                "description": "Imported from Microsoft Entra ID",
                "objectTypes": [
                    *(_type(source, kind, ground) for kind in filled),
                    *(_target(source, kind, ground) for kind in targets),
                ],
            },
        },
        "mapping": {"objectTypeMappings": [_mapped(source, kind, ground) for kind in filled]},
    }


def external_id(source: str, kind: Kind, part: Attribute | Reference | None = None) -> str:
    """`my-assets/<import source id>/<kind>[/<attribute>]`."""
    base = f"my-assets/{source}/{kind.name}"
    return base if part is None else f"{base}/{part.slug}"


def _statuses() -> list[Json]:
    said = {"Active": "In use", "Disabled": "Switched off in Entra ID", "Left": "No longer there"}
    return [
        {"name": name, "description": said[name], "category": category}
        for name, category in STATUSES.items()
    ]


def _type(source: str, kind: Kind, ground: Ground) -> Json:
    held = ground.types.get(kind.name)
    references = [each for each in kind.references if ground.reachable(each)]
    return {
        "externalId": external_id(source, kind),
        "name": held.name if held else kind.type_name,
        "description": held.description if held else kind.description,
        "attributes": [
            *(_attribute(source, kind, each, held) for each in kind.plain),
            *(_reference(source, kind, each, held) for each in references),
        ],
    }


def _target(source: str, kind: Kind, ground: Ground) -> Json:
    """A type this run only points to."""
    return {
        "externalId": external_id(source, kind),
        "name": ground.types[kind.name].name,
        "description": ground.types[kind.name].description,
        "attributes": [_attribute(source, kind, kind.identity, ground.types[kind.name])],
    }


def _attribute(source: str, kind: Kind, each: Attribute, held: TypeGround | None) -> Json:
    there = held.attributes.get(each.name) if held else None
    known = DEFAULT_TYPES.get(-1 if there is None or there.default_type is None
                              else there.default_type, each.form)  # fmt: skip
    row: Json = {
        "externalId": external_id(source, kind, each),
        "name": there.name if there else each.name,
        "description": there.description if there else each.description,
        "type": each.form if each.form == "status" else known,
        "minimumCardinality": there.minimum_cardinality if there else 0,
        "maximumCardinality": there.maximum_cardinality if there else 1,
    }
    if each.form == "status":
        row["typeValues"] = list(STATUSES)
    # A name identifies too, but an adopted type may hold it twice.
    if (there is not None and there.unique) or (each.identity and not each.label):
        row["unique"] = True
    # The label of an adopted type stays what its owner made it.
    if each.label and (there is None or there.label):
        row |= {"label": True, "minimumCardinality": 1}
    return row


def _reference(source: str, kind: Kind, each: Reference, held: TypeGround | None) -> Json:
    there = held.attributes.get(each.name) if held else None
    default = UNLIMITED if each.many else 1
    return {
        "externalId": external_id(source, kind, each),
        "name": there.name if there else each.name,
        "description": there.description if there else "",
        "type": "referenced_object",
        "referenceObjectTypeExternalId": external_id(source, BY_NAME[each.target]),
        "minimumCardinality": there.minimum_cardinality if there else 0,
        "maximumCardinality": there.maximum_cardinality if there else default,
    }


def _mapped(source: str, kind: Kind, ground: Ground) -> Json:
    held = ground.types.get(kind.name)
    return {
        "objectTypeExternalId": external_id(source, kind),
        "objectTypeName": held.name if held else kind.type_name,
        "selector": kind.selector,
        "description": kind.description,
        "attributesMapping": [
            *(_mapped_attribute(source, kind, each, held) for each in kind.plain),
            *(
                _mapped_reference(source, kind, each, ground)
                for each in kind.references
                if not each.many and ground.reachable(each)
            ),
        ],
    }


def _mapped_attribute(source: str, kind: Kind, each: Attribute, held: TypeGround | None) -> Json:
    there = held.attributes.get(each.name) if held else None
    row: Json = {
        "attributeExternalId": external_id(source, kind, each),
        "attributeName": there.name if there else each.name,
        "attributeLocators": [each.locator],
    }
    if each.identity:
        row["externalIdPart"] = True
    return row


def _mapped_reference(source: str, kind: Kind, each: Reference, ground: Ground) -> Json:
    # `=`, never LIKE: that one matches substrings. `${…}` is replaced with its quotes.
    held, target = ground.types.get(kind.name), ground.types.get(each.target)
    there = held.attributes.get(each.name) if held else None
    found = target.identity.name if target and target.identifies else None
    identity = found or BY_NAME[each.target].identity.name
    return {
        "attributeExternalId": external_id(source, kind, each),
        "attributeName": there.name if there else each.name,
        "attributeLocators": [each.locator],
        "objectMappingIQL": f'"{identity}" = ${{{each.locator}}}',
    }
