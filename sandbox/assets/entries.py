"""Submitted data taken apart: entries found by a selector, values by a locator."""

from collections.abc import Iterable, Iterator
from typing import Any


def entries_at(data: Any, selector: str) -> Iterator[dict[str, Any]]:
    """Every entry at a dotted selector; lists on the way are walked through."""
    found = [data]
    for step in selector.split("."):
        found = [inner for value in found for inner in _step(value, step)]
    return (entry for entry in found if isinstance(entry, dict))


def texts_at(entry: dict[str, Any], locators: Iterable[str], joiner: str) -> list[str]:
    """The non-empty texts of an attribute in an entry; several locators are joined into one."""
    found = [list(_texts(entry, locator)) for locator in locators]
    if len(found) == 1:
        return found[0]
    joined = joiner.join(text for texts in found for text in texts)
    return [joined] if joined else []


def _texts(entry: dict[str, Any], locator: str) -> Iterator[str]:
    if locator in entry:  # the usual case, and a name may itself have a dot
        found = list(_flat(entry[locator]))
    else:
        found = [entry]
        for step in locator.split("."):
            found = [inner for value in found for inner in _step(value, step)]
    for value in found:
        text = _text(value)
        if text:
            yield text


def _step(value: Any, name: str) -> Iterator[Any]:
    inner = value.get(name) if isinstance(value, dict) else None
    return _flat(inner)


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
    elif value is not None:
        yield value


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else ""
