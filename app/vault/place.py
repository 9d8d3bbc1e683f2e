"""Where a sealed document belongs. Both ciphers and both keys are bound to it.

A document that is put anywhere else, or under another version of itself, does not open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.words import Generation, InstanceId, RandomBytes

FORMAT: Final = 1
SUITE_TWO_LOCKS: Final = 1  # AES-256-GCM-SIV inside, AES-256-GCM outside
# Reserved for an inner key that only the administrator's browser holds. Web browsers have no
# GCM-SIV (WebCrypto), so it will be plain AES-GCM under a key derived for each message.
SUITE_BROWSER_HELD: Final = 2

# The names of the encryption context, all of them always present. The key policies demand it.
CONTEXT_KEYS: Final = ("app", "generation", "instance", "part", "version")

_VERSION_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"
_VERSION_RANDOM: Final = 12


@dataclass(frozen=True)
class Place:
    """The one place a sealed document opens in. `string_version` is empty where none is used."""

    app_key: str
    instance_id: InstanceId
    generation: Generation
    document: str
    version: str
    string_version: str = ""

    def encoded(self) -> bytes:
        """The place as associated data: each piece with its length, so no two places look alike."""
        pieces = (
            self.app_key, self.instance_id, self.generation,
            self.document, self.version, self.string_version,
        )  # fmt: skip
        head = bytes((FORMAT, SUITE_TWO_LOCKS, len(pieces)))
        return head + b"".join(_with_length(piece.encode()) for piece in pieces)

    def context(self) -> Mapping[str, str]:
        """The encryption context of its data keys: bound by KMS, and seen by its key policies."""
        return {
            "app": self.app_key,
            "instance": self.instance_id,
            "generation": self.generation,
            "part": self.document,
            "version": self.version,
        }

    @property
    def property_name(self) -> str:
        """Its name in the site storage."""
        return property_name(self.generation, self.document, self.version)


def property_name(generation: Generation, document: str, version: str) -> str:
    """The name in the site storage of one version of a document."""
    return f"{generation}.{document}.{version}"


def _with_length(piece: bytes) -> bytes:
    return len(piece).to_bytes(4, "big") + piece


def next_version(current: str | None, random: RandomBytes) -> str:
    """The number after the current one, and 12 random characters that nobody can foresee."""
    letters = "".join(_VERSION_LETTERS[byte % 32] for byte in random(_VERSION_RANDOM))
    return f"{number_of(current) + 1 if current else 1}-{letters}"


def number_of(version: str) -> int:
    """The number a version starts with; 0 if it has none."""
    number, _, letters = version.partition("-")
    return int(number) if number.isascii() and number.isdecimal() and letters else 0
