"""What the table of kinds is made of: plain values, pointers to other kinds, and the kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from app.imports.kinds.turns import as_day, as_known_status, as_long_text, as_moment, as_text

KindName = Literal["person", "group", "device", "department", "location", "application"]
Form = Literal["text", "textarea", "email", "date", "date_time", "status"]

_HELD: Final[dict[Form, Callable[[object], str]]] = {
    "textarea": as_long_text,
    "date": as_day,
    "date_time": as_moment,
    "status": as_known_status,
}


@dataclass(frozen=True)
class Attribute:
    """A plain value: `source` is its property in Entra ID, `intune` its property in Intune.

    Where neither is read the import never compares nor clears it.
    """

    name: str
    locator: str
    source: str | None = None
    form: Form = "text"
    turn: Callable[[object], str] = as_text
    label: bool = False
    identity: bool = False
    description: str = ""
    intune: str | None = None

    @property
    def slug(self) -> str:
        return self.name.lower().replace(" ", "-")

    def held(self, text: str) -> str:
        """The value as Assets shows it, in the form in which the import writes it."""
        return _HELD.get(self.form, as_text)(text)


@dataclass(frozen=True)
class Reference:
    """A pointer to another kind, by what identifies it there: its Entra id, or `by_name` its name.

    `many` ones are written by PUT, not by the import: how an import matches several values is NC
    (facts, 2.3, `objectMappingIQL`).
    """

    name: str
    locator: str
    target: KindName
    source: str
    many: bool = False
    by_name: bool = False

    @property
    def slug(self) -> str:
        return self.name.lower().replace(" ", "-")


@dataclass(frozen=True)
class Kind:
    """The first plain value identifies. `leaves`: who is no longer in Entra can be kept, marked or
    deleted. `selector` is where the entries lie in a chunk."""

    name: KindName
    type_name: str
    description: str
    selector: str
    plain: tuple[Attribute, ...]
    references: tuple[Reference, ...] = ()
    leaves: bool = False

    @property
    def parts(self) -> tuple[Attribute | Reference, ...]:
        return (*self.plain, *self.references)

    @property
    def identity(self) -> Attribute:
        return self.plain[0]
