"""Looks for a person in everything that lies with the vendor: the search that proves "nothing".

What is looked for is never repeated in a result. A control search shows that it would have found.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from app.goodbye.disguises import VIEWS, same_signs
from app.words import Json

SHORTEST: Final = 4  # a shorter word would be found anywhere by chance
# Every form in which a word might lie there; each takes the word's UTF-8 bytes.
_FORMS: Final[Mapping[str, Callable[[bytes], str]]] = {
    "as it is": lambda word: word.decode(),
    "in JSON": lambda word: json.dumps(word.decode())[1:-1],
    "in a URL": lambda word: quote(word, safe=""),
    "base64": lambda word: base64.b64encode(word).decode().rstrip("="),
    "base64 for URLs": lambda word: base64.urlsafe_b64encode(word).decode().rstrip("="),
    "hex": lambda word: word.hex(),
    "SHA-256": lambda word: hashlib.sha256(word).hexdigest(),
    "SHA-1": lambda word: hashlib.sha1(word, usedforsecurity=False).hexdigest(),
    "MD5": lambda word: hashlib.md5(word, usedforsecurity=False).hexdigest(),
}
FORMS: Final = (*_FORMS, *VIEWS)


@dataclass
class Result:
    """`searched` counts items and bytes by store; `found` names where, never what."""

    searched: dict[str, dict[str, int]] = field(default_factory=dict)
    found: list[Json] = field(default_factory=list)


class Search:
    """One search of any number of stores. Words of a person come in and never go out."""

    def __init__(self, words: Iterable[str]) -> None:
        self._needles = [
            (form, made.casefold())
            for word in words
            for written in {word, word.casefold(), same_signs(word)}
            for form, make in _FORMS.items()
            for made in (make(written.encode()),)
        ]
        self.result = Result()

    def through(self, store: str, items: Iterable[tuple[str, Any]]) -> None:
        """Look through one store: pairs of a name and whatever lies there under it."""
        counted = self.result.searched.setdefault(store, {"items": 0, "bytes": 0})
        for name, item in items:
            text = "\n".join(_texts(item))
            counted["items"] += 1
            counted["bytes"] += len(text.encode())
            self._look(store, name, text)

    def _look(self, store: str, name: str, text: str) -> None:
        forms = self._forms_in(text)
        if not forms:
            forms = {view for view, read in VIEWS.items() if self._forms_in(read(text))}
        if forms:
            self.result.found.append({"store": store, "item": name, "forms": sorted(forms)})

    def _forms_in(self, text: str) -> set[str]:
        seen = text.casefold()
        return {form for form, needle in self._needles if needle in seen}


def _texts(item: object) -> Iterator[str]:
    """Every name and value of it, however deep, and what lies in a value that is JSON itself."""
    if isinstance(item, Mapping):
        for name, value in item.items():
            yield str(name)
            yield from _texts(value)
    elif isinstance(item, list | tuple):
        for value in item:
            yield from _texts(value)
    elif isinstance(item, bytes):
        yield item.hex()
        yield item.decode("latin-1")
        yield item.decode("utf-8", "replace")
    else:
        yield str(item)
        yield from _texts_within(str(item))


def _texts_within(text: str) -> Iterator[str]:
    if text.lstrip()[:1] not in ("{", "["):
        return
    with suppress(ValueError, RecursionError):
        yield from _texts(json.loads(text))
