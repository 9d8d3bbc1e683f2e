"""What existing types can hold of what the import fills: they stay as they are. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from app.imports.kinds.attributes import Attribute, Form, Kind, Reference
from app.imports.kinds.table import JIRA_ACCOUNT
from app.imports.kinds.turns import as_text
from app.imports.run.ground import Ground, TypeGround
from app.inventory import Attribute as AssetsAttribute
from app.inventory import AttributeType, ObjectType

TEXT: Final = 0
# `defaultType.id` (facts, 1.7) that holds no text: boolean, the dates and times, URL, IP address.
_NO_TEXT: Final = frozenset({2, 4, 5, 6, 7, 11})
_NO_NUMBERS: Final = frozenset({1, 3})
CANNOT_HOLD: Final[dict[Form, frozenset[int]]] = {
    "text": _NO_TEXT,  # an employee's id may well be a number
    "textarea": _NO_TEXT | _NO_NUMBERS,
    "email": _NO_TEXT | _NO_NUMBERS,
    "date": frozenset({1, 2, 3, 5, 6, 7, 8, 11}),
    "date_time": frozenset({1, 2, 3, 4, 5, 7, 8, 11}),
}
# Where there is an account, My Assets reads it as a Jira user or as its id in a text.
_ACCOUNT: Final = (AttributeType.USER, AttributeType.DEFAULT)


def in_the_way(ground: Ground) -> list[str]:
    """Existing attributes that have the right name and cannot hold the values, with their type."""
    return [
        f"{there.name}: {named}"
        for kind in ground.asked
        if (there := ground.types.get(kind.name)) is not None
        for named in _of_type(ground, kind, there)
    ]


def _of_type(ground: Ground, kind: Kind, there: TypeGround) -> Iterator[str]:
    if there.abstract:
        yield "the type is abstract"
    for each in kind.parts:
        held = there.attributes.get(each.name)
        if held is not None and not _holds(ground, each, held):
            yield held.name
    account = there.attributes.get(JIRA_ACCOUNT)
    if kind.name == "person" and account is not None and account.type not in _ACCOUNT:
        yield account.name


def _holds(ground: Ground, each: Attribute | Reference, held: AssetsAttribute) -> bool:
    if isinstance(each, Reference):
        return held.type == AttributeType.REFERENCE and _points(ground, each, held)
    if each.form == "status":
        return held.type == AttributeType.STATUS
    fits = held.default_type not in CANNOT_HOLD.get(each.form, ())
    return held.type == AttributeType.DEFAULT and fits


def _points(ground: Ground, each: Reference, held: AssetsAttribute) -> bool:
    """Whether it points to the type the import fills, or to one above it."""
    target = ground.types.get(each.target)
    if not ground.reachable(each) or held.reference_type_id is None:
        return True
    return target is not None and held.reference_type_id in (target.id, *target.above)


def fitted(kind: Kind, there: TypeGround | None) -> Kind:
    """The kind as an existing type holds it: where a long text is a plain one, it is cut there."""
    short = {
        each.name
        for each in kind.plain
        if each.form == "textarea"
        and there is not None
        and each.name in there.attributes
        and there.attributes[each.name].default_type == TEXT
    }
    if not short:
        return kind
    return replace(
        kind,
        plain=tuple(
            replace(each, form="text", turn=as_text) if each.name in short else each
            for each in kind.plain
        ),
    )


def types_above(found: ObjectType, types: Sequence[ObjectType]) -> frozenset[str]:
    """The ids of a type's parent, its parent's parent, and so on."""
    parents = {each.id: each.parent_id for each in types}
    above: set[str] = set()
    parent = found.parent_id
    while parent is not None and parent not in above:
        above.add(parent)
        parent = parents.get(parent)
    return frozenset(above)
