"""The role table: which role does what with the keys of which document, under which lock.

The key policies are generated from it and the vault asks it; no other file grants anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from app.vault.parts import DOCUMENTS, ENCRYPTION_STRING, Lock, Role

Operation = Literal["make", "open", "rewrap"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
OPERATIONS: Final[tuple[Operation, ...]] = get_args(Operation)
LOCKS: Final[tuple[Lock, ...]] = get_args(Lock)

_Names = frozenset[str]
_NONE: Final[_Names] = frozenset()
_EVERY: Final[_Names] = frozenset(DOCUMENTS)
_IN_REFERENCE: Final[_Names] = frozenset(
    each.name for each in DOCUMENTS.values() if each.rests_in == "reference"
)
# What a thief in the web door must not read: only the worker needs it.
_WORKERS_ALONE: Final[_Names] = frozenset({"entra-secret", "import-secret", "delta-links"})
_OPEN: Final[_Names] = _EVERY - _WORKERS_ALONE
# What a tick looks at: who wants an import and when, what has grown old, and the way to the site.
# No credential that an administrator gave, and nothing that decides what anybody sees.
_LOOKED_AT: Final[_Names] = _IN_REFERENCE | {
    "account-pass", "consent", "encryption-string", "entra", "import", "preview-samples",
    "run-history",
}  # fmt: skip
_STRING: Final[_Names] = frozenset({ENCRYPTION_STRING})


class RoleMayNot(RuntimeError):
    """A bug: this process asked for something with a document that its role does not do."""


@dataclass(frozen=True)
class Powers:
    """The documents a role makes keys for, opens, wraps anew by lock, and forgets.

    Forgetting is deleting a wrapped key from the reference: no call of KMS. `administers`:
    everything about the keys themselves, and never their use.
    """

    makes: _Names = _NONE
    opens: _Names = _NONE
    rewraps_inside: _Names = _NONE
    rewraps_outside: _Names = _NONE
    forgets: _Names = _NONE
    administers: bool = False


# A role that wraps keys anew could also give them another context. Two roles, so that neither can
# give a key of the worker's alone the name of something the web opens. The inner key of the
# Encryption String lies in Jira, which only the worker may call for it.
TABLE: Final[Mapping[Role, Powers]] = {
    "web": Powers(makes=_EVERY, opens=_OPEN, forgets=_EVERY),
    "worker": Powers(
        makes=_EVERY - _IN_REFERENCE,
        opens=_EVERY,
        rewraps_inside=_STRING,
        forgets=_EVERY - _IN_REFERENCE,
    ),
    "scheduler": Powers(
        makes=frozenset({"run-history"}),
        opens=_LOOKED_AT,
        forgets=frozenset({"account-pass", "preview-samples"}),
    ),
    "rewrap-open": Powers(rewraps_inside=_IN_REFERENCE, rewraps_outside=_OPEN),
    "rewrap-rest": Powers(rewraps_outside=_WORKERS_ALONE),
    "cleanup": Powers(forgets=_EVERY),
    "vendor-person": Powers(),
    "key-administrator": Powers(administers=True),
}


@dataclass(frozen=True)
class Cell:
    """One thing that is allowed. Whatever is no cell is not."""

    role: Role
    operation: Operation
    document: str
    lock: Lock


def granted(role: Role, operation: Operation, lock: Lock) -> frozenset[str]:
    """The documents that this role may do this with, under this lock."""
    powers = TABLE[role]
    if operation == "rewrap":
        return powers.rewraps_inside if lock == "settings" else powers.rewraps_outside
    names = powers.makes if operation == "make" else powers.opens
    return frozenset(name for name in names if lock in DOCUMENTS[name].locks)


def cells() -> Iterator[Cell]:
    """Every cell of the table."""
    for role in ROLES:
        for operation in OPERATIONS:
            for lock in LOCKS:
                for document in granted(role, operation, lock):
                    yield Cell(role, operation, document, lock)


def opens(role: Role, document: str) -> bool:
    """Whether this role may open this document. Raises RoleMayNot if there is no such document."""
    return _declared(document) in TABLE[role].opens


def check_opens(role: Role, document: str) -> None:
    """Raises RoleMayNot."""
    if not opens(role, document):
        raise RoleMayNot(f"{role} does not open {document}")


def check_makes(role: Role, document: str) -> None:
    """Raises RoleMayNot."""
    if _declared(document) not in TABLE[role].makes:
        raise RoleMayNot(f"{role} does not make {document}")


def check_forgets(role: Role, document: str) -> None:
    """Raises RoleMayNot."""
    if _declared(document) not in TABLE[role].forgets:
        raise RoleMayNot(f"{role} does not forget {document}")


def rewraps(role: Role, document: str, lock: Lock) -> bool:
    """Whether this role wraps this lock's key of this document anew. Raises RoleMayNot."""
    return _declared(document) in granted(role, "rewrap", lock)


def check_rewraps(role: Role, document: str, lock: Lock) -> None:
    """Raises RoleMayNot."""
    if not rewraps(role, document, lock):
        raise RoleMayNot(f"{role} does not wrap the {lock} key of {document} anew")


def _declared(document: str) -> str:
    if document not in DOCUMENTS:
        raise RoleMayNot(f"{document} is not declared")
    return document
