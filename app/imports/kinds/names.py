"""How the things of a kind that has no Entra id are spelled: departments and locations.

Names that differ in case only are one thing. The spelling in Assets wins, then the first that came.
"""

from __future__ import annotations

from app.imports.kinds.entries import key_of


class Names:
    """Of one kind. There are as many as a company has departments, so each is kept whole."""

    def __init__(self) -> None:
        self._spelled: dict[bytes, str] = {}
        self._keys: dict[int, bytes] = {}
        self._met: set[bytes] = set()

    def held(self, object_id: int, name: str) -> None:
        """An object of Assets; several may have one name."""
        key = self._keys[object_id] = key_of(name)
        self._spelled.setdefault(key, name)

    def key(self, object_id: int) -> bytes | None:
        """The key of an object's name; None: it is none of this kind."""
        return self._keys.get(object_id)

    def spelled(self, name: str) -> str:
        return self._spelled.setdefault(key_of(name), name)

    def meet(self, name: str) -> bool:
        """Whether a name comes for the first time in this run."""
        key = key_of(name)
        first = key not in self._met
        self._met.add(key)
        return first
