"""One mapped object type within one execution: what is asked of it, what became of it."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.assets.aql_search import Matcher
from sandbox.assets.executions import TypeResult
from sandbox.assets.mapping_document import AttributeMap
from sandbox.assets.model import Attribute, Thing

MOST_ERRORS = 100
Entry = dict[str, Any]


class Settings(Protocol):
    """How the import source is set in Jira."""

    missing_objects: str
    missing_update: tuple[str, str]
    empty_values: str
    ignore_case: bool
    joiner: str


@dataclass
class Job:
    """One mapped object type in this execution."""

    type_id: int
    plain: list[tuple[Attribute, AttributeMap]]
    references: list[tuple[Attribute, AttributeMap, Matcher]]
    identifying: list[tuple[Attribute, AttributeMap]]
    label: Attribute | None
    result: TypeResult
    placed: list[tuple[Thing, Entry]] = field(default_factory=list)
    identical: set[int] = field(default_factory=set)
    seen: set[tuple[str, ...]] = field(default_factory=set)


def say(result: TypeResult, message: str) -> None:
    """Note a message about one entry; only the first ones are kept."""
    if len(result.errors) < MOST_ERRORS:
        result.errors.append(message)
