"""One play: cleanups, staff who purge, and sites that come and go, in an order of the seed's."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from app.errors import AppError
from app.goodbye.purge import Purge
from app.instances.lives import revived
from app.instances.reference import stamp
from app.instances.table import Change, Equals
from app.kept import AFTER_UNINSTALL, TOMBSTONES
from tests.goodbye.simulation.outside import InMemoryReceipts, Reach
from tests.goodbye.simulation.truth import Truth
from tests.goodbye.world import Goodbyes, name
from tests.vault.interrupting import Crash
from tests.vault.simulation.baton import Actor, Baton
from tests.vault.simulation.fates import Fate, Writes

LETTERS: Final = "abcd"
LATER: Final = AFTER_UNINSTALL + timedelta(days=1)
Act = Callable[[Reach], None]


@dataclass
class Told:
    """What a play came to. `lives` are those that were erased."""

    writes: int
    steps: int
    looks: int
    fates: Counter[str]
    lives: list[tuple[str, str]]


def play(seed: int, plan: Mapping[int, Fate] | None = None) -> Told:
    """Play it to its end. Raises Untrue."""
    stage = _Stage(seed)
    baton = Baton(seed)
    outside = Writes(baton, plan or {}, stage.truth.look)
    stage.truth.look("the beginning")
    for who, act in stage.cast():
        baton.enter(Actor(who, _living(who, act, outside)))
    baton.run()
    stage.end()
    return Told(outside.writes, baton.steps, stage.truth.looks, outside.fates, stage.truth.lives())


def _living(who: str, act: Act, outside: Writes) -> Callable[[Actor], None]:
    """An actor that tries again after a fault; once killed, another begins in its place."""

    def live(actor: Actor) -> None:
        for _ in range(3):
            with suppress(AppError, Crash):
                act(Reach(outside, actor))
                return

    return live


class _Stage:
    """The sites as they stand at the beginning, and what each actor does."""

    def __init__(self, seed: int) -> None:
        self._drawn = random.Random(f"goodbye {seed}")
        self._calm = self._drawn.random() < 0.3  # no site comes or goes: the end is known
        self.folder = InMemoryReceipts()
        self.world = Goodbyes(Path("nowhere"), receipts=self.folder)
        self._set_up()
        self.now = self.world.now + LATER
        self.truth = Truth(self.world, self.folder, self.now)
        self._due = {
            (each.instance_id, each.generation)
            for each in self.world.table.all()
            if each.state == "uninstalled" and (each.erase_due_at or "") <= stamp(self.now)
        }

    def _set_up(self) -> None:
        """A tombstone that is due to go, sites that are due, and some that are not."""
        world = self.world
        for letter in LETTERS:
            fate = self._drawn.choice(("due", "due", "due", "early", "installed", "silent"))
            silent = {"state": "silent", "silent_since": stamp(world.now)}
            world.install(letter, **(silent if fate == "silent" else {}))
            if fate in ("due", "early"):
                world.uninstall(letter, world.now + timedelta(days=5 if fate == "early" else 0))

    def cast(self) -> list[tuple[str, Act]]:
        actors: list[tuple[str, Act]] = [("cleanup", self._cleans), ("another", self._cleans)]
        actors += [(who, self._purges(who)) for who in ("anna", "ben")]
        if not self._calm:
            actors += [(f"site {each}", self._comes_and_goes(each)) for each in LETTERS[:2]]
        return actors

    def _cleans(self, reach: Reach) -> None:
        world, moment = self.world, self.now
        cleanup = world.cleanup(reach.to(world.table), reach.to(world.chain), reach.to(self.folder))
        for days in (timedelta(), TOMBSTONES):
            cleanup.run(moment + days * self._drawn.randint(0, 1))

    def _purges(self, who: str) -> Act:
        def purge(reach: Reach) -> None:
            world = self.world
            eraser = world.eraser(
                reach.to(world.table), reach.to(world.chain), reach.to(self.folder)
            )
            purging = Purge(reach.to(world.table), eraser)
            for letter in LETTERS * 2:
                with suppress(AppError):
                    purging.ask(name(letter), who, "T", self.now)

        return purge

    def _comes_and_goes(self, letter: str) -> Act:
        """A verified call of the site, an install and an uninstall, at some time."""

        def act(reach: Reach) -> None:
            table: Any = reach.to(self.world.table)
            for number in range(self._drawn.randint(1, 3)):
                found = table.read(name(letter))
                if found is None:
                    return
                if found.state == "silent":
                    table.change(found.instance_id, revived(found, self.now))
                elif not found.is_alive:
                    table.change(found.instance_id, self._again(found, number))

        return act

    def _again(self, found: Any, number: int) -> Change:
        gone = ("erased_at", "receipt", "uninstalled_at", "erase_due_at")
        at = int(self.now.timestamp()) + number
        values = {("state",): "installed", ("generation",): f"g{at}", ("last_event_at",): at}
        still = [Equals(("state",), found.state), Equals(("generation",), found.generation)]
        return Change(values, [(each,) for each in gone], still)

    def end(self) -> None:
        """Everybody is through: one more cleanup, which nothing disturbs."""
        self.world.cleanup().run(self.now)
        self.truth.look_at_the_end()
        if self._calm and not self._due <= set(self.truth.lives()):
            raise AssertionError("a site that was due, and never came back, was not erased")
