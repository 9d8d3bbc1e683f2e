"""The words every layer shares: ids, trust types, secrets, and the ways time and chance come in.

Nothing here does I/O, and nothing here knows a feature. `CONTEXT.md` explains each word.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, Literal, NewType, NoReturn, SupportsIndex

# Ids. A function that takes one of these cannot be handed another kind by accident.
InstanceId = NewType("InstanceId", str)  # ours, derived: see instances.identity
AccountId = NewType("AccountId", str)  # an Atlassian account, opaque
EntraId = NewType("EntraId", str)  # an Entra object id: the identity of a person, group or device
Generation = NewType("Generation", str)  # one life of an instance, from install to uninstall
RunId = NewType("RunId", str)  # one import
StaffId = NewType("StaffId", str)  # who is at the vendor's desk: a keyed hash, telling nothing

# Trust. What a token says before and after somebody checked its signature.
Unverified = NewType("Unverified", dict[str, Any])
SignedClaims = NewType("SignedClaims", dict[str, Any])

Door = Literal["connect", "forge"]
Json = dict[str, Any]

# Time and randomness are passed in, so that a test decides them.
Clock = Callable[[], datetime]  # always aware, always UTC
RandomBytes = Callable[[int], bytes]

HIDDEN: Final = "<secret>"


class Secret:
    """Bytes or text that must not be seen: `repr`, `str`, `format` and pickles show nothing.

    `reveal()` is the one way to the value, so every use can be found by its name.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str | bytes) -> None:
        self._value = value.encode() if isinstance(value, str) else bytes(value)

    def reveal(self) -> bytes:
        """The value itself. Keep it in a local name and let it go soon."""
        return self._value

    def reveal_text(self) -> str:
        """The value as text. Raises UnicodeDecodeError if it is not UTF-8."""
        return self._value.decode()

    def __len__(self) -> int:
        return len(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return HIDDEN

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("a Secret is never pickled or copied")
