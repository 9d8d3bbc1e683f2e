"""The role table, cell by cell: what AWS would let each role do under the generated key policies.

Every role tries every operation on every document under every lock of a strict KMS, which reads the
policies' JSON itself. The table that must come out is written here by hand, a second time.
"""

from __future__ import annotations

import itertools
from typing import Final

import pytest

from app.errors import AppError
from app.outside.aws.kms import KmsDataKeys
from app.vault.key_policies import Standing, key_policy
from app.vault.parts import DOCUMENTS, Lock, Role
from app.vault.place import CONTEXT_KEYS, Place
from app.vault.ports import CannotOpen
from app.vault.roles import (
    LOCKS,
    OPERATIONS,
    ROLES,
    TABLE,
    Cell,
    Operation,
    RoleMayNot,
    cells,
    check_forgets,
    check_makes,
    check_opens,
    rewraps,
)
from tests.stand_ins.kms import StrictKms
from tests.vault.world import APP_KEY, ARNS, G1, A

# Letters: w web, k worker, s scheduler, o rewrap-open, r rewrap-rest. Columns: make, open, rewrap.
OUTER: Final = """
    account-pass       wk  wks o
    assets-access      wk  wk  o
    consent            wk  wks o
    delta-links        wk  k   r
    encryption-string  wk  wks o
    entra              wk  wks o
    entra-secret       wk  k   r
    import             wk  wks o
    import-secret      wk  k   r
    preview-samples    wk  wks o
    requests           wk  wk  o
    run-history        wks wks o
    visibility         wk  wk  o
    connect_secret     w   wks o
    site_token         w   wks o
"""
INNER: Final = """
    encryption-string  wk  wks k
    connect_secret     w   wks o
    site_token         w   wks o
"""
LETTERS: Final[dict[str, Role]] = {
    "w": "web",
    "k": "worker",
    "s": "scheduler",
    "o": "rewrap-open",
    "r": "rewrap-rest",
}
NOBODYS: Final[tuple[Role, ...]] = ("cleanup", "vendor-person", "key-administrator")


def written_here() -> set[Cell]:
    found = set()
    tables: list[tuple[Lock, str]] = [("instance", OUTER), ("settings", INNER)]
    for lock, table in tables:
        for line in table.strip().splitlines():
            document, *columns = line.split()
            for operation, letters in zip(OPERATIONS, columns, strict=True):
                found |= {Cell(LETTERS[each], operation, document, lock) for each in letters}
    return found


class Keyring:
    """A current and a previous key of each lock, with their generated policies."""

    def __init__(self) -> None:
        self.kms = StrictKms()
        self.arns = {
            (lock, standing): self._key(lock, standing)
            for lock in LOCKS
            for standing in ("current", "previous")
        }

    def _key(self, lock: Lock, standing: Standing) -> str:
        policy = key_policy(lock, ARNS, APP_KEY, standing)
        return self.kms.add_key(f"alias/{lock}-{standing}", policy)

    def wrapped(self, arn: str, context: dict[str, str]) -> bytes:
        """What once was made under this key, whoever made it."""
        policy = self.kms.key(arn).policy
        self.kms.put_policy(arn, None)
        made = self.kms.make(arn, context)
        self.kms.put_policy(arn, policy)
        return made.wrapped

    def succeeds(
        self, keys: KmsDataKeys, operation: Operation, lock: Lock, context: dict[str, str]
    ) -> bool:
        current, previous = self.arns[lock, "current"], self.arns[lock, "previous"]
        try:
            match operation:
                case "make":
                    keys.make(current, context)
                case "open":
                    keys.open(current, self.wrapped(current, context), context)
                case "rewrap":
                    keys.rewrap(previous, self.wrapped(previous, context), current, context)
        except AppError:
            return False
        return True


@pytest.fixture(scope="module")
def ring() -> Keyring:
    return Keyring()


def context_of(document: str, **changed: str) -> dict[str, str]:
    return {**Place(APP_KEY, A, G1, document, "1-a").context(), **changed}


def test_the_table_is_the_one_written_here() -> None:
    assert set(cells()) == written_here()


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_exactly_its_cells_and_nothing_else(ring: Keyring, role: Role) -> None:
    keys = ring.kms.as_role(role)
    wanted = {cell for cell in written_here() if cell.role == role}
    tried = itertools.product(OPERATIONS, DOCUMENTS, LOCKS)
    done = {
        Cell(role, operation, document, lock)
        for operation, document, lock in tried
        if ring.succeeds(keys, operation, lock, context_of(document))
    }
    assert done == wanted


@pytest.mark.parametrize("role", NOBODYS)
def test_no_person_and_no_cleanup_has_a_single_cell(role: Role) -> None:
    assert [cell for cell in cells() if cell.role == role] == []


