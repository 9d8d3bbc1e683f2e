"""Moving pointers: new properties first, then one conditional write, then what it left behind.

A crash anywhere leaves exactly one readable version: the one that the pointer names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NoReturn

from app.errors import AppError, Clash, ServiceFailed, ServiceUnreachable
from app.said import Sentence
from app.vault.aside import aside
from app.vault.making import Made, version_in
from app.vault.opening import Ground, document_of, kept_string
from app.vault.parts import ENCRYPTION_STRING
from app.vault.ports import Beside, PartKey, Pointed, Standing

CHANGED: Final = Sentence("saving.changed", "Somebody else has changed this meanwhile. Look again.")
_GONE: Final = Sentence("saving.gone", "The app is no longer installed on this site.")
_UNKNOWN: Final = Sentence(
    "saving.unknown", "The outcome is unknown: look again before you repeat it."
)
_INSTALLED: Final = "installed"


@dataclass(frozen=True)
class Flip:
    """One move of pointers, decided upon what was `seen`. `stand` must still be so.

    `beside` is what of the reference changes in the same write.
    """

    seen: Pointed
    stand: Mapping[str, Standing]
    moves: Mapping[str, PartKey]
    removes: Collection[str] = ()
    beside: Beside = field(default_factory=dict)


def unused_strings(
    seen: Pointed, moves: Mapping[str, PartKey], forgotten: Collection[str] = ()
) -> list[str]:
    """The kept Encryption Strings that no document will name after this flip.

    A former string is never named anew (a flip names the one in force, which must stand), so
    what is unused at one moment stays unused.
    """
    after = {**seen.part_keys, **moves}
    named = {entry.string_version for key, entry in after.items() if key not in forgotten}
    return [
        key
        for key, entry in seen.part_keys.items()
        if key == kept_string(entry.version) and entry.version not in named
    ]


class Flipper:
    """Moves the pointers of one ground and writes and deletes the properties that go with them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def look(self) -> Pointed:
        """The pointers as they are now. Raises Clash if this generation is over."""
        seen = self._ground.pointers.read_now()
        if seen.generation != self._ground.generation or seen.state != _INSTALLED:
            raise Clash(_GONE())
        return seen

    def commit(self, made: Collection[Made], flip: Flip) -> None:
        """Write the new properties and move the pointers to them.

        Raises Clash (lost, nothing left behind) and ServiceUnreachable (nobody can say yet).
        """
        try:
            self._write(made)
        except AppError:
            self._delete(each.name for each in made)
            raise
        try:
            won = self.flip(flip)
        except ServiceFailed:
            self._after_silence(made, flip)
        else:
            # A repeated request finds its own first effect in its way, so ask whose it is.
            if not won and not self._are_mine(made, self._look_again()):
                self._lost(made)
        self.tidy(flip)

    def flip(self, flip: Flip) -> bool:
        """Move the pointers alone. Raises ServiceUnreachable."""
        return self._ground.pointers.flip(
            self._ground.generation, flip.stand, flip.moves, flip.removes, flip.beside
        )

    def tidy(self, flip: Flip) -> None:
        """Delete the properties that no pointer names after this flip. Failing is harmless."""
        before = flip.seen.part_keys
        after = {key: entry for key, entry in before.items() if key not in flip.removes}
        kept = {self._name(key, entry) for key, entry in {**after, **flip.moves}.items()}
        touched = [key for key in (*flip.moves, *flip.removes) if key in before]
        self._delete(sorted({self._name(key, before[key]) for key in touched} - kept))

    def _after_silence(self, made: Collection[Made], flip: Flip) -> None:
        """No answer came. Return if the pointers moved to ours, raise otherwise."""
        # One look for both questions: between two, the write could arrive and be taken for lost.
        now = self._look_again()
        if self._are_mine(made, now):
            return
        if _stands(now, flip):
            # The write may still arrive: our property must stay. Its number is above the
            # pointer's, so sweeping leaves it until another version has passed it by.
            raise ServiceUnreachable(_UNKNOWN())
        self._lost(made)

    def _are_mine(self, made: Collection[Made], now: Pointed) -> bool:
        # One is enough: they moved together, and some may have been moved on since. By version,
        # which nobody else draws: the key may have been wrapped anew meanwhile. A string of ours
        # may be a former one by now, and documents may need it.
        mine = {(each.document, each.entry.version) for each in made}
        named = {(document_of(key), entry.version) for key, entry in now.part_keys.items()}
        return now.generation == self._ground.generation and bool(mine & named)

    def _look_again(self) -> Pointed:
        try:
            return self._ground.pointers.read_now()
        except ServiceFailed:
            raise ServiceUnreachable(_UNKNOWN()) from None

    def _lost(self, made: Collection[Made]) -> NoReturn:
        self._delete(each.name for each in made)
        raise Clash(CHANGED())

    def _write(self, made: Collection[Made]) -> None:
        write = self._ground.storage.write
        writing = [aside(partial(write, each.name, each.text)) for each in made]
        failures = [failure for each in writing if (failure := each.exception()) is not None]
        if failures:
            raise failures[0]

    def _delete(self, names: Iterable[str]) -> None:
        deleting = [aside(partial(self._ground.storage.delete, name)) for name in names]
        for each in deleting:
            with suppress(AppError):  # unreadable without its key; sweeping comes by later
                each.result()

    def _name(self, key: str, entry: PartKey) -> str:
        return self._ground.place_of(key, entry).property_name


def _stands(now: Pointed, flip: Flip) -> bool:
    return (
        now.generation == flip.seen.generation
        and now.state == _INSTALLED
        and all(_still(now, name, standing) for name, standing in flip.stand.items())
    )


def _still(now: Pointed, document: str, standing: Standing) -> bool:
    if isinstance(standing, PartKey):
        return now.part_keys.get(document) == standing
    return version_in(now, document) == standing


def string_stands(seen: Pointed) -> Mapping[str, Standing]:
    """The Encryption String in force must still be in force."""
    return {ENCRYPTION_STRING: version_in(seen, ENCRYPTION_STRING)}
