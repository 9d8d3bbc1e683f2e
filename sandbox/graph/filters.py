"""Reads a `$filter` into a test of one object, and says whether it needs advanced queries.

Played: `eq`, `ne`, `in`, `startswith`, `endswith`, `not`, `and`, `or` and parentheses over plain
properties. Everything else is 501.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.graph.errors import bad_request, not_played
from sandbox.graph.resources import Resource

Lookup = Callable[[str], Any]  # a property of the object in question
Test = Callable[[Lookup], bool]

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|[(),]|[^\s(),']+)")


@dataclass
class Filter:
    """`advanced`: it needs ConsistencyLevel: eventual and $count=true. `ids`: what it names."""

    test: Test
    advanced: bool


def read_filter(text: str, resource: Resource) -> Filter:
    """A filter over a resource. Raises GraphError for what cannot be read or is not played."""
    reader = _Reader(_tokens(text), resource)
    test = reader.either()
    if reader.left():
        raise bad_request(f"Invalid filter clause: syntax error in '{text}'.")
    return Filter(test, reader.advanced)


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    stripped = text.rstrip()
    while place < len(stripped):
        match = _TOKEN.match(stripped, place)
        if match is None:
            raise bad_request(f"Invalid filter clause: unterminated string in '{text}'.")
        found.append(match[1])
        place = match.end()
    return found


def _literal(token: str) -> Any:
    if token.startswith("'"):
        return token[1:-1].replace("''", "'")
    words: dict[str, Any] = {"true": True, "false": False, "null": None}
    return words.get(token.lower(), token)


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value  # Entra compares without case


class _Reader:
    def __init__(self, tokens: list[str], resource: Resource) -> None:
        self._tokens = tokens
        self._resource = resource
        self.advanced = False

    def left(self) -> bool:
        return bool(self._tokens)

    def either(self) -> Test:
        tests = [self._both()]
        while self._peek() == "or":
            self._take()
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda look: any(t(look) for t in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._peek() == "and":
            self._take()
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda look: all(t(look) for t in tests)

    def _one(self) -> Test:
        word = self._take()
        if word.lower() == "not":
            self.advanced = True
            inner = self._one()
            return lambda look: not inner(look)
        if word == "(":
            inside = self.either()
            self._take(")")
            return inside
        if word.lower() in ("startswith", "endswith"):
            return self._affix(word.lower())
        return self._comparison(self._property(word))

    def _affix(self, function: str) -> Test:
        self._take("(")
        name = self._property(self._take())
        self._take(",")
        affix = str(_folded(_literal(self._take())))
        self._take(")")
        if function == "startswith":
            return lambda look: str(_folded(look(name)) or "").startswith(affix)
        self.advanced = True
        return lambda look: str(_folded(look(name)) or "").endswith(affix)

    def _comparison(self, name: str) -> Test:
        operator = self._take()
        if operator == "in":
            return self._in(name)
        if operator not in ("eq", "ne"):
            raise not_played(f"the filter operator {operator}")
        wanted = _folded(_literal(self._take()))
        if operator == "eq":
            return lambda look: bool(_folded(look(name)) == wanted)
        self.advanced = True
        return lambda look: bool(_folded(look(name)) != wanted)

    def _in(self, name: str) -> Test:
        self._take("(")
        wanted = {_folded(_literal(self._take()))}
        while self._peek() == ",":
            self._take()
            wanted.add(_folded(_literal(self._take())))
        self._take(")")
        return lambda look: _folded(look(name)) in wanted

    def _property(self, name: str) -> str:
        if name not in self._resource.properties:
            kind = f"microsoft.graph.{self._resource.kind}"
            raise bad_request(f"Could not find a property named '{name}' on type '{kind}'.")
        return name

    def _peek(self) -> str:
        return self._tokens[0].lower() if self._tokens else ""

    def _take(self, wanted: str = "") -> str:
        if not self._tokens or (wanted and self._tokens[0] != wanted):
            raise bad_request("Invalid filter clause: syntax error.")
        return self._tokens.pop(0)
