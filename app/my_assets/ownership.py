"""Whose an asset is: each owner rule turned into a question for Assets and a check of the answer.

Both come from one claim, so that what is asked and what is believed cannot differ. Assets compares
display names and ignores case; the check here compares identities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from app.inventory import Attribute, AttributeType, Value
from app.my_assets.aql import Unspeakable, equals, refers_to
from app.my_assets.catalogue import Catalogue
from app.my_assets.who import Person, Viewer
from app.site_settings.documents import OwnerRule

Match = Literal["account", "email", "entra_id", "person"]
EVERY_TYPE: Final = "*"
NEEDS_PERSON: Final = frozenset({"person", "entra_id"})

_TEXT: Final = frozenset({AttributeType.DEFAULT})
_CARRIERS: Final[dict[str, frozenset[AttributeType]]] = {
    "account": frozenset({AttributeType.USER, AttributeType.DEFAULT}),
    "email": _TEXT,
    "entra_id": _TEXT,
    "person": frozenset({AttributeType.REFERENCE}),
}


def same_ignoring_case(one: str, other: str) -> bool:
    """Equal but for upper and lower case, letter by letter: Ü is ü.

    Full case folding would make two mailboxes one: ß and ss, or K and the Kelvin sign.
    """
    return one == other or list(map(_lower, one)) == list(map(_lower, other))


def _lower(sign: str) -> str:
    lower = sign.lower()
    return lower if len(lower) == 1 and lower.isascii() == sign.isascii() else sign


@dataclass(frozen=True)
class Claim:
    """One way in which this viewer owns assets of a type: the attribute says `value`."""

    match: Match
    attribute: Attribute
    value: str = field(repr=False)
    condition: str = field(repr=False)  # the same, in AQL

    def holds_for(self, values: Iterable[Value], person: Person | None) -> bool:
        return any(_SAYS[self.match](value, self.value, person) for value in values)


def claims(
    rules: Iterable[OwnerRule],
    viewer: Viewer,
    person: Person | None,
    catalogue: Catalogue,
    type_id: str,
) -> tuple[Claim, ...]:
    """The claims that the rules give this viewer to assets of one type."""
    found = [
        _claim(match, attribute, viewer, person)
        for match, attribute in reaching(rules, catalogue, type_id)
    ]
    return tuple(one for one in found if one)


def reaching(
    rules: Iterable[OwnerRule], catalogue: Catalogue, type_id: str
) -> tuple[tuple[Match, Attribute], ...]:
    """Where the rules look for the owner of assets of one type, whoever looks."""
    lineage = catalogue.lineage(type_id)
    found = []
    for rule in rules:
        attribute = catalogue.attribute(type_id, rule.attribute)
        reaches = rule.object_type == EVERY_TYPE or rule.object_type in lineage
        if attribute and reaches and attribute.type in _CARRIERS[rule.match]:
            found.append((rule.match, attribute))
    return tuple(found)


def _claim(
    match: Match, attribute: Attribute, viewer: Viewer, person: Person | None
) -> Claim | None:
    value = {
        "account": viewer.account_id,
        "email": viewer.email,
        "entra_id": person and person.entra_id,
        "person": person and person.object_key,
    }[match]
    if not value:
        return None
    ask = refers_to if match == "person" else equals
    try:
        return Claim(match, attribute, value, ask(attribute.name, value))
    except Unspeakable:
        return None  # what cannot be asked safely is not asked, and so is nobody's


def _is_account(value: Value, account_id: str, _: Person | None) -> bool:
    return value.kind in ("user", "text") and value.key == account_id


def _is_text(value: Value, wanted: str, _: Person | None) -> bool:
    return value.kind == "text" and same_ignoring_case(value.key, wanted)


def _is_person(value: Value, object_key: str, person: Person | None) -> bool:
    if value.kind != "reference" or person is None:
        return False
    return value.object_id == person.object_id if value.object_id else value.key == object_key


_SAYS: Final[dict[str, Callable[[Value, str, Person | None], bool]]] = {
    "account": _is_account,
    "email": _is_text,
    "entra_id": _is_text,
    "person": _is_person,
}
