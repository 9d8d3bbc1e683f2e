"""One object seen from both sides, in one form: what Graph says, and what Assets holds.

Both sides go through the same turns, so that equal values have equal digests. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import compress
from operator import attrgetter
from typing import Final

import msgspec

from app.imports.kinds.records import Row
from app.imports.kinds.shown import fits_a_query, pointed, shown
from app.imports.kinds.table import LEFT_ON, STATUS, Kind, KindName, Reference
from app.imports.kinds.turns import LEFT
from app.inventory import AssetObject

DIGEST_BYTES: Final = 16
_NONE: Final[frozenset[int]] = frozenset()
NameOf = Callable[[KindName, int], bytes | None]
_UNKNOWN: Final = b"?"  # it points to something of which no name is known: never equal


def key_of(entra_id: str) -> bytes:
    """A short name for an Entra id. Ids differ by more than case: AQL's `=` ignores it too."""
    return blake2b(entra_id.strip().casefold().encode(), digest_size=DIGEST_BYTES).digest()


class Reading(msgspec.Struct, frozen=True):
    """One record of Graph. `values` follows `kind.plain`; `target` is the Entra id it points to.

    `names` are the names it points to, in the order of the shape's `named`; empty: to nothing.
    """

    entra_id: str
    key: bytes
    values: tuple[str, ...]
    digest: bytes
    filled: int
    target: str | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Holding:
    """One object of Assets, without its names: what a run remembers of it."""

    object_id: int
    key: bytes
    digest: bytes
    filled: int
    target_id: int = 0  # the object it points to; 0: none
    many: frozenset[int] = frozenset()  # the objects of a reference with many values
    left: bool = False
    left_on: str = ""  # ISO 8601 day


class Shape:
    """The table's row for a kind, prepared once, so that a hundred thousand records go fast."""

    def __init__(
        self, kind: Kind, references: Sequence[Reference] | None = None, *, managed: bool = False
    ) -> None:
        """`references`: those there is a type to point to; all of the kind's if not said.

        `managed`: Intune is read, too.
        """
        self.kind = kind
        pointing = kind.references if references is None else references
        sourced = [
            (place, attribute, source)
            for place, attribute in enumerate(kind.plain)
            if (source := attribute.source or (attribute.intune if managed else None)) is not None
        ]
        self._get = attrgetter(*[_field(source) for _, _, source in sourced], "id")
        self._turns = [(place, attribute.turn) for place, attribute, _ in sourced]
        self._empty = [""] * len(kind.plain)
        self.compared = tuple(
            place
            for place, attribute in enumerate(kind.plain)
            if attribute is LEFT_ON or place in dict(self._turns)
        )
        self.named = tuple(each for each in pointing if each.by_name)
        self._named_bits = [1 << kind.parts.index(each) for each in self.named]
        self.single = next((each for each in pointing if not each.many and not each.by_name), None)
        self.many = next((each for each in pointing if each.many), None)
        self._locators = [attribute.locator for attribute in kind.plain]
        self._leaving_places = [kind.plain.index(each) for each in (STATUS, LEFT_ON) if kind.leaves]
        self._name = next(place for place, each in enumerate(kind.plain) if each.label)
        self._bits = [1 << place for place in self.compared]

    def reading(self, row: Row, target: str | None = None, names: Sequence[str] = ()) -> Reading:
        values = self._empty.copy()
        given = self._get(row)
        entra_id = given[-1]
        for (place, turn), value in zip(self._turns, given, strict=False):
            values[place] = turn(value)
        # Assets cannot keep an object without a label.
        values[self._name] = values[self._name] or entra_id
        names = tuple(names) or ("",) * len(self.named)
        keys = [key_of(each) if each else b"" for each in names]
        digest, filled = self._digest(values, keys)
        return Reading(entra_id, key_of(entra_id), tuple(values), digest, filled, target, names)

    def entry(self, reading: Reading) -> dict[str, str]:
        """What a chunk carries: no empty values, an import would ignore them anyway."""
        pairs = zip(self._locators, reading.values, strict=True)
        entry = {locator: value for locator, value in pairs if value}
        if reading.target and self.single:
            entry[self.single.locator] = reading.target
        named = zip(self.named, reading.names, strict=True)
        return entry | {each.locator: name for each, name in named if name and fits_a_query(name)}

    def points_by_hand(self, reading: Reading) -> bool:
        """Whether it names something that an import's query might not find."""
        return not all(map(fits_a_query, reading.names))

    def kept_entry(self, found: AssetObject, ids: Mapping[str, str]) -> dict[str, str]:
        """An object of Assets as an entry, so that an execution does not miss it.

        References stay out: an import leaves alone what an entry does not name.
        """
        pairs = zip(self._locators, self.values(found, ids), strict=True)
        return {locator: value for locator, value in pairs if value}

    def holding(
        self,
        found: AssetObject,
        ids: Mapping[str, str],
        name_of: NameOf | None = None,
    ) -> Holding | None:
        """What Assets holds; `ids` maps attribute names to ids. None: no identity, not ours.

        `name_of` gives the key of the name of an object of a kind.
        """
        values = self.values(found, ids)
        if not values[0]:
            return None
        digest, filled = self._digest(
            values, [self._name_key(found, ids, each, name_of) for each in self.named]
        )
        single = self._pointed(found, ids, self.single)
        many = self._pointed(found, ids, self.many)
        return Holding(
            int(found.id), key_of(values[0]), digest, filled, min(single, default=0), many,
            *self._leaving(values),
        )  # fmt: skip

    def values(self, found: AssetObject, ids: Mapping[str, str]) -> list[str]:
        """The plain values of an object as the import would write them."""
        return [
            attribute.held(shown(found.values.get(ids.get(attribute.name, ""), ())))
            for attribute in self.kind.plain
        ]

    def _pointed(
        self, found: AssetObject, ids: Mapping[str, str], reference: Reference | None
    ) -> frozenset[int]:
        return pointed(found.values.get(ids.get(reference.name, ""), ())) if reference else _NONE

    def _name_key(
        self,
        found: AssetObject,
        ids: Mapping[str, str],
        reference: Reference,
        name_of: NameOf | None,
    ) -> bytes:
        """What stands for the name that a reference points to; empty: it points to nothing."""
        there = self._pointed(found, ids, reference)
        name = name_of(reference.target, min(there)) if there and name_of else None
        return (name or _UNKNOWN) if there else b""

    def _leaving(self, values: Sequence[str]) -> tuple[bool, str]:
        if not self._leaving_places:
            return False, ""
        status, left_on = self._leaving_places
        return values[status] == LEFT, values[left_on]

    def _digest(self, values: Sequence[str], names: Sequence[bytes]) -> tuple[bytes, int]:
        compared = [values[place] for place in self.compared]
        filled = sum(compress(self._bits, compared))
        text = "\x1f".join([*compared[1:], *(each.hex() for each in names)])
        digest = blake2b(text.encode(), digest_size=DIGEST_BYTES).digest()
        if values[self._name] == values[0]:
            filled &= ~(1 << self._name)  # no name at all: the id stands in for it
        for bit, name in zip(self._named_bits, names, strict=True):
            filled |= bit if name else 0
        return digest, filled


def _field(source: str) -> str:
    """`displayName` is `display_name` in a row."""
    return re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", source)
