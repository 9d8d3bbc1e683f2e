"""The port to the instance table: read, create, and change under conditions. Rules live elsewhere.

Every write is one conditional write of one item, so that two writers can never both win.
The DynamoDB adapter and the stand-in of the tests pass the same contract tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from app.instances.reference import InstanceReference
from app.words import InstanceId

Path = tuple[str, ...]  # ("state",) or ("part_keys", "visibility", "version")


@dataclass(frozen=True)
class Equals:
    path: Path
    value: Any


@dataclass(frozen=True)
class Absent:
    path: Path


@dataclass(frozen=True)
class Present:
    path: Path


@dataclass(frozen=True)
class OneOf:
    path: Path
    values: tuple[str | int, ...]


@dataclass(frozen=True)
class AtMost:
    """The stored value is there and at most this: numbers, or texts such as ISO 8601 times."""

    path: Path
    value: str | int


@dataclass(frozen=True)
class AnyOf:
    conditions: tuple[Condition, ...]


Condition = Equals | Absent | Present | OneOf | AtMost | AnyOf


@dataclass(frozen=True)
class Change:
    """What one write sets and removes.

    To set or remove something inside a map that is not there is a condition that did not hold.
    """

    set: Mapping[Path, Any] = field(default_factory=dict)
    remove: Sequence[Path] = ()
    conditions: Sequence[Condition] = ()


@dataclass(frozen=True)
class Share:
    """One of `of` parts of the table, of about the same size; together they are all of it."""

    number: int = 0
    of: int = 1


EVERYTHING: Final = Share()


class InstanceTable(Protocol):
    """All methods raise ServiceUnreachable when the table does not answer."""

    def read(self, instance_id: InstanceId) -> InstanceReference | None:
        """The reference as it is now: a consistent read."""
        ...

    def create(self, reference: InstanceReference) -> bool:
        """Write a new reference. False: there is one already, and nothing was written."""
        ...

    def change(self, instance_id: InstanceId, change: Change) -> InstanceReference | None:
        """Apply the change if the item exists and all conditions hold; give the new state.

        None: a condition did not hold, nothing was written. Raises AttributeNotDeclared.
        """
        ...

    def by_installation(self, installation_id: str) -> InstanceReference | None:
        """The Forge instance that holds this installation id. A very new one may not be found yet.

        Connect bodies name installations too, unsigned: theirs are not looked at.
        """
        ...

    def due(self, region: str, until: str) -> Iterator[InstanceReference]:
        """The references of a region whose import is due by then, the longest due first.

        `until` is as `import_due_at`. Asked of an index: a very new time may not be found yet.
        """
        ...

    def all(self, share: Share = EVERYTHING) -> Iterator[InstanceReference]:
        """Every reference, or every one of a share, in no order."""
        ...
