"""The documents of the vault as data: where each rests, and which locks a wrapped key of it has.

Who may do what with them stands in `app.vault.roles`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Lock = Literal["settings", "instance"]  # the customer's inner and the vendor's outer one
Role = Literal[
    "web",
    "worker",
    "scheduler",
    "rewrap-open",  # wraps anew what the web may open
    "rewrap-rest",  # wraps anew what it may not
    "cleanup",
    "vendor-person",
    "key-administrator",
]
Resting = Literal["site storage", "reference"]

ENCRYPTION_STRING: Final = "encryption-string"
BOTH_LOCKS: Final[frozenset[Lock]] = frozenset({"settings", "instance"})
_OUTER_ONLY: Final[frozenset[Lock]] = frozenset({"instance"})


@dataclass(frozen=True)
class Sealed:
    """One kind of sealed document.

    `locks`: the KMS keys it has data keys of. Where the inner lock is the Encryption String, only
    the outer one has. `rewritable`: written again in place under its key many times a run, with
    fresh nonces and no pointer moved. Such a document can be rolled back by whoever writes the
    site storage, so nothing may ever be decided by it.
    """

    name: str
    locks: frozenset[Lock] = _OUTER_ONLY
    rewritable: bool = False
    rests_in: Resting = "site storage"


_ALL: Final = (
    Sealed("assets-access"),
    Sealed("entra"),
    Sealed("entra-secret"),
    Sealed(ENCRYPTION_STRING, BOTH_LOCKS),
    Sealed("import"),
    Sealed("import-secret"),
    Sealed("visibility"),
    Sealed("requests"),
    Sealed("consent"),
    Sealed("run-history", rewritable=True),
    Sealed("delta-links"),
    Sealed("connect_secret", BOTH_LOCKS, rests_in="reference"),
    Sealed("site_token", BOTH_LOCKS, rests_in="reference"),
    Sealed("preview-samples"),
    Sealed("account-pass"),
)
DOCUMENTS: Final = {each.name: each for each in _ALL}
