"""What saving, changing the Encryption String and forgetting mean, in moves of pointers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import partial
from typing import Final

from app.errors import Clash, ServiceFailed, SettingsUnreadable
from app.said import Sentence
from app.vault import encryption_string
from app.vault.aside import aside
from app.vault.flipping import CHANGED, Flip, Flipper, string_stands, unused_strings
from app.vault.making import Maker, version_in
from app.vault.opening import Ground, Opener, kept_string
from app.vault.parts import DOCUMENTS, ENCRYPTION_STRING
from app.vault.ports import GIVEN, NOTHING_BESIDE, Beside, CannotOpen, Pointed
from app.words import Clock, RandomBytes, Secret

_STRING_UNREADABLE: Final = Sentence(
    "saving.string_unreadable",
    "The Encryption String cannot be opened now. If this stays, an administrator can save it anew.",
)
_TRIES: Final = 5  # against others who save at the same moment

Versions = Mapping[str, str | None]


class Saver:
    """Saves and forgets the documents of one ground."""

    def __init__(
        self,
        ground: Ground,
        opener: Opener,
        maker: Maker,
        clock: Clock,
        random: RandomBytes,
    ) -> None:
        self._ground = ground
        self._opener = opener
        self._maker = maker
        self._flipper = Flipper(ground)
        self._clock = clock
        self._random = random

    def save(
        self,
        documents: Mapping[str, Secret],
        expected: Versions | None,
        beside: Beside = NOTHING_BESIDE,
    ) -> None:
        """All of these in one flip, under the Encryption String in force."""
        seen = self._with_string(self._flipper.look())
        _check_expected(documents, expected, seen)
        making = [
            aside(partial(self._maker.document, name, plaintext, seen))
            for name, plaintext in documents.items()
        ]
        made = [each.result() for each in making]
        moves = {each.document: each.entry for each in made}
        stand = {**{name: version_in(seen, name) for name in documents}, **string_stands(seen)}
        self._flipper.commit(made, Flip(seen, stand, moves, unused_strings(seen, moves), beside))
        for each in made:
            if DOCUMENTS[each.document].rewritable:  # others may be made by a role that opens not
                self._opener.remember_locks(each.document, each.entry, each.locks)

    def give_string(self, text: Secret, expected: Versions | None) -> None:
        """Put an Encryption String that an administrator gave in force."""
        seen = self._flipper.look()
        _check_expected([ENCRYPTION_STRING], expected, seen)
        made = encryption_string.given(text, self._clock, self._random)
        self._put_string(made, seen, given=True)

    def draw_string(self) -> None:
        """Put a new random Encryption String in force."""
        seen = self._flipper.look()
        self._put_string(encryption_string.drawn(self._clock, self._random), seen)

    def forget(self, documents: Collection[str], beside: Beside = NOTHING_BESIDE) -> None:
        """Drop the pointers, and with them the only keys; then the properties. Forgetting wins."""
        flip: Flip | None = None
        for _ in range(_TRIES):
            seen = self._ground.pointers.read_now()
            gone = [name for name in documents if name in seen.part_keys]
            if seen.generation != self._ground.generation or not gone:
                break
            stand = {name: version_in(seen, name) for name in gone}
            flip = Flip(seen, stand, {}, [*gone, *unused_strings(seen, {}, gone)], beside)
            with suppress(ServiceFailed):  # the next look tells whether it happened
                if self._flipper.flip(flip):
                    break
        else:
            raise Clash(CHANGED())
        if flip is not None:
            self._flipper.tidy(flip)

    def drop_unused_strings(self) -> None:
        """Forget former Encryption Strings that no document is sealed under any more."""
        seen = self._flipper.look()
        flip = Flip(seen, string_stands(seen), {}, unused_strings(seen, {}))
        if flip.removes and self._flipper.flip(flip):
            self._flipper.tidy(flip)

    def _put_string(self, document: Secret, seen: Pointed, *, given: bool = False) -> None:
        made = self._maker.string(document, seen, given=given)
        moves = {ENCRYPTION_STRING: made.entry}
        current = seen.part_keys.get(ENCRYPTION_STRING)
        if current is not None:
            # Kept even if nothing names it: somebody may be saving under it this very moment.
            moves[kept_string(current.version)] = current
        # Exactly this entry: what is kept is a copy of it, which must not undo a new wrapping.
        stand = {ENCRYPTION_STRING: current}
        flip = Flip(seen, stand, moves, unused_strings(seen, moves))
        self._flipper.commit([made], flip)
        self._opener.remember_string(made.entry, document)

    def _with_string(self, seen: Pointed) -> Pointed:
        """The pointers, with an Encryption String that opens; the first is made only if absent.

        A drawn one that does not open is replaced by another, and kept while it is named: nothing
        is lost that somebody chose. One that an administrator gave is never replaced unasked,
        whatever Jira or KMS say at the moment. Raises SettingsUnreadable: it has to be given anew.
        """
        if self._string_opens(seen):
            return seen
        with suppress(Clash):  # somebody else's came first: theirs is used
            self._put_string(encryption_string.drawn(self._clock, self._random), seen)
        seen = self._flipper.look()
        if not self._string_opens(seen):
            raise Clash(CHANGED())
        return seen

    def _string_opens(self, seen: Pointed) -> bool:
        current = seen.part_keys.get(ENCRYPTION_STRING)
        if current is None:
            return False
        try:
            self._opener.string_key(current.version, seen)
        except CannotOpen:
            if current.string_version == GIVEN:
                raise SettingsUnreadable(_STRING_UNREADABLE()) from None
            return False
        return True


def _check_expected(documents: Collection[str], expected: Versions | None, seen: Pointed) -> None:
    """Refuse to save over what the caller has not seen."""
    if expected is None:
        return
    if any(expected.get(name) != version_in(seen, name) for name in documents):
        raise Clash(CHANGED())
