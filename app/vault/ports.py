"""What the vault needs from outside: data keys, the customer's storage, the pointers.

The AWS and Jira adapters implement these; the vault never learns which of them it talks to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Protocol

from app.errors import SettingsUnreadable
from app.words import Generation, Secret

DATA_KEY_BYTES: Final = 32


class CannotOpen(SettingsUnreadable):
    """It does not open. One error and one text for every cause, so that no answer is a hint."""

    def __init__(self) -> None:
        super().__init__("What was saved cannot be opened.")


@dataclass(frozen=True)
class DataKey:
    """A fresh key, plain and wrapped. `key_id` is the ARN of the key that wrapped it."""

    plain: Secret
    wrapped: bytes
    key_id: str


class DataKeys(Protocol):
    """Makes, opens and wraps anew data keys (KMS). It is called from several threads at once.

    `context` must be the same when making and opening, pair for pair.
    """

    def make(self, key_id: str, context: Mapping[str, str]) -> DataKey:
        """A fresh data key of 32 bytes. Raises ServiceUnreachable."""
        ...

    def open(self, key_id: str, wrapped: bytes, context: Mapping[str, str]) -> Secret:
        """The data key again.

        Raises CannotOpen if it is refused for this key, ciphertext or context, and
        ServiceUnreachable if nobody can say (down, throttled).
        """
        ...

    def rewrap(self, key_id: str, wrapped: bytes, to: str, context: Mapping[str, str]) -> bytes:
        """The same data key, wrapped by the key with the ARN `to`, and never seen on the way.

        Raises CannotOpen if either key refuses, and ServiceUnreachable if nobody can say.
        """
        ...

    def resolve(self, key_id: str) -> str:
        """The ARN that an id or alias stands for now. Raises CannotOpen, ServiceUnreachable."""
        ...


class SiteStorage(Protocol):
    """Named texts inside the customer's Jira. Anybody there may write it: never believe it.

    It is called from several threads at once. A value comes back exactly as it was written.
    All methods raise ServiceFailed or one of its kinds.
    """

    def read(self, name: str) -> str | None: ...

    def write(self, name: str, value: str) -> None: ...

    def delete(self, name: str) -> None:
        """Nothing happens if it is not there."""
        ...

    def names(self) -> list[str]: ...


GIVEN: Final = "given"  # no version: versions begin with a number


@dataclass(frozen=True)
class PartKey:
    """The pointer of one document: the one version that is in force, and its wrapped outer key.

    `string_version` is the version of the Encryption String it is sealed under. Of the Encryption
    String itself it says whether an administrator gave it (`GIVEN`) or it was drawn (empty).
    """

    version: str
    string_version: str
    key_id: str
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True)
class Pointed:
    """The pointers of an instance as read at one moment."""

    generation: Generation
    state: str
    part_keys: Mapping[str, PartKey]


# What must still be so for a flip: this version; exactly this entry; or (None) not set.
Standing = str | PartKey | None
# What of the reference goes with a flip, by its name there: the new text, or (None) nothing more.
Beside = Mapping[str, str | None]
NOTHING_BESIDE: Final[Beside] = MappingProxyType({})


class Pointers(Protocol):
    """Where the pointers lie: the instance reference. All methods raise ServiceUnreachable."""

    def read(self) -> Pointed:
        """The pointers, at most three seconds old."""
        ...

    def read_now(self) -> Pointed:
        """The pointers as they are, by a consistent read."""
        ...

    def flip(
        self,
        generation: Generation,
        stand: Mapping[str, Standing],
        moves: Mapping[str, PartKey],
        removes: Collection[str] = (),
        beside: Beside = NOTHING_BESIDE,
    ) -> bool:
        """One write: move the pointers of `moves`, drop those of `removes`, change what is
        `beside` them.

        Only if the generation is still this one and `installed`, and each document of `stand` is
        still so. False: it was not, and nothing was written.
        """
        ...
