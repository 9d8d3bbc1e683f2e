"""A hundred installs, uninstalls and re-installs at once lose and duplicate nothing.

The same specification for both doors, on the stand-in and on Amazon's own engine.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from app.errors import Refused
from app.instances.connect_secret import ConnectSecrets
from app.instances.directory import ConnectInstances, Directory
from app.instances.lifecycle import Lifecycle
from app.instances.reference import InstanceReference
from app.instances.site_token import SiteTokens
from app.instances.table import InstanceTable
from tests.instances.test_lifecycle import HOME, event
from tests.stand_ins.atlassian import AT
from tests.stand_ins.forge_site import ForgeWorld, called, system_token
from tests.stand_ins.sealer import LabelledSealer

HUNDRED = 100
THREADS = 24


@pytest.fixture(params=range(2))
def order(request: pytest.FixtureRequest) -> random.Random:
    """The order in which events arrive: another one each time, and the same one each run."""
    return random.Random(request.param)


class ConnectWorld:
    """Several processes at one table: each has its own lifecycle and its own cache."""

    def __init__(self, table: InstanceTable) -> None:
        self.forge_world = ForgeWorld(table)
        self.table, self.clock = table, self.forge_world.clock
        self.sealer = LabelledSealer()
        self.secrets = ConnectSecrets(self.sealer, self.clock)

    def apply(self, kind: str, at: int, client: str = "client-a") -> str:
        lifecycle = Lifecycle(self.table, self.secrets, HOME, self.clock)
        secret = f"secret-of-{client}-at-{at}" if kind == "installed" else None
        try:
            return lifecycle.apply(event(kind, at, secret, client=client))
        except Refused:
            return "refused"

    def in_force(self, client: str) -> list[str]:
        directory = Directory(self.table, self.clock)
        known = ConnectInstances(directory, self.secrets, HOME, self.clock)
        return [each.reveal_text() for each in known.secrets(client)]


@pytest.fixture
def connect(table: InstanceTable) -> ConnectWorld:
    return ConnectWorld(table)


@contextmanager
def all_at_once() -> Iterator[Callable[..., list[str]]]:
    with ThreadPoolExecutor(THREADS) as pool:
        yield lambda ask, *over: list(pool.map(ask, *over))


def shuffled(values: Iterable[int], order: random.Random) -> list[int]:
    mixed = list(values)
    order.shuffle(mixed)
    return mixed


def the_one(table: InstanceTable) -> InstanceReference:
    (only,) = table.all()
    return only


def test_A14_one_install_delivered_a_hundred_times_is_one_create(connect: ConnectWorld) -> None:
    with all_at_once() as each:
        made = each(lambda _: connect.apply("installed", AT), range(HUNDRED))
    assert Counter(made) == {"create": 1, "nothing": HUNDRED - 1}
    assert the_one(connect.table).generation == f"g{AT}"
    assert connect.in_force("client-a") == [f"secret-of-client-a-at-{AT}"]


def test_A14_a_hundred_installs_of_one_site_leave_the_newest_in_one_life(
    connect: ConnectWorld, order: random.Random
) -> None:
    with all_at_once() as each:
        seconds = shuffled(range(HUNDRED), order)
        made = each(lambda n: connect.apply("installed", AT + n), seconds)
    assert made.count("create") == 1
    assert set(made) <= {"create", "renew", "nothing"}
    kept = the_one(connect.table)
    first = seconds[made.index("create")]
    assert (kept.generation, kept.last_event_at) == (f"g{AT + first}", AT + HUNDRED - 1)
    assert connect.in_force("client-a")[-1] == f"secret-of-client-a-at-{AT + HUNDRED - 1}"


@pytest.mark.parametrize("last", ["installed", "uninstalled"])
def test_A14_a_hundred_mixed_events_of_one_site_end_as_the_newest_says(
    connect: ConnectWorld, order: random.Random, last: str
) -> None:
    kinds = {n: order.choice(["installed", "uninstalled"]) for n in range(1, HUNDRED)}
    kinds |= {HUNDRED: last}
    connect.apply("installed", AT)
    with all_at_once() as each:
        made = each(lambda n: connect.apply(kinds[n], AT + n), shuffled(kinds, order))
    kept = the_one(connect.table)
    assert "create" not in made
    assert kept.last_event_at == AT + HUNDRED
    assert kept.state == last
    newest = f"secret-of-client-a-at-{AT + HUNDRED}"
    assert connect.in_force("client-a")[-1:] == ([newest] if last == "installed" else [])
    if last == "uninstalled":
        assert (kept.connect_secret, kept.part_keys) == (None, {})


def test_A14_a_hundred_other_bodies_of_one_second_leave_the_first(connect: ConnectWorld) -> None:
    def install(number: int) -> str:
        lifecycle = Lifecycle(connect.table, connect.secrets, HOME, connect.clock)
        try:
            return lifecycle.apply(event("installed", AT, f"secret-{number}"))
        except Refused:
            return "refused"

    with all_at_once() as each:
        made = each(install, range(HUNDRED))
    assert Counter(made) == {"create": 1, "refused": HUNDRED - 1}
    assert connect.in_force("client-a") == [f"secret-{made.index('create')}"]


def test_install_uninstall_and_install_of_one_second_end_uninstalled(
    connect: ConnectWorld, order: random.Random
) -> None:
    connect.apply("installed", AT)
    with all_at_once() as each:
        kinds = ["installed"] * 50 + ["uninstalled"] * 50
        order.shuffle(kinds)
        made = each(lambda kind: connect.apply(kind, AT + 1), kinds)
    assert made.count("uninstall") == 1
    assert the_one(connect.table).state == "uninstalled"
    assert connect.in_force("client-a") == []


def test_A18_a_hundred_sites_at_once_are_a_hundred_instances(
    connect: ConnectWorld, order: random.Random
) -> None:
    clients = [f"client-{n}" for n in range(HUNDRED // 4)]
    told = [("installed", 0), ("installed", 5), ("uninstalled", 10), ("installed", 15)]
    events = [(client, kind, at) for client in clients for kind, at in told]
    order.shuffle(events)
    with all_at_once() as each:
        each(lambda client: connect.apply("installed", AT - 1, client), clients)
        each(lambda e: connect.apply(e[1], AT + e[2], e[0]), events)
    kept = list(connect.table.all())
    assert {each.client_key for each in kept} == set(clients)
    assert len({each.instance_id for each in kept}) == len(kept) == len(clients)
    assert {(each.state, each.last_event_at) for each in kept} == {("installed", AT + 15)}
    for client in clients:
        assert connect.in_force(client)[-1] == f"secret-of-{client}-at-{AT + 15}"


def ask(world: ForgeWorld, reason: str, at: int, installation: str = "i-1") -> str:
    """One event or call, as another process would take it."""
    forge = ForgeWorld(world.table).forge
    caller = called(at, installation=installation, site_url=None)
    try:
        if reason == "call":
            return forge.instance(caller).generation
        return forge.leaving(caller) if reason == "leaving" else forge.installed(caller)
    except Refused:
        return "refused"


@pytest.fixture
def forge(table: InstanceTable) -> ForgeWorld:
    return ForgeWorld(table)


def test_a_hundred_first_calls_of_a_forge_site_make_one_life(
    forge: ForgeWorld, order: random.Random
) -> None:
    with all_at_once() as each:
        found = each(lambda n: ask(forge, "call", AT + n), shuffled(range(HUNDRED), order))
    assert set(found) == {the_one(forge.table).generation}


def test_a_hundred_installs_and_calls_of_a_forge_site_are_one_create(
    forge: ForgeWorld, order: random.Random
) -> None:
    with all_at_once() as each:
        made = each(
            lambda n: ask(forge, "arrival" if n % 2 else "call", AT + n),
            shuffled(range(HUNDRED), order),
        )
    assert made.count("create") <= 1
    assert set(made) <= {"create", "nothing", the_one(forge.table).generation}


def test_a_hundred_installations_of_one_forge_site_end_with_the_newest(
    forge: ForgeWorld, order: random.Random
) -> None:
    with all_at_once() as each:
        each(
            lambda n: ask(forge, "call", AT + n, f"i-{n}"), shuffled(range(HUNDRED), order)
        )  # fmt: skip
    kept = the_one(forge.table)
    assert (kept.installation_id, kept.generation) == (f"i-{HUNDRED - 1}", f"g{AT + HUNDRED - 1}")


def test_a_hundred_reinstalls_and_uninstalls_of_a_forge_site_end_with_the_newest_install(
    forge: ForgeWorld, order: random.Random
) -> None:
    def tell(n: int) -> str:
        return ask(forge, "leaving" if n % 2 else "arrival", AT + n, f"i-{n // 2}")

    with all_at_once() as each:
        made = each(tell, shuffled(range(HUNDRED + 1), order))
    kept, newest = the_one(forge.table), f"i-{HUNDRED // 2}"
    assert made.count("create") == 1
    assert (kept.state, kept.installation_id) == ("installed", newest)
    assert (kept.generation, kept.last_event_at) == (f"g{AT + HUNDRED}", AT + HUNDRED)
    assert (kept.uninstalled_at, kept.erase_due_at) == (None, None)


@pytest.mark.parametrize("last", ["arrival", "leaving"])
def test_after_a_hundred_mixed_calls_of_a_forge_installation_the_next_event_decides(
    forge: ForgeWorld, order: random.Random, last: str
) -> None:
    reasons = {n: order.choice(["arrival", "leaving", "call"]) for n in range(1, HUNDRED)}
    ask(forge, "call", AT)
    with all_at_once() as each:
        each(lambda n: ask(forge, reasons[n], AT + n), shuffled(reasons, order))
        ask(forge, last, AT + HUNDRED)
    kept = the_one(forge.table)
    assert kept.state == ("installed" if last == "arrival" else "uninstalled")
    newest_leaving = max(n for n, reason in reasons.items() if reason == "leaving")
    if last == "arrival":
        assert int(kept.generation[1:]) > AT + newest_leaving


def test_a_hundred_forge_sites_at_once_are_a_hundred_instances(
    forge: ForgeWorld, order: random.Random
) -> None:
    def call(n: int) -> str:
        world = ForgeWorld(forge.table)
        cloud, installation = f"cloud-{n % 25}", f"i-{n % 25}"
        return world.forge.instance(called(AT + n, cloud=cloud, installation=installation)).door

    with all_at_once() as each:
        each(call, shuffled(range(HUNDRED), order))
    kept = list(forge.table.all())
    assert len({each.instance_id for each in kept}) == len(kept) == 25
    assert {(each.cloud_id or "").removeprefix("cloud-") for each in kept} == {
        (each.installation_id or "").removeprefix("i-") for each in kept
    }


def test_of_a_hundred_tokens_at_once_the_longest_lasting_stays_with_one_digest_key(
    forge: ForgeWorld, order: random.Random
) -> None:
    made = forge.forge.instance(called())
    sealer, keys = LabelledSealer(), set()

    def keep(n: int) -> str:
        directory = Directory(forge.table, forge.clock)
        tokens = SiteTokens(
            forge.table, directory, sealer, forge.clock, lambda count: bytes([n]) * count
        )
        kept = tokens.keep(made, system_token(1, f"t-{n}", AT + n), licensed=True)
        keys.add(tokens.digest_key(kept).reveal())
        return "kept"

    with all_at_once() as each:
        each(keep, shuffled(range(HUNDRED), order))
    tokens = SiteTokens(forge.table, Directory(forge.table, forge.clock), sealer, forge.clock,
                        lambda count: b"")  # fmt: skip
    newest = system_token(1, f"t-{HUNDRED - 1}", AT + HUNDRED - 1)
    assert tokens.token(the_one(forge.table)).reveal() == newest.reveal()
    assert len(keys) == 1
