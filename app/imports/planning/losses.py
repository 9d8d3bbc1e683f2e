"""What known objects would lose, once per object: values, a reference, the last group. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.imports.kinds.table import BY_NAME, LEFT_ON, KindName
from app.imports.planning.known import LEFT, SEEN, KnownTable, Row

FEW: Final = 5  # from here on, an empty answer is not believed


@dataclass(frozen=True, slots=True)
class Loss:
    """What Entra no longer has: `places` are bits of `kind.parts`, `target` the reference.

    `groups`: nothing is left of the groups. `left`: the object is `Left` already.
    """

    object_id: int
    places: int = 0
    target: bool = False
    groups: bool = False
    left: bool = False

    @property
    def unassigned(self) -> bool:
        return (self.target or self.groups) and not self.left


class Losses:
    """By kind and by the row's number in its table."""

    def __init__(self) -> None:
        self._found: dict[KindName, dict[int, Loss]] = {}

    def note(
        self,
        kind: KindName,
        number: int,
        row: Row,
        *,
        places: int = 0,
        target: bool = False,
        groups: bool = False,
    ) -> None:
        """Add to what is known of this object's loss."""
        if not (places or target or groups):
            return
        found = self._found.setdefault(kind, {})
        old = found.get(number) or Loss(row.object_id, left=bool(row.flags & LEFT))
        found[number] = replace(
            old,
            places=old.places | places,
            target=old.target or target,
            groups=old.groups or groups,
        )

    def take_back(self, kind: KindName, number: int, *, groups: bool) -> None:
        """It is not lost after all; `groups` says whether that goes for them too."""
        old = self._found.get(kind, {}).pop(number, None)
        if old is not None and old.groups and not groups:
            self._found[kind][number] = replace(old, places=0, target=False)

    def all(self, kind: KindName) -> Mapping[int, Loss]:
        return self._found.get(kind, {})

    def unassigned(self, kind: KindName) -> int:
        return sum(1 for each in self.all(kind).values() if each.unassigned)

    def ungrouped(self) -> int:
        return sum(1 for found in self._found.values() for each in found.values() if each.groups)

    def emptied(self, kind: KindName, table: KnownTable) -> Sequence[str]:
        """The columns that several known objects had filled and of which nothing is left at all."""
        losses, kept = self.all(kind), 0
        lost = Counter(place for each in losses.values() for place in places_of(each.places))
        gone = [place for place, count in lost.items() if count >= FEW]
        if not gone:
            return []
        for number, row in enumerate(table.rows()):
            if row.flags & SEEN:
                kept |= row.filled & ~(losses[number].places if number in losses else 0)
        parts = BY_NAME[kind].parts
        gone = [place for place in gone if not kept >> place & 1]
        return [parts[place].name for place in sorted(gone) if parts[place] is not LEFT_ON]


def places_of(bits: int) -> Iterator[int]:
    place = 0
    while bits >> place:
        if bits >> place & 1:
            yield place
        place += 1
