"""A hundred installs, saves, run claims and uninstalls, of the same and of different instances, all
at once: who was told "done" finds it done, and nothing is left of a life that is over.

On the stand-in and on Amazon's own engine.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from app.imports.run.runs import Runs
from app.instances.identity import instance_id
from app.instances.pointers import InstancePointers
from app.instances.reference import InstanceReference
from app.instances.table import InstanceTable
from app.vault.ports import PartKey
from app.words import InstanceId
from tests.instances.test_lifecycle import HOME
from tests.instances.test_many_at_once import HUNDRED, ConnectWorld, all_at_once, order, shuffled
from tests.stand_ins.atlassian import AT

__all__ = ["order"]
SITES = 20
PARTS = ("consent", "visibility", "requests", "import")


def key_of(client: str) -> InstanceId:
    return instance_id("connect", HOME.app_key, HOME.environment, client)


@dataclass
class Told:
    """What each caller was told: by site, generation and thing."""

    saved: set[tuple[str, str, str, str]] = field(default_factory=set)
    claimed: set[tuple[str, str, str]] = field(default_factory=set)


class Crowd:
    """Many processes at one table; each call is one of them, with caches of its own."""

    def __init__(self, table: InstanceTable) -> None:
        self.table = table
        self.world = ConnectWorld(table)
        self.told = Told()

    def now(self, client: str) -> InstanceReference | None:
        return self.table.read(key_of(client))

    def save(self, client: str, part: str, number: int) -> str:
        found = self.now(client)
        if found is None or not found.is_alive:
            return "gone"
        pointers = InstancePointers(self.table, found.instance_id)
        standing = pointers.read_now().part_keys.get(part)
        entry = PartKey(f"{number}-{'a' * 12}", "", "key", b"wrapped")
        if not pointers.flip(found.generation, {part: standing}, {part: entry}):
            return "clash"
        self.told.saved.add((client, found.generation, part, entry.version))
        return "saved"

    def claim(self, client: str, run_id: str) -> str:
        found = self.now(client)
        if found is None or not found.is_alive:
            return "gone"
        if Runs(self.table, self.world.clock).claim(found, run_id, "full", "") is None:
            return "clash"
        self.told.claimed.add((client, found.generation, run_id))
        return "claimed"


@pytest.fixture
def crowd(table: InstanceTable) -> Crowd:
    return Crowd(table)


def test_of_a_hundred_who_claim_a_run_at_once_one_has_it(crowd: Crowd) -> None:
    crowd.world.apply("installed", AT)
    with all_at_once() as each:
        outcomes = each(lambda n: crowd.claim("client-a", f"r-{n}"), range(HUNDRED))
    assert Counter(outcomes) == {"claimed": 1, "clash": HUNDRED - 1}
    reference = crowd.now("client-a")
    assert reference is not None
    assert reference.run is not None
    assert reference.run["id"] == f"r-{outcomes.index('claimed')}"


def test_of_a_hundred_workers_that_take_a_run_at_once_one_holds_it(crowd: Crowd) -> None:
    crowd.world.apply("installed", AT)
    crowd.claim("client-a", "r-1")
    reference = crowd.now("client-a")
    assert reference is not None

    def take(_number: int) -> str:
        return "held" if Runs(crowd.table, crowd.world.clock).take(reference, 1) else "not"

    with all_at_once() as each:
        outcomes = each(take, range(HUNDRED))
    assert Counter(outcomes) == {"held": 1, "not": HUNDRED - 1}


def test_a_hundred_saves_of_one_part_lose_no_save_that_was_told_as_done(crowd: Crowd) -> None:
    crowd.world.apply("installed", AT)
    with all_at_once() as each:
        outcomes = each(lambda n: crowd.save("client-a", "consent", n), range(HUNDRED))
    assert set(outcomes) <= {"saved", "clash"}
    reference = crowd.now("client-a")
    assert reference is not None
    kept = reference.part_keys["consent"]["version"]
    assert ("client-a", reference.generation, "consent", kept) in crowd.told.saved


def test_everything_at_once_on_many_sites_loses_nothing(crowd: Crowd, order: random.Random) -> None:
    sites = [f"client-{number}" for number in range(SITES)]
    for client in sites:
        crowd.world.apply("installed", AT, client)
    # Of each site: saves of every part, three claims, and for every other one an end, or an end
    # and a new beginning.
    deeds = [(client, "save", part) for client in sites for part in PARTS]
    deeds += [(client, "claim", f"r-{number}") for client in sites for number in range(3)]
    deeds += [(client, "uninstalled", "") for client in sites[::2]]
    deeds += [(client, "installed", "") for client in sites[::4]]

    def do(number: int) -> str:
        client, deed, about = deeds[number]
        match deed:
            case "save":
                return crowd.save(client, about, number)
            case "claim":
                return crowd.claim(client, f"{client}-{about}")
            case "uninstalled":
                return crowd.world.apply(deed, AT + 1, client)
            case _:
                return crowd.world.apply(deed, AT + 2, client)

    with all_at_once() as each:
        each(do, shuffled(range(len(deeds)), order))
    assert len(list(crowd.table.all())) == SITES
    for number, client in enumerate(sites):
        check(crowd, client, ended=number % 2 == 0, began_again=number % 4 == 0)


def check(crowd: Crowd, client: str, *, ended: bool, began_again: bool) -> None:
    reference = crowd.now(client)
    assert reference is not None
    if began_again:
        # A newer install that came first went on with the life; the older end was then too late.
        assert reference.state == "installed"
        assert reference.generation in (f"g{AT}", f"g{AT + 2}")
    elif ended:
        assert (reference.state, reference.part_keys, reference.run) == ("uninstalled", {}, None)
        assert reference.connect_secret is None
        return
    life = reference.generation
    saved = {part: key["version"] for part, key in reference.part_keys.items()}
    told = crowd.told
    # What stands is what somebody of this very life was told, and all that they were told.
    assert saved == {part: v for who, of, part, v in told.saved if (who, of) == (client, life)}
    claims = [run for who, of, run in told.claimed if (who, of) == (client, life)]
    assert len(claims) <= 1
    assert (reference.run or {}).get("id") == (claims[0] if claims else None)
