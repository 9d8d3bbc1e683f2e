"""Which object holds which value: equality by look-up, whatever the size of the workspace."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

NOTHING: frozenset[int] = frozenset()


class ValueIndex:
    """Objects by attribute and value. Values are compared ignoring case, as AQL's `=` does."""

    def __init__(self) -> None:
        self._held: dict[int, dict[str, set[int]]] = defaultdict(dict)

    def add(self, attribute_id: int, values: Iterable[str], object_id: int) -> None:
        """The object now holds these values."""
        held = self._held[attribute_id]
        for value in values:
            folded = value.casefold()
            holders = held.get(folded)
            if holders is None:
                held[folded] = {object_id}
            else:
                holders.add(object_id)

    def drop(self, attribute_id: int, values: Iterable[str], object_id: int) -> None:
        """The object no longer holds these values."""
        held = self._held[attribute_id]
        for value in values:
            folded = value.casefold()
            holders = held.get(folded)
            if holders is None:
                continue
            holders.discard(object_id)
            if not holders:
                del held[folded]

    def holders(self, attribute_id: int, value: str) -> set[int] | frozenset[int]:
        """Objects with exactly this value. Not to be changed by the caller."""
        return self._held[attribute_id].get(value.casefold(), NOTHING)

    def entries(self, attribute_id: int) -> Mapping[str, set[int]]:
        """Every value of an attribute, folded, with its objects. Not to be changed."""
        return self._held[attribute_id]

    def filled(self, attribute_id: int) -> set[int]:
        """Objects with any value."""
        return set().union(*self._held[attribute_id].values())
