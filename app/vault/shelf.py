"""The sealed documents of one instance: save, open, forget. Only the pointers say what is set.

The site storage is never believed: whatever lies there either opens in its place or does not count.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Final

from app.errors import Clash, SettingsUnreadable
from app.sentences import CANNOT_BE_OPENED
from app.vault.aside import aside
from app.vault.envelope import to_text
from app.vault.keys import Keys
from app.vault.opening import Ground, Opener, document_of
from app.vault.parts import DOCUMENTS, ENCRYPTION_STRING, Role
from app.vault.ports import NOTHING_BESIDE, Beside, CannotOpen, Pointed
from app.vault.rewrapping import Fate, rewrap_string
from app.vault.roles import check_forgets, check_makes, check_opens, check_rewraps, opens
from app.vault.saving import Saver
from app.vault.sweeping import is_passed_by, under_former_string
from app.words import RandomBytes, Secret

_TRIES: Final = 5  # while others keep moving the pointer between our two looks


class Shelf:
    """One generation of one instance, as one role may use it.

    Documents are those of `app.vault.parts`. Raises RoleMayNot for what the role may not, and
    ServiceFailed (or one of its kinds) when KMS, the table or the site does not answer.
    """

    def __init__(
        self,
        role: Role,
        ground: Ground,
        keys: Keys,
        opener: Opener,
        saver: Saver,
        random: RandomBytes,
    ) -> None:
        self._role = role
        self._ground = ground
        self._keys = keys
        self._opener = opener
        self._saver = saver
        self._random = random

    def versions(self) -> Mapping[str, str]:
        """The version of each document that is set: what `save(expected=...)` takes."""
        found = self._pointed().part_keys.items()
        return {name: entry.version for name, entry in found if name in DOCUMENTS}

    def is_set(self, document: str) -> bool:
        """Whether the document is set, readable or not."""
        return document in self._pointed().part_keys

    def open(self, document: str) -> Secret | None:
        """What was saved; None if it is not set. Raises SettingsUnreadable if it does not open.

        Of `encryption-string` comes JSON, `{"given": bool, "changed_at": ISO 8601}`, never itself.
        """
        check_opens(self._role, document)
        pointed = self._pointed()
        for _ in range(_TRIES):
            if document not in pointed.part_keys:
                return None
            try:
                return self._opener.opened(document, pointed)
            except CannotOpen:
                before, pointed = pointed, self._pointed_now()
            if pointed == before:
                break
        raise SettingsUnreadable(CANNOT_BE_OPENED(document=document))

    def prepare(self, documents: Iterable[str]) -> None:
        """Open these side by side, so that each `open` makes no call; it shows what failed."""
        pointed = self._pointed()
        opening = [
            aside(partial(self.open, name))
            for name in documents
            if name in pointed.part_keys and not self._opener.is_warm(name, pointed)
        ]
        for each in opening:
            each.exception()  # waits

    def damaged(self, documents: Collection[str]) -> frozenset[str]:
        """Those that are set and whose property is gone or has no form of ours: no key needed."""
        found = self._opener.damaged(documents, self._pointed())
        return self._opener.damaged(found, self._pointed_now()) if found else found

    def save(
        self,
        documents: Mapping[str, Secret],
        expected: Mapping[str, str | None] | None = None,
        beside: Beside = NOTHING_BESIDE,
    ) -> None:
        """Save all of these in one move: all of them or none, with what changes `beside` them.

        `expected` is what `versions()` said when the caller looked; a document that has another
        version by now is a Clash. `encryption-string` is saved alone: the text that was given.
        Raises Clash, InputRefused (too large), ServiceUnreachable (also: outcome unknown).
        """
        for name in documents:
            check_makes(self._role, name)
        if ENCRYPTION_STRING not in documents:
            self._saver.save(documents, expected, beside)
        elif len(documents) == 1:
            self._saver.give_string(documents[ENCRYPTION_STRING], expected)
        else:
            raise ValueError("the Encryption String is saved alone")

    def forget(self, documents: Collection[str], beside: Beside = NOTHING_BESIDE) -> None:
        """Make these unreadable for good by dropping their keys. Raises Clash.

        Forgetting `encryption-string` puts a random one in its place, so that the rest still opens.
        """
        for name in documents:
            check_forgets(self._role, name)
        if ENCRYPTION_STRING in documents and self.is_set(ENCRYPTION_STRING):
            check_makes(self._role, ENCRYPTION_STRING)
            self._saver.draw_string()
        gone = frozenset(documents) - {ENCRYPTION_STRING}
        self._saver.forget(gone, beside)
        self._opener.let_go(gone)

    def rewrite(self, document: str, plaintext: Secret) -> None:
        """Write a rewritable document in place, or save it if it is not set or not readable."""
        check_makes(self._role, document)
        if not DOCUMENTS[document].rewritable:
            raise ValueError(f"{document} is saved, never rewritten")
        pointed = self._pointed()
        entry = pointed.part_keys.get(document)
        if entry is None:
            return self.save({document: plaintext})
        try:
            locks = self._opener.locks(document, entry, pointed)
        except CannotOpen:
            return self.save({document: plaintext})
        text = to_text(document, locks.seal(plaintext, self._random))
        return self._ground.storage.write(
            self._ground.place_of(document, entry).property_name, text
        )

    def reseal(self) -> tuple[str, ...]:
        """Seal under the Encryption String in force what lies under a former one.

        Each document stays readable throughout. Gives the names of those that still lie under a
        former one: this role may not open them, or they do not open.
        """
        for name in under_former_string(self._pointed_now()):
            if opens(self._role, name):
                with suppress(Clash, SettingsUnreadable):  # saved meanwhile, or not to be saved
                    self._reseal(name)
        self._saver.drop_unused_strings()
        return under_former_string(self._pointed_now())

    def rewrap(self) -> Mapping[str, Fate]:
        """Wrap the inner keys of Encryption Strings under the settings key in use; their fates."""
        check_rewraps(self._role, ENCRYPTION_STRING, "settings")
        if not self._keys.rotates("settings"):
            return {}  # nothing could lie under another key and still be accepted
        return {
            key: rewrap_string(self._ground, self._keys, entry)
            for key, entry in self._pointed_now().part_keys.items()
            if document_of(key) == ENCRYPTION_STRING
        }

    def sweep(self) -> int:
        """Delete properties that no pointer names: of other generations, or passed by. How many.

        The names are read before the pointers: what a later generation wrote is never among them.
        """
        names = self._ground.storage.names()
        pointed = self._pointed_now()
        unwanted = [name for name in names if is_passed_by(name, pointed)]
        for name in unwanted:
            self._ground.storage.delete(name)
        return len(unwanted)

    def _reseal(self, document: str) -> None:
        seen = self.versions()
        plaintext = self.open(document)
        if plaintext is not None:
            self._saver.save({document: plaintext}, seen)

    def _pointed(self) -> Pointed:
        """The pointers, at most three seconds old; those of a past life hold nothing for us."""
        pointed = self._ground.pointers.read()
        if pointed.generation == self._ground.generation:
            return pointed
        return self._pointed_now()

    def _pointed_now(self) -> Pointed:
        pointed = self._ground.pointers.read_now()
        if pointed.generation == self._ground.generation:
            return pointed
        return Pointed(pointed.generation, pointed.state, {})
