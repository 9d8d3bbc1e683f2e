"""What the app says to people: an English sentence, and the code by which a page says the same in
its reader's language (`said.<code>` in ui/words). Codes stay; sentences may be written anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Self

from app.words import Json

Value = str | int | tuple[str, ...]  # a Said is text too
NOTHING: Final[Mapping[str, Value]] = MappingProxyType({})


class Said(str):
    """One sentence as it is said: English text that knows its `code` and what fills its blanks.

    Made by a Sentence only. It is text, so whoever only reads English needs to know nothing of it.
    """

    __slots__ = ("code", "values")

    code: str
    values: Mapping[str, Value]

    def __new__(cls, text: str, code: str, values: Mapping[str, Value] = NOTHING) -> Self:
        made = super().__new__(cls, text)
        made.code, made.values = code, values
        return made


class Sentence:
    """A sentence with blanks, `Enter the {called}.`; called with what fills them, it is Said.

    A blank takes text, a whole number, a list of text (joined by commas) or another sentence.
    """

    def __init__(self, code: str, english: str) -> None:
        self.code: Final = code
        self.english: Final = english

    def __call__(self, **values: Value) -> Said:
        filled = {name: _spoken(value) for name, value in values.items()}
        return Said(self.english.format(**filled), self.code, values)


def told(sentence: str) -> Json:
    """What stands beside a sentence in an answer: `{"code", "values"}`; nothing beside plain text.

    `values` are text, whole numbers, lists of text, or a sentence as `{"message", "code", …}`.
    """
    if not isinstance(sentence, Said):
        return {}
    return {"code": sentence.code, "values": {k: _shown(v) for k, v in sentence.values.items()}}


def _spoken(value: Value) -> str | int:
    return ", ".join(value) if isinstance(value, tuple) else value


def _shown(value: Value) -> object:
    if isinstance(value, Said):
        return {"message": str(value), **told(value)}
    return list(value) if isinstance(value, tuple) else value
