"""What must be so after every single write, whoever wrote it and whatever became of it.

The observer is a process that has just started and holds every role: what it cannot open, nobody
can.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, Final

from app.errors import SettingsUnreadable
from app.vault.opening import kept_string
from app.vault.parts import DOCUMENTS, ENCRYPTION_STRING
from app.words import Generation
from tests.vault.rotating import RotatingWorld
from tests.vault.world import A, text_of

TOGETHER: Final = ("entra", "entra-secret")  # saved and forgotten together, always
OBSERVED: Final = (*TOGETHER, "consent", "visibility", "run-history")
Key = tuple[Generation, str]


class Untrue(AssertionError):
    """Something that must never be was."""


class Truth:
    """Looks after each write. `submitted` and `seen` are values by generation and document."""

    def __init__(self, world: RotatingWorld) -> None:
        self._world = world
        self._opened: dict[tuple[Any, ...], str] = {}
        self._now: dict[Key, str | None] = {}
        self._gone: dict[Key, set[str]] = defaultdict(set)
        self.submitted: dict[Key, set[str]] = defaultdict(set)
        self.seen: dict[Key, set[str | None]] = defaultdict(set)
        self.unset: Counter[Key] = Counter()  # how many looks found it unset
        self.looks = 0

    def look(self, told: str) -> None:
        """Raises Untrue, which names the write."""
        self.looks += 1
        reference = self._world.table.read(A)
        assert reference is not None
        try:
            if reference.state != "installed" and reference.part_keys:
                raise Untrue("something is set where nothing is installed")
            self._check_named_are_there(reference.generation, reference.part_keys)
            for document in OBSERVED:
                self._check(reference.generation, document, reference.part_keys)
            self._check_together(reference.generation)
        except Untrue as untrue:
            raise Untrue(f"after {told}: {untrue}") from None

    def value(self, generation: Generation, document: str) -> str | None:
        """What was in force at the last look."""
        return self._now.get((generation, document))

    def _check_named_are_there(self, generation: Generation, part_keys: Mapping[str, Any]) -> None:
        for key, entry in part_keys.items():
            name = f"{generation}.{key.partition('@')[0]}.{entry['version']}"
            if name not in self._world.site.properties:
                raise Untrue(f"{key} is set, and its property {name} is not there")

    def _check(self, generation: Generation, document: str, part_keys: Mapping[str, Any]) -> None:
        key = (generation, document)
        value = self._value(generation, document, part_keys)
        before = self._now.get(key)
        if value is not None and value not in self.submitted[key]:
            raise Untrue(f"{document} holds {value}, which nobody saved in {generation}")
        if value is not None and value in self._gone[key] and not DOCUMENTS[document].rewritable:
            raise Untrue(f"{document} holds {value} again, which was replaced or forgotten")
        if before is not None and before != value:
            self._gone[key].add(before)
        self._now[key] = value
        self.seen[key].add(value)
        self.unset[key] += value is None

    def _value(
        self, generation: Generation, document: str, part_keys: Mapping[str, Any]
    ) -> str | None:
        entry = part_keys.get(document)
        if entry is None:
            return None
        fingerprint = self._fingerprint(generation, document, entry, part_keys)
        if fingerprint not in self._opened:
            worker = self._world.vault("worker", self._world.ids)
            shelf = self._world.shelf("worker", generation=generation, vault=worker)
            try:
                self._opened[fingerprint] = text_of(shelf.open(document)) or ""
            except SettingsUnreadable:
                raise Untrue(f"{document} is set and does not open") from None
        return self._opened[fingerprint]

    def _fingerprint(
        self, generation: Generation, document: str, entry: Any, part_keys: Mapping[str, Any]
    ) -> tuple[Any, ...]:
        """All that decides about what opens: unchanged, it opens to the same."""
        properties = self._world.site.properties
        version = entry["string_version"]
        current = part_keys.get(ENCRYPTION_STRING)
        if current is None or current["version"] != version:
            current = part_keys.get(kept_string(version), {})
        return (
            properties.get(f"{generation}.{document}.{entry['version']}"),
            properties.get(f"{generation}.{ENCRYPTION_STRING}.{version}"),
            *sorted(map(str, entry.items())),
            *sorted(map(str, current.items())),
        )

    def _check_together(self, generation: Generation) -> None:
        values = {self.value(generation, document) for document in TOGETHER}
        if len(values) != 1:
            raise Untrue(f"{' and '.join(TOGETHER)} are a mix: {values}")
