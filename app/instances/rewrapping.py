"""Another KMS key: every wrapped key in the references is wrapped anew, unopened, one write each.

It may be killed anywhere and repeated: what lies under the current key is left as it is. A save, a
new install or an uninstall that comes between wins, because a write demands what was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from app.instances.reference import InstanceReference
from app.instances.table import Change, Equals, InstanceTable, Path
from app.vault.opening import document_of
from app.vault.parts import DOCUMENTS, Lock
from app.vault.ports import CannotOpen
from app.vault.rewrapping import Owner, Rewrapper
from app.words import InstanceId, Json

Reason = Literal["key-not-listed", "refused", "changes-too-fast", "not-understood"]
_TRIES: Final = 5  # against others who write the same entry at the same moment
# Where a lock's key id and wrapped key lie in an entry: inside `part_keys`, and in a secret of
# the reference itself.
_OUTER: Final[Mapping[Lock, tuple[str, str]]] = {"instance": ("key_id", "wrapped")}
_BOTH: Final[Mapping[Lock, tuple[str, str]]] = {
    **_OUTER,
    "settings": ("inner_key_id", "inner_wrapped"),
}


@dataclass(frozen=True)
class Left:
    """A wrapped key that stayed as it was, and why."""

    instance_id: InstanceId
    document: str
    lock: Lock
    reason: Reason


@dataclass
class Tally:
    """What became of the wrapped keys. `not_asked`: of documents that are another role's."""

    rewrapped: int = 0
    current: int = 0
    not_asked: int = 0
    left: list[Left] = field(default_factory=list)

    def shown(self) -> Json:
        """As JSON: counts, and each key that was left."""
        return {**vars(self), "left": [vars(each) for each in self.left]}


@dataclass(frozen=True)
class _Entry:
    """One entry of a reference, as read."""

    path: Path
    document: str
    locks: Mapping[Lock, tuple[str, str]]
    value: Mapping[str, Any]

    @property
    def is_whole(self) -> bool:
        ids = [self.value.get(names[0]) for names in self.locks.values()]
        wrapped = [self.value.get(names[1]) for names in self.locks.values()]
        texts = [*ids, self.value.get("version")]
        return (
            self.document in DOCUMENTS
            and all(isinstance(each, str) for each in texts)
            and all(isinstance(each, bytes) for each in wrapped)
        )


class Rewrapping:
    """Walks all references. `tally` says at any moment how far it came."""

    def __init__(self, table: InstanceTable, rewrapper: Rewrapper) -> None:
        self._table = table
        self._rewrapper = rewrapper
        self.tally = Tally()

    def walk(self) -> Iterator[InstanceReference]:
        """Each reference, after its keys were wrapped anew. Raises ServiceUnreachable."""
        self._rewrapper.check_current()
        for reference in self._table.all():
            for entry in _entries(reference):
                self._settle(reference, entry)
            yield reference

    def _settle(self, reference: InstanceReference, entry: _Entry) -> None:
        """Bring one entry under the current keys, however often it changes meanwhile."""
        mine = {lock: at for lock, at in entry.locks.items() if self._asks(entry, lock)}
        self.tally.not_asked += len(entry.locks) - len(mine)
        found: InstanceReference | None = reference
        seen: _Entry | None = entry
        for _ in range(_TRIES if mine else 0):
            if found is None or seen is None:
                return  # uninstalled or forgotten meanwhile: its keys are gone
            if self._moved(found, _Entry(seen.path, seen.document, mine, seen.value)):
                return
            found = self._table.read(reference.instance_id)
            again = _entries(found) if found is not None else ()
            seen = next((each for each in again if each.path == entry.path), None)
        for lock in mine:
            self._leave(reference, entry, lock, "changes-too-fast")

    def _moved(self, reference: InstanceReference, entry: _Entry) -> bool:
        """One look and one write. False: it was changed between them."""
        if not entry.is_whole:
            for lock in entry.locks:
                self._leave(reference, entry, lock, "not-understood")
            return True
        new: dict[Path, Any] = {}
        outcome = Tally()
        for lock in entry.locks:
            new |= self._wrapped(reference, entry, lock, outcome)
        if (
            new
            and self._table.change(reference.instance_id, _change(reference, entry, new)) is None
        ):
            return False
        self.tally.rewrapped += outcome.rewrapped
        self.tally.current += outcome.current
        self.tally.left += outcome.left
        return True

    def _wrapped(
        self, reference: InstanceReference, entry: _Entry, lock: Lock, outcome: Tally
    ) -> Mapping[Path, Any]:
        id_at, wrapped_at = entry.locks[lock]
        key_id, wrapped = entry.value[id_at], entry.value[wrapped_at]
        owner = Owner(
            reference.instance_id, reference.generation, entry.document, entry.value["version"]
        )
        try:
            new = self._rewrapper.rewrapped(owner, lock, key_id, wrapped)
        except CannotOpen:
            listed = self._rewrapper.accepts(lock, key_id)
            reason: Reason = "refused" if listed else "key-not-listed"
            outcome.left.append(Left(reference.instance_id, entry.document, lock, reason))
            return {}
        if new is None:
            outcome.current += 1
            return {}
        outcome.rewrapped += 1
        return {(*entry.path, id_at): new.key_id, (*entry.path, wrapped_at): new.wrapped}

    def _asks(self, entry: _Entry, lock: Lock) -> bool:
        # What no table declares is nobody's: it is named among what was left, never passed over.
        return entry.document not in DOCUMENTS or self._rewrapper.may(entry.document, lock)

    def _leave(
        self, reference: InstanceReference, entry: _Entry, lock: Lock, reason: Reason
    ) -> None:
        self.tally.left.append(Left(reference.instance_id, entry.document, lock, reason))


def _entries(reference: InstanceReference) -> Iterator[_Entry]:
    for key, value in reference.part_keys.items():
        yield _Entry(("part_keys", key), document_of(key), _OUTER, value)
    for name, document in DOCUMENTS.items():
        secret: Mapping[str, Any] | None = getattr(reference, name, None)
        if document.rests_in == "reference" and secret is not None:
            yield _Entry((name,), name, _BOTH, secret)


def _change(reference: InstanceReference, entry: _Entry, new: Mapping[Path, Any]) -> Change:
    """The write, for this generation, version and these wrapped keys only."""
    demanded = ["version", *(wrapped_at for _, wrapped_at in entry.locks.values())]
    conditions = [
        Equals(("generation",), reference.generation),
        *(Equals((*entry.path, name), entry.value[name]) for name in demanded),
    ]
    return Change(dict(new), (), conditions)
