"""The documents of the vault as data: who may make them, who may open them, where they rest.

The key policies are generated from this table; no other file grants anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["web", "worker"]  # no other role, and no person's, makes or opens anything
Resting = Literal["site storage", "reference"]

ENCRYPTION_STRING: Final = "encryption-string"
_WEB: Final[frozenset[Role]] = frozenset({"web"})
_WORKER: Final[frozenset[Role]] = frozenset({"worker"})
_BOTH: Final[frozenset[Role]] = frozenset({"web", "worker"})


@dataclass(frozen=True)
class Sealed:
    """One kind of sealed document.

    `rewritable`: written again in place under its key many times a run, with fresh nonces and no
    pointer moved. Such a document can be rolled back by whoever writes the site storage, so
    nothing may ever be decided by it.
    """

    name: str
    made_by: frozenset[Role] = _BOTH
    opened_by: frozenset[Role] = _BOTH
    rewritable: bool = False
    rests_in: Resting = "site storage"


class RoleMayNot(RuntimeError):
    """A bug: this process asked for a document that its role neither makes nor opens."""


_ALL: Final = (
    Sealed("assets-access"),
    Sealed("entra"),
    Sealed("entra-secret", opened_by=_WORKER),
    Sealed(ENCRYPTION_STRING),
    Sealed("import"),
    Sealed("import-secret", opened_by=_WORKER),
    Sealed("visibility"),
    Sealed("requests"),
    Sealed("consent"),
    Sealed("run-history", rewritable=True),
    Sealed("delta-links", opened_by=_WORKER),
    Sealed("connect_secret", made_by=_WEB, rests_in="reference"),
    Sealed("site_token", made_by=_WEB, rests_in="reference"),
)
DOCUMENTS: Final = {each.name: each for each in _ALL}


def opens(role: Role, document: str) -> bool:
    """Whether this role may open this document. Raises RoleMayNot if there is no such document."""
    return role in _declared(document).opened_by


def check_opens(role: Role, document: str) -> None:
    """Raises RoleMayNot."""
    if not opens(role, document):
        raise RoleMayNot(f"{role} does not open {document}")


def check_makes(role: Role, document: str) -> None:
    """Raises RoleMayNot."""
    if role not in _declared(document).made_by:
        raise RoleMayNot(f"{role} does not make {document}")


def _declared(document: str) -> Sealed:
    if document not in DOCUMENTS:
        raise RoleMayNot(f"{document} is not declared")
    return DOCUMENTS[document]
