"""The attackers, each with a whole world to itself and what it holds of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.instances.table import Change
from app.vault.parts import DOCUMENTS, ENCRYPTION_STRING, Lock, Role
from app.words import Secret
from tests.stand_ins.kms import INSTANCE, SETTINGS
from tests.vault.leaks.holdings import Attempt, Holdings, shown
from tests.vault.world import G1, A, World

IN_REFERENCE: Final = [name for name, each in DOCUMENTS.items() if each.rests_in == "reference"]


class Whole(World):
    """Every document is set, and every secret of the reference."""

    def __init__(self) -> None:
        super().__init__()
        self.former: list[str] = []
        documents = {
            name: Secret(value_of(name))
            for name in DOCUMENTS
            if name not in IN_REFERENCE and name != ENCRYPTION_STRING
        }
        self.shelf("worker").save(documents)
        for name in IN_REFERENCE:
            sealed = self.vault().seal_in_reference(A, G1, name, Secret(value_of(name)))
            self.table.change(A, Change({(name,): sealed}))

    def holdings(
        self,
        *roles: Role,
        table: bool = False,
        properties: bool = False,
        call: bool = False,
        writes: bool = False,
    ) -> Holdings:
        """What somebody has who holds these."""
        return Holdings(
            reference=self.table.read(A) if table else None,
            properties=dict(self.site.properties) if properties else {},
            clients=tuple(self.kms.client(role) for role in roles),
            keys=tuple(self.kms.key(name).arn for name in (SETTINGS, INSTANCE, *self.former)),
            site=dict(self.site.properties) if call else None,
            writes_table=writes,
        )

    def rotate(self) -> None:
        """Other KMS keys are in use; the former ones still give away what they wrapped."""
        locks: tuple[tuple[Lock, str], ...] = (("settings", SETTINGS), ("instance", INSTANCE))
        for lock, alias in locks:
            former = self.kms.key(alias).arn
            self.put_policy(lock, former, "previous")
            self.kms.add_key(alias)
            self.put_policy(lock, alias)
            self.former.append(former)

    def open_to_all(self, *aliases: str) -> None:
        """Whoever asks may use these keys: no policy stands before them."""
        for alias in aliases:
            self.kms.put_policy(alias, None)


def value_of(name: str) -> str:
    return f"what lies in {name}"


@dataclass(frozen=True)
class Attacker:
    """`meaning` is what the result means for a customer, in a sentence or two."""

    name: str
    holds: str
    begins: Callable[[Whole], Holdings]
    meaning: str


@dataclass(frozen=True)
class Outcome:
    reads: Mapping[str, str]
    replaces: frozenset[str]


def outcome(attacker: Attacker) -> Outcome:
    """What this attacker could read and replace in a world of its own."""
    attempt = Attempt(attacker.begins(Whole()))
    read = shown(attempt.run())
    return Outcome(read, frozenset(attempt.replaces()))


def _one_key(alias: str) -> Callable[[Whole], Holdings]:
    def begins(world: Whole) -> Holdings:
        world.open_to_all(alias)
        return world.holdings("vendor-person", table=True, properties=True)

    return begins


def _all_keys(*, call: bool) -> Callable[[Whole], Holdings]:
    def begins(world: Whole) -> Holdings:
        world.open_to_all(SETTINGS, INSTANCE)
        return world.holdings("vendor-person", table=True, call=call)

    return begins


def _running_code(world: Whole) -> Holdings:
    return world.holdings("web", "worker", table=True, properties=True, call=True, writes=True)


def _after_an_uninstall(world: Whole) -> Holdings:
    world.open_to_all(SETTINGS, INSTANCE)
    gone = Change(
        {("state",): "uninstalled", ("part_keys",): {}}, [(name,) for name in IN_REFERENCE]
    )
    world.table.change(A, gone)
    return world.holdings("vendor-person", table=True, properties=True, call=True)


def _old_copy(world: Whole) -> Holdings:
    copy = world.table.read(A)
    holdings = _after_an_uninstall(world)
    holdings.reference, holdings.is_past = copy, True
    return holdings


def _with_both_stores(*roles: Role) -> Callable[[Whole], Holdings]:
    return lambda world: world.holdings(*roles, table=True, properties=True)


def _web_during_a_rotation(*roles: Role) -> Callable[[Whole], Holdings]:
    def begins(world: Whole) -> Holdings:
        world.rotate()
        return world.holdings("web", *roles, table=True, call=True, writes=True)

    return begins


def _as_door(role: Role) -> Callable[[Whole], Holdings]:
    return lambda world: world.holdings(role, table=True, properties=True, call=True, writes=True)


_ADMINISTRATORS: Final = (
    "It has no use of any key, but it can change the policies that say so: whoever does is the "
    "last row. The change stands in CloudTrail."
)
ATTACKERS: Final = (
    Attacker(
        "Any user of the site",
        "every property that the app keeps in Jira, to read and to write",
        lambda world: world.holdings(properties=True),
        "Changed, swapped, older or deleted properties do not open, and then nobody is shown "
        "anything: such a user can make settings unreadable until an administrator saves them "
        "again, and can put an earlier state of the run history back.",
    ),
    Attacker(
        "The table",
        "every item of it, or an export",
        lambda world: world.holdings(table=True),
        "It shows which sites have the app, their addresses, what is set and when imports run.",
    ),
    Attacker(
        "Both stores",
        "the table and every property in Jira",
        lambda world: world.holdings(table=True, properties=True),
        "Without KMS the wrapped keys stay wrapped.",
    ),
    Attacker(
        "The settings key alone",
        "free use of one KMS key, and both stores",
        _one_key(SETTINGS),
        "It is half of the keys of the Encryption String and of the secrets in the table. The "
        "other half lies under the other key.",
    ),
    Attacker(
        "The instance key alone",
        "free use of one KMS key, and both stores",
        _one_key(INSTANCE),
        "It takes off the outer lock of every document. The inner one is the customer's.",
    ),
    Attacker(
        "A thief in the web door",
        "its role, the table, and calls to Jira as the app",
        _as_door("web"),
        "It can also catch a secret as an administrator types it, and replace what it cannot "
        "read. The stored secrets for Entra and for imports stay closed.",
    ),
    Attacker(
        "A thief in the worker",
        "its role, the table, and calls to Jira as the app",
        _as_door("worker"),
        "The worker needs every secret for an import. Its role is no person's, it listens to a "
        "queue only, and every key it opens stands in CloudTrail.",
    ),
    Attacker(
        "A thief in the scheduler",
        "its role, the table, and calls to Jira as the app",
        _as_door("scheduler"),
        "It speaks for the app at the site, as whoever calls it must, and can write something else "
        "in place of what it reads: a false history, a consent that nobody gave, other rules of an "
        "import. It reads and writes no credential that an administrator gave, and nothing that "
        "decides what anybody sees; nobody from outside can call it.",
    ),
    Attacker(
        "A thief in the web door, with one of the re-wrapping roles, while keys are changed",
        "the same, and the role `rewrap-rest`",
        _web_during_a_rotation("rewrap-rest"),
        "That role could give the key of a document another name, but of none that the web opens.",
    ),
    Attacker(
        "A thief in the web door, with both of them, while keys are changed",
        "the same, and the roles `rewrap-rest` and `rewrap-open`",
        _web_during_a_rotation("rewrap-rest", "rewrap-open"),
        "A call of KMS is made as one role: two of them together rename nothing either.",
    ),
    *(
        Attacker(
            f"The role `{role}`",
            "this role, and both stores",
            _with_both_stores(role),
            meaning,
        )
        for role, meaning in (
            ("rewrap-open", "It wraps keys anew, unopened, and cannot give them another name."),
            ("rewrap-rest", "The same, for the documents that only the worker opens."),
            ("cleanup", "It can forget everything, which cannot be undone."),
            ("vendor-person", "A person of the vendor's has no use of any key."),
            ("key-administrator", _ADMINISTRATORS),
        )
    ),
    Attacker(
        "Everything at rest at the vendor, with all keys",
        "the table and free use of both KMS keys, no call to the site (`my-assets vendor dump`)",
        _all_keys(call=False),
        "None of the customer's settings. The secrets that speak for the app open: with them and "
        "one call to the site it is the next row. In a claim less than a day old a guess of what "
        "an administrator saved can be tested.",
    ),
    Attacker(
        "The same, and calls to the site",
        "the table, free use of both KMS keys, and calls to Jira as the app",
        _all_keys(call=True),
        "This is the honest limit: two locks do not stand against somebody who has both keys and "
        "may ask the customer's Jira: whoever opens a document can also seal another in its place. "
        "No role of a person may do either.",
    ),
    Attacker(
        "After an uninstall",
        "both stores, free use of both KMS keys, and calls to the site",
        _after_an_uninstall,
        "The keys are deleted with the uninstall: what still lies in Jira opens for nobody.",
    ),
    Attacker(
        "After an uninstall, with an old copy of the table",
        "the same, and the table as it was before",
        _old_copy,
        "A copy brings the deleted keys back. That is why the table has no backup, no "
        "point-in-time recovery, no stream and no export.",
    ),
    Attacker(
        "The running code, or whoever may change it or the key policies",
        "everything the app holds while it runs",
        _running_code,
        "Every installed site. Nothing here protects a customer from the code that serves them; "
        "releases are reviewed, and each change of code or policy leaves a trace.",
    ),
)
