"""Opens the sealed documents of one instance as what they are. Raises SettingsUnreadable."""

from __future__ import annotations

import json
from collections.abc import Iterable

from app.site_settings.parts import Part
from app.site_settings.ports import Shelf
from app.site_settings.stored import SecretMark, StoredPart, StoredSecret, unpack


def open_part(shelf: Shelf, part: Part) -> StoredPart | None:
    """The rules document of a part; None: not set.

    Only the rules are opened. The Encryption String is shown by the vault as when it was given;
    a random one counts as not set.
    """
    sealed = shelf.open(part.name)
    if sealed is None:
        return None
    if part.name != "encryption-string":
        return unpack(StoredPart, sealed)
    shown = json.loads(sealed.reveal())
    if not shown["given"]:
        return None
    changed_at = str(shown["changed_at"])
    return StoredPart(rules={}, changed_at=changed_at, secret=SecretMark(changed_at=changed_at))


def open_secret(shelf: Shelf, document: str) -> StoredSecret | None:
    """A secret document; None: not set. Only the worker's shelf opens one."""
    sealed = shelf.open(document)
    return None if sealed is None else unpack(StoredSecret, sealed)


def damaged_secrets(shelf: Shelf, parts: Iterable[Part]) -> frozenset[str]:
    """The secret documents, sealed apart, that lie in the site no more, or whose pointer is gone
    from beside that of their rules: both are saved and forgotten in one move."""
    apart = {part.secret.document: part for part in parts if part.secret and part.secret.document}
    halved = {
        document
        for document, part in apart.items()
        if shelf.is_set(part.name) and not shelf.is_set(document)
    }
    return shelf.damaged(list(apart)) | halved