def test_a_key_of_another_role_or_of_nobody_does_nothing_at_all(ring: Keyring) -> None:
    stranger = ring.kms.as_role("of-somebody-else")
    for operation, document, lock in itertools.product(OPERATIONS, DOCUMENTS, LOCKS):
        assert not ring.succeeds(stranger, operation, lock, context_of(document))


def other_contexts() -> dict[str, dict[str, str]]:
    whole = context_of("consent")
    short = {f"without {name}": {**whole} for name in CONTEXT_KEYS}
    for name in CONTEXT_KEYS:
        del short[f"without {name}"][name]
    return {
        **short,
        "nothing": {},
        "one more": {**whole, "lock": "instance"},
        "another app": {**whole, "app": "com.example.other"},
        "a part that is not declared": {**whole, "part": "payroll"},
        "a part that begins like one": {**whole, "part": "consent2"},
    }


@pytest.mark.parametrize("name", other_contexts())
def test_d6_no_role_does_anything_with_another_context(ring: Keyring, name: str) -> None:
    context = other_contexts()[name]
    for role, operation, lock in itertools.product(ROLES, OPERATIONS, LOCKS):
        assert not ring.succeeds(ring.kms.as_role(role), operation, lock, context)


@pytest.mark.parametrize("role", ROLES)
def test_a_previous_key_makes_nothing_and_a_current_one_gives_nothing_away(
    ring: Keyring, role: Role
) -> None:
    keys = ring.kms.as_role(role)
    for lock, document in itertools.product(LOCKS, DOCUMENTS):
        current, previous = ring.arns[lock, "current"], ring.arns[lock, "previous"]
        context = context_of(document)
        with pytest.raises(AppError):
            keys.make(previous, context)
        with pytest.raises(CannotOpen):
            keys.rewrap(current, ring.wrapped(current, context), previous, context)


@pytest.mark.parametrize("role", ["rewrap-open", "rewrap-rest", "worker"])
def test_who_wraps_anew_cannot_give_the_workers_key_a_name_that_the_web_opens(
    ring: Keyring, role: Role
) -> None:
    """The reason for two roles: a ReEncrypt may ask for another context than it came with."""
    client = ring.kms.client(role)
    web = TABLE["web"].opens
    previous, current = ring.arns["instance", "previous"], ring.arns["instance", "current"]
    for secret, name in itertools.product(set(DOCUMENTS) - web, web):
        wrapped = ring.wrapped(previous, context_of(secret))
        with pytest.raises(Exception, match="AccessDenied"):
            client.re_encrypt(
                CiphertextBlob=wrapped,
                SourceKeyId=previous,
                SourceEncryptionContext=context_of(secret),
                DestinationKeyId=current,
                DestinationEncryptionContext=context_of(name),
            )


def test_an_alias_may_be_looked_up_by_every_role_that_uses_its_key_and_by_administrators(
    ring: Keyring,
) -> None:
    for lock in LOCKS:
        seen = set()
        for role in ROLES:
            try:
                ring.kms.as_role(role).resolve(f"alias/{lock}-current")
            except CannotOpen:
                continue
            seen.add(role)
        users = {cell.role for cell in written_here() if cell.lock == lock}
        assert seen == users | {"key-administrator"}


@pytest.mark.parametrize("role", ROLES)
def test_the_code_asks_the_same_table(role: Role) -> None:
    for document in DOCUMENTS:
        asked = {"make": check_makes, "open": check_opens}
        for operation, check in asked.items():
            cell = Cell(role, operation, document, "instance")  # type: ignore[arg-type]
            if cell in written_here():
                check(role, document)
            else:
                with pytest.raises(RoleMayNot):
                    check(role, document)
        for lock in LOCKS:
            allowed = Cell(role, "rewrap", document, lock) in written_here()
            assert rewraps(role, document, lock) is allowed


def test_forgetting_is_no_operation_of_the_keys_and_cleanup_forgets_everything() -> None:
    for document in DOCUMENTS:
        check_forgets("cleanup", document)
        check_forgets("web", document)
        for role in ("vendor-person", "key-administrator", "rewrap-open", "rewrap-rest"):
            with pytest.raises(RoleMayNot):
                check_forgets(role, document)


def test_the_scheduler_forgets_what_grew_old_and_no_setting() -> None:
    for document in DOCUMENTS:
        if document in ("account-pass", "preview-samples"):
            check_forgets("scheduler", document)
        else:
            with pytest.raises(RoleMayNot):
                check_forgets("scheduler", document)


def test_what_is_not_declared_is_nobodys() -> None:
    for check in (check_makes, check_opens, check_forgets):
        with pytest.raises(RoleMayNot):
            check("web", "payroll")
    with pytest.raises(RoleMayNot):
        rewraps("rewrap-open", "payroll", "instance")
