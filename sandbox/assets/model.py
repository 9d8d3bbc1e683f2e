"""What a workspace consists of: schemas, object types, attributes, statuses, objects.

Plain records. Nothing here checks a value, answers a call or knows who asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Protocol


class Kind(IntEnum):
    """The `type` of an attribute."""

    DEFAULT = 0
    REFERENCE = 1
    USER = 2
    GROUP = 4
    STATUS = 7


# `defaultTypeId` of an attribute of kind DEFAULT.
DEFAULT_TYPES: Mapping[int, str] = {
    0: "Text",
    1: "Integer",
    2: "Boolean",
    3: "Double",
    4: "Date",
    5: "Time",
    6: "DateTime",
    7: "Url",
    8: "Email",
    9: "Textarea",
    10: "Select",
    11: "IP Address",
}
DEFAULT_TYPE_IDS: Mapping[str, int] = {name: number for number, name in DEFAULT_TYPES.items()}

# The reference types every workspace is born with; `additionalValue` of a reference names one.
REFERENCE_TYPES: Mapping[str, str] = {"1": "Dependency", "2": "Installed", "3": "Reference"}

UNLIMITED = -1


class Account(Protocol):
    """What Assets needs to know of a Jira user."""

    @property
    def account_id(self) -> str: ...
    @property
    def display_name(self) -> str: ...
    @property
    def public_email(self) -> str: ...
    @property
    def active(self) -> bool: ...
    @property
    def groups(self) -> frozenset[str]: ...


class Accounts(Protocol):
    """The Jira site's people, as Assets asks for them."""

    def find(self, account_id: str) -> Account | None:
        """The user with this account id."""

    def named(self, display_name: str) -> frozenset[str]:
        """Account ids of everyone with this display name, ignoring case."""

    def group_named(self, name_or_id: str) -> tuple[str, str] | None:
        """(id, name) of a group."""

    def by_basic(self, authorization: str) -> Account | None:
        """Whose e-mail and API token this Authorization header carries."""

    def is_administrator(self, account_id: str) -> bool:
        """Whether this user administers Jira."""


@dataclass
class Schema:
    """One object schema; `key` is the prefix of its objects' keys."""

    id: int
    name: str
    key: str
    description: str
    created: datetime
    updated: datetime


@dataclass
class Attribute:
    """One attribute of an object type."""

    id: int
    type_id: int
    name: str
    kind: Kind = Kind.DEFAULT
    default_type: int = 0
    description: str = ""
    label: bool = False
    minimum: int = 0
    maximum: int = 1
    unique: bool = False
    hidden: bool = False
    system: bool = False
    editable: bool = True
    target_type_id: int | None = None
    additional_value: str | None = None
    groups: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    options: str = ""
    external_id: str | None = None
    position: int = 0


@dataclass
class ObjectType:
    """One object type. `inherited` hands its attributes down to its children."""

    id: int
    name: str
    schema_id: int
    created: datetime
    updated: datetime
    description: str = ""
    parent_id: int | None = None
    inherited: bool = False
    abstract: bool = False
    external_id: str | None = None
    position: int = 0
    own: list[Attribute] = field(default_factory=list)


@dataclass
class Status:
    """One status; without a schema it is global. Category: 0 inactive, 1 active, 2 pending."""

    id: int
    name: str
    description: str
    category: int
    schema_id: int | None = None


@dataclass(slots=True)
class Thing:
    """One object. Values by attribute id, as stored text: an account id, object id, status id."""

    id: int
    key: str
    type_id: int
    created: datetime
    updated: datetime
    label: str = ""
    values: dict[int, tuple[str, ...]] = field(default_factory=dict)
