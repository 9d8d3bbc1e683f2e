"""What the actors do, drawn from the seed: administrators, a worker, a vendor, a site's life."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.errors import AppError, Clash, ServiceFailed
from app.instances.lives import begun, ended, if_unchanged
from app.instances.pointers import InstancePointers
from app.instances.rewrapping import Rewrapping
from app.vault.parts import ENCRYPTION_STRING, Role
from app.vault.rewrapping import Rewrapper
from app.vault.shelf import Shelf
from app.vault.tidying import put_in_order
from app.vault.vault import Vault
from app.words import Generation, Secret
from tests.vault.interrupting import Crash
from tests.vault.rotating import REWRAPPERS, RotatingWorld
from tests.vault.simulation.baton import Actor
from tests.vault.simulation.outside import Outside, Reach
from tests.vault.simulation.truth import Truth, Untrue
from tests.vault.world import APP_KEY, G2, A

_AGAIN_AT_MOST = 50


@dataclass
class Cast:
    """What every actor needs."""

    world: RotatingWorld
    truth: Truth
    outside: Outside
    seed: int


Act = Callable[["Process"], None]


class Process:
    """One actor's process: killed, it starts again and goes on with what comes next."""

    def __init__(self, cast: Cast, actor: Actor, role: Role, generation: Generation) -> None:
        self.cast, self._actor, self._role, self.generation = cast, actor, role, generation
        self._drawn = 0
        self.start()

    @property
    def name(self) -> str:
        return self._actor.name

    def start(self) -> None:
        """Nothing is remembered."""
        self.reach = Reach(self.cast.outside, self._actor)
        world = self.cast.world
        vault = Vault(
            self._role, world.kms.as_role(self._role), world.ids, APP_KEY, world.clock, self._bytes
        )
        pointers = InstancePointers(self.reach.table, A)
        self.shelf: Shelf = vault.shelf(A, self.generation, self.reach.site, pointers)

    def run(self, acts: Sequence[Act]) -> None:
        for act in acts:
            try:
                act(self)
            except Crash:
                self.start()
            except Clash:
                pass
            except ServiceFailed:
                pass

    def _bytes(self, count: int) -> bytes:
        self._drawn += 1
        seed = f"{self.cast.seed} {self.name} {self._drawn}"
        return hashlib.shake_256(seed.encode()).digest(count)


def saves(documents: Sequence[str], value: str, *, looks_first: bool = False) -> Act:
    """Save these with this value, and be told the truth about it."""

    def act(process: Process) -> None:
        truth = process.cast.truth
        keys = [(process.generation, document) for document in documents]
        for key in keys:
            truth.submitted[key].add(value)
        expected = process.shelf.versions() if looks_first else None
        try:
            process.shelf.save({name: Secret(value) for name in documents}, expected)
        except Clash:
            # Without an answer a write that was passed by, or sealed anew by the worker, cannot be
            # told from one that never came: who is told of a clash is told to look again.
            told_all = not process.reach.was_silent
            for key in keys:
                if told_all and value in truth.seen[key]:
                    raise Untrue(f"{process.name} was told {value} clashed, and it came") from None
                if value not in truth.seen[key]:
                    truth.submitted[key].discard(value)  # from now on it would be a lie
            raise
        if any(value not in truth.seen[key] for key in keys):
            raise Untrue(f"{process.name} was told {value} is saved, and it never was")

    return act


def forgets(documents: Sequence[str]) -> Act:
    def act(process: Process) -> None:
        truth, keys = process.cast.truth, [(process.generation, name) for name in documents]
        before = {key: truth.unset[key] for key in keys if truth.value(*key) is not None}
        process.shelf.forget(documents)
        if any(truth.unset[key] == count for key, count in before.items()):
            raise Untrue(f"{process.name} was told {documents} are forgotten, and they never were")

    return act


def rewrites(value: str) -> Act:
    def act(process: Process) -> None:
        process.cast.truth.submitted[process.generation, "run-history"].add(value)
        process.shelf.rewrite("run-history", Secret(value))

    return act


def gives_a_string(text: str) -> Act:
    return lambda process: process.shelf.save({ENCRYPTION_STRING: Secret(text)})


def draws_a_string(process: Process) -> None:
    process.shelf.forget([ENCRYPTION_STRING])


def tidies(process: Process) -> None:
    put_in_order(process.shelf)


def seals_anew(process: Process) -> None:
    process.shelf.reseal()


def sweeps(process: Process) -> None:
    process.shelf.sweep()


def rewraps(process: Process) -> None:
    """`my-assets vendor rewrap`, with one identity after the other."""
    world = process.cast.world
    for role in REWRAPPERS:
        rewrapper = Rewrapper([role], world.kms.as_role(role), world.ids, APP_KEY, world.clock)
        for _ in Rewrapping(process.reach.table, rewrapper).walk():
            pass


def ends(process: Process) -> None:
    """An uninstall. Whoever sends the event sends it until it is answered."""
    _until_written(process, lambda: ended(1_750_000_000, None, process.cast.world.clock()))


def begins_again(process: Process) -> None:
    at = int(G2.removeprefix("g"))
    _until_written(process, lambda: begun({}, at, "eu-central-1", process.cast.world.clock()))


def _until_written(process: Process, change: Callable[[], object]) -> None:
    for _ in range(_AGAIN_AT_MOST):
        try:
            table = process.reach.table
            reference = table.read(A)
            if table.change(A, if_unchanged(reference, change())) is not None:  # type: ignore[arg-type]
                return
        except Crash:
            process.start()
        except AppError:
            continue
    raise Untrue("the site's life could not be written")
