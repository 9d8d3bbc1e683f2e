"""What Assets says, reduced to what this app uses. Shared values: no I/O, no rule of a feature.

Ids are text, as Assets gives them. Source of the shapes: `facts` of the Assets REST API v1
(objectschema/list, objecttypes/flat, objecttype/attributes, object/aql).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

ValueKind = Literal["text", "reference", "user", "group", "status"]


class AttributeType(IntEnum):
    """`type` of an object type attribute (Assets REST API, ObjectTypeAttribute)."""

    DEFAULT = 0
    REFERENCE = 1
    USER = 2
    GROUP = 4
    STATUS = 7


@dataclass(frozen=True)
class Schema:
    """`managed`: whether who asked is a manager of it; None: Assets does not say."""

    id: str
    name: str
    key: str
    managed: bool | None = None


@dataclass(frozen=True)
class ObjectType:
    """`parent_id` is None for a root type. Child types inherit what is hidden and who owns."""

    id: str
    name: str
    schema_id: str
    parent_id: str | None = None
    abstract: bool = False
    description: str = ""


@dataclass(frozen=True)
class Attribute:
    """`type` is the number Assets gives: see AttributeType; unknown numbers are kept."""

    id: str
    name: str
    object_type_id: str
    type: int
    hidden: bool = False
    label: bool = False
    system: bool = False
    editable: bool = True
    maximum_cardinality: int = 1
    reference_type_id: str | None = None  # the object type a reference points to
    default_type: int | None = None  # of plain attributes: 0 text, 4 date, 8 email, …
    minimum_cardinality: int = 0
    unique: bool = False
    description: str = ""


@dataclass(frozen=True)
class Value:
    """One value of an attribute.

    `text` is what a person sees; `key` identifies: the object key of a reference, the account
    id of a user, the id of a status, the text itself otherwise.
    """

    kind: ValueKind
    text: str
    key: str
    object_id: str | None = None  # references only
    object_type_id: str | None = None  # references only, where Assets says it
    schema_id: str | None = None  # references only, where Assets says it


@dataclass(frozen=True)
class AssetObject:
    """One object. `values` maps the attribute id to its values; an empty attribute is absent."""

    id: str
    key: str
    label: str
    object_type_id: str
    values: Mapping[str, tuple[Value, ...]]
    updated_at: str = ""  # ISO 8601 as Assets gives it
    created_at: str = ""


@dataclass(frozen=True)
class Page:
    """One page of an AQL answer. `last` says that nothing follows.

    The next page starts at `start_at + len(objects)`: Assets may give fewer than were asked for.
    `attributes` are the object type attributes that came with the page, by id. `total` is how many
    objects answer the question, where Assets tells it.
    """

    objects: tuple[AssetObject, ...]
    last: bool
    attributes: Mapping[str, Attribute]
    total: int | None = None


@dataclass(frozen=True)
class StatusType:
    """`category` is 0 inactive, 1 active, 2 pending (Assets REST API, Status)."""

    id: str
    name: str
    category: int


@dataclass(frozen=True)
class ImportSource:
    """One import as set up in Assets; `handles_empty` is `defaultHandleEmptyValues` as given.

    `mapped` are the ids of the object types it fills; None: Assets does not say.
    """

    id: str
    name: str
    schema_id: str
    handles_empty: str
    mapped: frozenset[str] | None = None


@dataclass(frozen=True)
class Usage:
    """How many objects the workspace holds: in all, and by schema id.

    It counts every schema, also those that the account may not see; `names` has theirs by id.
    """

    total: int
    by_schema: Mapping[str, int]
    names: Mapping[str, str] = field(default_factory=dict)
