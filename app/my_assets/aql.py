"""AQL, written so that no value can become part of the question. Stays in the contract's subset.

Never takes a value unquoted; identities that would need escaping are refused, since the vendor's
texts disagree on how a quotation mark is escaped (facts, 1.9).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

MOST_VALUES: Final = 100  # in one IN; NC what Assets itself allows (facts, 1.9)
MOST_BYTES: Final = 4000  # a query; NC likewise
MOST_TEXT: Final = 255
_CONTROLS: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})

Asked = Mapping[str, frozenset[str]]  # a condition, and the ids of the object types it is asked of

_Restriction = Callable[[Collection[str], Mapping[str, str]], str]


class Unspeakable(ValueError):
    """The text cannot be said in AQL safely. It is not repeated here: it may be a person's."""


def quoted(text: str) -> str:
    """Any text as one AQL string. Raises Unspeakable for control characters and long texts."""
    if len(text) > MOST_TEXT or any(unicodedata.category(sign) in _CONTROLS for sign in text):
        raise Unspeakable
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def identity(text: str) -> str:
    """An account, address, id or key as one AQL string. Raises Unspeakable if it needs escaping.

    These are compared to say whose a thing is: whoever could break out here would see all.
    """
    if not text or text != text.strip() or '"' in text or "\\" in text:
        raise Unspeakable
    return quoted(text)


def equals(attribute: str, value: str) -> str:
    """`"Owner" = "557058:…"`: ignores case there, so the rows are checked again here."""
    return f"{quoted(attribute)} = {identity(value)}"


def filled(attribute: str) -> str:
    """`"Owner" IS NOT EMPTY`. Raises Unspeakable."""
    return f"{quoted(attribute)} IS NOT EMPTY"


def refers_to(attribute: str, object_key: str) -> str:
    """The reference attribute points to the object with this key."""
    return f"{quoted(attribute)}.Key = {identity(object_key)}"


def one_of(field: str, ids: Iterable[str]) -> str:
    """`objectTypeId IN (1, 2)`, split so that no IN grows too long. `field` is a keyword."""
    ordered = sorted(set(ids), key=lambda one: (len(one), one))
    said = [one if one.isascii() and one.isdigit() else identity(one) for one in ordered]
    parts = [said[i : i + MOST_VALUES] for i in range(0, len(said), MOST_VALUES)]
    return either(f"{field} IN ({', '.join(part)})" for part in parts)


def either(conditions: Iterable[str]) -> str:
    """The conditions joined with OR, in parentheses where there is more than one."""
    given = list(dict.fromkeys(conditions))
    return given[0] if len(given) == 1 else f"({' OR '.join(given)})"


def with_key(object_key: str) -> str:
    return f"Key = {identity(object_key)}"


def owned(asked: Asked, schema_of: Mapping[str, str], order: str = "") -> str:
    """The question for rows. `order` is an ORDER BY term of ours, never of a caller, or nothing.

    Too many types to name them: their schemas are named, then nothing. That asks for more than is
    wanted, never less; what comes back is checked row by row anyway. Raises Unspeakable.
    """
    ordered = f" ORDER BY {order}" if order else ""
    for restrict in (_types, _schemas, _anywhere):
        query = f"{_union(asked, schema_of, restrict)}{ordered}"
        if len(query.encode()) <= MOST_BYTES:
            return query
    raise Unspeakable


def _union(asked: Asked, schema_of: Mapping[str, str], restrict: _Restriction) -> str:
    grouped: dict[str, list[str]] = {}
    for condition, types in asked.items():
        grouped.setdefault(restrict(types, schema_of), []).append(condition)
    return either(
        f"({where} AND {either(conditions)})" if where else either(conditions)
        for where, conditions in grouped.items()
    )


def _types(types: Collection[str], _: Mapping[str, str]) -> str:
    return one_of("objectTypeId", types)


def _schemas(types: Collection[str], schema_of: Mapping[str, str]) -> str:
    return one_of("objectSchemaId", {schema_of[one] for one in types})


def _anywhere(_: Collection[str], __: Mapping[str, str]) -> str:
    return ""
