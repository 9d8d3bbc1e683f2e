"""Conditions and changes of the table's port as DynamoDB expressions, with placeholders only."""

from __future__ import annotations

from typing import Any

from boto3.dynamodb.types import TypeSerializer

from app.instances.table import (
    Absent,
    AnyOf,
    AtMost,
    Change,
    Condition,
    Equals,
    OneOf,
    Path,
    Present,
)


def stored(value: Any) -> Any:  # noqa: ANN401 - Python's types in, DynamoDB's out
    """A value in DynamoDB's JSON."""
    return TypeSerializer().serialize(value)


class Expressions:
    """Builds expressions with placeholders, so that no value or name is ever spliced in."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def update(self, change: Change) -> str:
        sets = [f"{self._path(path)} = {self._value(v)}" for path, v in change.set.items()]
        removes = [self._path(path) for path in change.remove]
        pieces = []
        if sets:
            pieces.append("SET " + ", ".join(sets))
        if removes:
            pieces.append("REMOVE " + ", ".join(removes))
        return " ".join(pieces)

    def condition(self, condition: Condition) -> str:
        match condition:
            case Equals(path, value):
                return f"{self._path(path)} = {self._value(value)}"
            case AtMost(path, value):
                return f"{self._path(path)} <= {self._value(value)}"
            case Absent(path):
                return f"attribute_not_exists({self._path(path)})"
            case Present(path):
                return f"attribute_exists({self._path(path)})"
            case OneOf(path, values):
                options = ", ".join(self._value(value) for value in values)
                return f"{self._path(path)} IN ({options})"
            case AnyOf(conditions):
                return "(" + " OR ".join(self.condition(each) for each in conditions) + ")"

    def definitions(self) -> dict[str, Any]:
        found: dict[str, Any] = {"ExpressionAttributeNames": self._names}
        if self._values:
            found["ExpressionAttributeValues"] = self._values
        return {name: value for name, value in found.items() if value}

    def _path(self, path: Path) -> str:
        return ".".join(self._name(piece) for piece in path)

    def _name(self, name: str) -> str:
        for placeholder, known in self._names.items():
            if known == name:
                return placeholder
        placeholder = f"#n{len(self._names)}"
        self._names[placeholder] = name
        return placeholder

    def _value(self, value: Any) -> str:  # noqa: ANN401 - any value a reference may hold
        placeholder = f":v{len(self._values)}"
        self._values[placeholder] = stored(value)
        return placeholder
