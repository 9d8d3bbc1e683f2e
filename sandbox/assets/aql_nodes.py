"""What a parsed AQL query consists of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """One step of a path. A quoted name is always an attribute, never a keyword."""

    text: str
    quoted: bool


@dataclass(frozen=True)
class Value:
    """What is compared with: plain text, the content of `${...}`, or a function's name."""

    text: str
    kind: str = "plain"  # plain | place | function


@dataclass(frozen=True)
class Compare:
    """`path operator values`. Operators: = == != IN NOT IN LIKE STARTSWITH EMPTY NOT EMPTY."""

    path: tuple[Name, ...]
    operator: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Both:
    """AND."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Either:
    """OR."""

    parts: tuple["Node", ...]


Node = Compare | Both | Either


@dataclass(frozen=True)
class Query:
    """A whole query; without a condition it asks for everything."""

    condition: Node | None
    order_by: tuple[Name, ...] = ()
    descending: bool = False
