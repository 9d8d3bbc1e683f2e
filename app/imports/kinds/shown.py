"""What Assets shows of an attribute, in the form the import compares, and takes back. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.inventory import Value


def shown(values: Sequence[Value]) -> str:
    """The text of a single value. A status is known by its name, all else by what is stored."""
    if not values:
        return ""
    return values[0].text if values[0].kind == "status" else values[0].key


def pointed(values: Sequence[Value]) -> frozenset[int]:
    """The ids of the objects that a reference points to."""
    return frozenset(
        int(value.object_id)
        for value in values
        if value.object_id and value.object_id.isascii() and value.object_id.isdigit()
    )


def fits_a_query(text: str) -> bool:
    """Whether a value can stand in a query of the mapping.

    `${…}` is replaced with its quotes; what becomes of quotes and backslashes within is NC (facts,
    2.3), and a query that does not parse might end the whole execution.
    """
    return '"' not in text and "\\" not in text
