"""Mistakes that somebody could make in the vault, planted one at a time: each must be found.

A simulation that finds none of them would prove nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from unittest.mock import patch

from app.errors import ServiceFailed
from app.instances import pointers
from app.instances.table import Change
from app.vault import flipping, making, saving, sweeping
from app.vault import shelf as shelves
from app.vault.flipping import Flip, Flipper
from app.vault.making import Made
from app.vault.place import number_of
from app.vault.ports import PartKey, Pointed

Bug = Callable[[], Any]


def _without_the_string() -> Any:
    return patch.object(saving, "string_stands", lambda _: {})


def _without_the_version() -> Any:
    real = Flipper.flip

    def flip(self: Flipper, flip: Flip) -> bool:
        stand = {name: each for name, each in flip.stand.items() if name == "encryption-string"}
        return real(self, Flip(flip.seen, stand, flip.moves, flip.removes))

    return patch.object(Flipper, "flip", flip)


@contextmanager
def _without_the_life() -> Iterator[None]:
    def anywhere(change: Any, removes: Any, conditions: list[Any]) -> Change:
        kept = [each for each in conditions if each.path not in (("generation",), ("state",))]
        return Change(change, removes, kept)

    with patch.object(pointers, "Change", anywhere):
        yield


def _tidy_before_the_flip() -> Any:
    real = Flipper.commit

    def commit(self: Flipper, made: Collection[Made], flip: Flip) -> None:
        self.tidy(flip)
        real(self, made, flip)

    return patch.object(Flipper, "commit", commit)


def _property_after_the_flip() -> Any:
    def commit(self: Flipper, made: Collection[Made], flip: Flip) -> None:
        if not self.flip(flip):
            self._lost(made)
        self._write(made)
        self.tidy(flip)

    return patch.object(Flipper, "commit", commit)


def _silence_means_lost() -> Any:
    return patch.object(Flipper, "_after_silence", lambda self, made, _: self._lost(made))


def _silence_means_done() -> Any:
    return patch.object(Flipper, "_after_silence", lambda *_: None)


def _two_looks_after_silence() -> Any:
    def after(self: Flipper, made: Collection[Made], flip: Flip) -> None:
        if self._are_mine(made, self._look_again()):
            return
        if flipping._stands(self._look_again(), flip):
            raise flipping.ServiceUnreachable
        self._lost(made)

    return patch.object(Flipper, "_after_silence", after)


def _versions_without_chance() -> Any:
    def next_version(current: str | None, _: object) -> str:
        return f"{number_of(current or '') + 1}-aaaaaaaaaaaa"

    return patch.object(making, "next_version", next_version)


def _sweeping_what_comes() -> Any:
    def is_passed_by(name: str, pointed: Pointed) -> bool:
        generation, document, version = name.rsplit(".", 2)
        entry = pointed.part_keys.get(document)
        kept = sweeping.kept_string(version) in pointed.part_keys
        return generation != pointed.generation or (
            entry is not None and entry.version != version and not kept
        )

    return patch.object(shelves, "is_passed_by", is_passed_by)


def _sweeping_kept_strings() -> Any:
    return patch.object(sweeping, "kept_string", lambda _: "")


def _pointers_before_names() -> Any:
    def sweep(self: shelves.Shelf) -> int:
        pointed = self._pointed_now()
        unwanted = [
            name for name in self._ground.storage.names() if shelves.is_passed_by(name, pointed)
        ]
        for name in unwanted:
            self._ground.storage.delete(name)
        return len(unwanted)

    return patch.object(shelves.Shelf, "sweep", sweep)


def _no_former_string() -> Any:
    def flip(seen: Any, stand: Any, moves: Any, removes: Any = (), _beside: Any = None) -> Flip:
        return Flip(seen, stand, {key: moves[key] for key in moves if "@" not in key}, removes)

    return patch.object(saving, "Flip", flip)


def _former_strings_dropped_at_once() -> Any:
    def unused(
        seen: Pointed, moves: Mapping[str, PartKey], forgotten: Collection[str] = ()
    ) -> list[str]:
        return [key for key in seen.part_keys if "@" in key and key not in moves]

    return patch.object(saving, "unused_strings", unused)


def _one_flip_for_each() -> Any:
    real = Flipper.commit

    def commit(self: Flipper, made: Collection[Made], flip: Flip) -> None:
        for each in made:
            moves = {**flip.moves} if len(made) == 1 else {each.document: each.entry}
            others = {other.document for other in made} - {each.document}
            stand = {name: value for name, value in flip.stand.items() if name not in others}
            real(self, [each], Flip(flip.seen, stand, moves))

    return patch.object(Flipper, "commit", commit)


def _forgetting_gives_up_silently() -> Any:
    def forget(self: saving.Saver, documents: Collection[str], _beside: Any = None) -> None:
        seen = self._flipper.look()
        gone = [name for name in documents if name in seen.part_keys]
        flip = Flip(seen, {name: seen.part_keys[name].version for name in gone}, {}, gone)
        try:
            self._flipper.flip(flip)
        except ServiceFailed:
            return

    return patch.object(saving.Saver, "forget", forget)


BUGS: Final[Mapping[str, Bug]] = {
    "a pointer moves although the Encryption String has changed": _without_the_string,
    "a pointer moves although another version stands": _without_the_version,
    "a pointer moves in another life of the site": _without_the_life,
    "the old property goes before the pointer moves": _tidy_before_the_flip,
    "the new property is written after the pointer moved": _property_after_the_flip,
    "no answer is taken for a refusal": _silence_means_lost,
    "no answer is taken for success": _silence_means_done,
    "two looks after silence, and the write arrives between them": _two_looks_after_silence,
    "a version has a number only": _versions_without_chance,
    "sweeping takes what is about to be pointed to": _sweeping_what_comes,
    "sweeping takes former Encryption Strings that are still named": _sweeping_kept_strings,
    "sweeping reads the pointers before the names": _pointers_before_names,
    "a former Encryption String is not kept": _no_former_string,
    "former Encryption Strings are dropped while they are named": _former_strings_dropped_at_once,
    "documents that belong together move one after the other": _one_flip_for_each,
    "forgetting gives up without a word": _forgetting_gives_up_silently,
}
