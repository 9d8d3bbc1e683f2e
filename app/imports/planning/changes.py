"""What a plan counts and remembers while records stream by. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from app.imports.kinds.entries import Reading, Shape
from app.imports.planning.known import CREATED, READ, SEEN, Row

NO_MANY: Final = bytes(6)
NO_SIGHT: Final = bytes(16)  # equals no digest


@dataclass
class Counts:
    create: int = 0
    update: int = 0
    unchanged: int = 0
    leavers: int = 0
    skipped: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Pending:
    """A reference to somebody who may still come; `reading` is None if it is sent anyway."""

    shape: Shape
    number: int
    target: bytes
    reading: Reading | None


def created(reading: Reading) -> Row:
    flags = SEEN | READ | CREATED
    return Row(reading.key, sight(reading), 0, 0, NO_MANY, reading.filled, 0, flags)


def sight(reading: Reading) -> bytes:
    """What was read of it in this run, the reference too: told apart when it comes again."""
    text = reading.digest + (reading.target or "").casefold().encode()
    return blake2b(text, digest_size=16).digest()


class Signature:
    """Stands for everything a plan would change, in whatever order it was found."""

    def __init__(self) -> None:
        self._sum = 0

    def add(
        self,
        shape: Shape,
        reading: Reading,
        action: str,
        seen: bytes = b"",
        groups: Iterable[bytes] = (),
    ) -> None:
        """`seen` is the reading's sight, where it is known already; `groups` the keys of the
        groups it gets, which no reading holds."""
        text = f"{shape.kind.name} {action} ".encode() + reading.key + (seen or sight(reading))
        text += b"".join(sorted(groups))
        number = int.from_bytes(blake2b(text, digest_size=16).digest(), "big")
        self._sum = (self._sum + number) % 2**128

    def digest(self, *more: object) -> str:
        text = repr((self._sum, *more)).encode()
        return blake2b(text, digest_size=16).hexdigest()
