"""What changed in a directory, in order: the material of delta answers."""

from collections.abc import Iterator
from dataclasses import dataclass

EVERYTHING = frozenset({"*"})  # a new or returned object: each property counts as changed


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one object. `member` and `joined` are for memberships of a group."""

    kind: str
    object_id: str
    fields: frozenset[str] = frozenset()
    member: str = ""
    joined: bool = False


@dataclass
class Merged:
    """All changes of one object between two moments. The last word on a member counts."""

    object_id: str
    fields: set[str]
    members: dict[str, bool]


class Journal:
    """Append-only. A moment is the number of changes before it."""

    def __init__(self) -> None:
        self._changes: list[Change] = []

    @property
    def now(self) -> int:
        return len(self._changes)

    def note(self, change: Change) -> None:
        """Write one change down."""
        self._changes.append(change)

    def merged(self, kind: str, since: int, until: int) -> list[Merged]:
        """The changed objects of a kind, those that changed last at the end."""
        found: dict[str, Merged] = {}
        for change in self._between(kind, since, until):
            one = found.pop(change.object_id, None) or Merged(change.object_id, set(), {})
            one.fields |= change.fields
            if change.member:
                one.members.pop(change.member, None)
                one.members[change.member] = change.joined
            found[change.object_id] = one
        return list(found.values())

    def _between(self, kind: str, since: int, until: int) -> Iterator[Change]:
        return (change for change in self._changes[since:until] if change.kind == kind)
