"""Objects put in the order a query asks for; label ascending when it asks for none."""

from collections.abc import Callable, Iterable
from typing import Any

from sandbox.assets.aql_fields import AttributeField
from sandbox.assets.aql_nodes import Query
from sandbox.assets.model import Kind, Thing
from sandbox.assets.reading import Reading

_NUMBERS = (1, 3)  # Integer and Double
_MISSING: tuple[int, int, Any] = (0, 0, "")


def ordered(
    things: Iterable[Thing], fields: tuple[AttributeField, ...], query: Query, reading: Reading
) -> list[Thing]:
    """Sorted; objects without a value first when ascending. Ties are broken by id."""
    by_id = sorted(things, key=lambda thing: thing.id)
    return sorted(by_id, key=_key(fields, query, reading), reverse=query.descending)


def _key(
    fields: tuple[AttributeField, ...], query: Query, reading: Reading
) -> Callable[[Thing], tuple[int, int, Any]]:
    named = query.order_by[0].text.casefold() if query.order_by else "label"
    if not fields and named == "key":
        return lambda thing: (1, 0, thing.id)
    if not fields:
        return lambda thing: (1, 1, thing.label.casefold())
    if named in ("created", "updated") and len(fields) == 1:
        return lambda thing: (1, 0, getattr(thing, named).timestamp())
    return lambda thing: _along(thing, fields, reading)


def _along(
    thing: Thing, fields: tuple[AttributeField, ...], reading: Reading
) -> tuple[int, int, Any]:
    for attribute in fields[0].attributes:
        for stored in thing.values.get(attribute.id, ())[:1]:
            if len(fields) > 1:
                return _along(reading.thing(stored), fields[1:], reading)
            if attribute.kind is Kind.DEFAULT and attribute.default_type in _NUMBERS:
                return (1, 0, float(stored))
            return (1, 1, reading.text(attribute, stored).casefold())
    return _MISSING
