"""Who is a direct member of which of the groups asked for, at 20 bytes a membership.

Filled while groups are read, asked while people are: Graph gives members with the group.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

from app.imports.kinds.entries import key_of


class Memberships:
    """`asked` are the Entra ids of the groups whose members count; of none, nothing is filled."""

    def __init__(self, asked: Iterable[str]) -> None:
        self._groups = [key_of(each) for each in asked]
        self._place = {key: place for place, key in enumerate(self._groups)}
        self._people = array("Q")
        self._where = array("H")
        self._next = array("I")
        self._heads = array("I", bytes(4 * 64))

    def __bool__(self) -> bool:
        return bool(self._groups)

    def empty(self) -> bool:
        """Whether groups are asked for and none of them has a member."""
        return bool(self) and all(place == _GONE for place in self._where)

    def add(self, group: bytes, person_id: str, *, member: bool) -> None:
        """One entry of `members@delta`; `member` is False where it is removed."""
        place = self._place.get(group)
        if place is None:
            return
        person = short_key(key_of(person_id))
        entries = {self._where[number]: number for number in self._entries(person)}
        if not member:
            if place in entries:
                self._where[entries[place]] = _GONE
        elif _GONE in entries and place not in entries:
            self._where[entries[_GONE]] = place
        elif place not in entries:
            self._append(person, place)

    def groups_of(self, person: bytes) -> frozenset[bytes] | None:
        """The keys of the person's groups; None where memberships are not filled."""
        if not self._groups:
            return None
        places = [self._where[number] for number in self._entries(short_key(person))]
        return frozenset(self._groups[place] for place in places if place != _GONE)

    def _entries(self, person: int) -> Iterator[int]:
        number = self._heads[person % len(self._heads)]
        while number:
            if self._people[number - 1] == person:
                yield number - 1
            number = self._next[number - 1]

    def _append(self, person: int, place: int) -> None:
        if len(self._people) > len(self._heads) * 2:  # two in a chain: four bytes each at most
            self._spread()
        self._people.append(person)
        self._where.append(place)
        self._next.append(0)
        self._link(len(self._people) - 1)

    def _link(self, number: int) -> None:
        slot = self._people[number] % len(self._heads)
        self._next[number] = self._heads[slot]
        self._heads[slot] = number + 1

    def _spread(self) -> None:
        heads, self._heads = len(self._heads), array("I", (0,))
        self._heads *= 2 * heads
        for number in range(len(self._people)):
            self._link(number)


_GONE = 0xFFFF


def short_key(key: bytes) -> int:
    """Eight bytes of a key: enough to tell the people of one directory apart."""
    return int.from_bytes(key[:8], "little")
