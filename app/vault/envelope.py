"""A sealed document as the text of a property: base64, with a wrapped key where one belongs.

One document has exactly one text: anything that decodes to the same bytes another way is refused.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Final

from app.errors import InputRefused, Problem
from app.said import Sentence
from app.vault.ports import CannotOpen

TOO_LARGE: Final = Sentence(
    "saving.too_large",
    "This is too large to be kept in Jira: sealed it has {has:,} characters, and at most"
    " {most:,} fit. Shorten its lists.",
)

# A Connect app property holds at most 32,768 characters of JSON; the rest is our margin.
MOST_CHARACTERS: Final = 30_000


@dataclass(frozen=True)
class InnerKey:
    """The wrapped data key of an inner lock, and the full name of the key that wrapped it."""

    key_id: str
    wrapped: bytes = field(repr=False)


def to_text(document: str, sealed: bytes, inner_key: InnerKey | None = None) -> str:
    """The text of a property. Raises InputRefused if it would not fit into one."""
    pieces = [sealed]
    if inner_key is not None:
        pieces += [inner_key.wrapped, inner_key.key_id.encode()]
    text = ".".join(base64.b64encode(piece).decode() for piece in pieces)
    if len(text) > MOST_CHARACTERS:
        message = TOO_LARGE(has=len(text), most=MOST_CHARACTERS)
        raise InputRefused(message, problems=[Problem(document, message)])
    return text


def sealed_in(text: str | None) -> bytes:
    """The sealed bytes of a property. Raises CannotOpen."""
    (sealed,) = _pieces(text, 1)
    return sealed


def sealed_with_key_in(text: str | None) -> tuple[bytes, InnerKey]:
    """The sealed bytes of a property and the wrapped key beside them. Raises CannotOpen."""
    sealed, wrapped, key_id = _pieces(text, 3)
    try:
        return sealed, InnerKey(key_id.decode(), wrapped)
    except UnicodeDecodeError:
        raise CannotOpen from None


def _pieces(text: str | None, expected: int) -> list[bytes]:
    # The text comes from a storage that anybody may write: its size first, then its shape.
    if text is None or len(text) > MOST_CHARACTERS:
        raise CannotOpen
    pieces = text.split(".")
    if len(pieces) != expected:
        raise CannotOpen
    return [_decoded(piece) for piece in pieces]


def _decoded(piece: str) -> bytes:
    try:
        decoded = base64.b64decode(piece, validate=True)
    except (binascii.Error, ValueError):
        raise CannotOpen from None
    if base64.b64encode(decoded).decode() != piece:
        raise CannotOpen
    return decoded
