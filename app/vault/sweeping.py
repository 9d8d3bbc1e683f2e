"""Which properties no pointer will name again, and which documents wait to be sealed anew. Pure."""

from __future__ import annotations

from app.vault.opening import kept_string
from app.vault.parts import DOCUMENTS, ENCRYPTION_STRING
from app.vault.place import number_of
from app.vault.ports import Pointed


def is_passed_by(name: str, pointed: Pointed) -> bool:
    """Whether this property is of another generation than `pointed`, or passed by in it."""
    pieces = name.rsplit(".", 2)
    if len(pieces) != 3 or not number_of(pieces[2]):
        return False  # not one of ours
    generation, document, version = pieces
    if generation != pointed.generation:
        return True
    entry = pointed.part_keys.get(document)
    if entry is None or entry.version == version or kept_string(version) in pointed.part_keys:
        return False
    # A higher number may belong to somebody who is about to move the pointer to it.
    return number_of(version) <= number_of(entry.version)


def under_former_string(pointed: Pointed) -> tuple[str, ...]:
    """The documents that are not sealed under the Encryption String in force."""
    current = pointed.part_keys.get(ENCRYPTION_STRING)
    return tuple(
        name
        for name, entry in pointed.part_keys.items()
        if name in DOCUMENTS
        and name != ENCRYPTION_STRING
        and (current is None or entry.string_version != current.version)
    )
