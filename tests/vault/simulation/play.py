"""One play: a seed's actors in a seed's order, with a plan of what becomes of single writes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from app.errors import ServiceFailed
from app.instances.table import Change
from app.vault import encryption_string
from app.vault.keys import KeyIds
from app.vault.parts import Role
from app.vault.tidying import put_in_order
from app.vault.vault import Vault
from app.words import Generation, Secret
from tests.stand_ins.kms import INSTANCE, SETTINGS
from tests.vault.rotating import RotatingWorld
from tests.vault.simulation.actors import (
    Act,
    Cast,
    Process,
    begins_again,
    ends,
    rewraps,
)
from tests.vault.simulation.baton import Actor, Baton, one_at_a_time
from tests.vault.simulation.fates import Fate
from tests.vault.simulation.outside import Outside
from tests.vault.simulation.themes import THEMES, acts_of_a_worker, acts_of_an_administrator
from tests.vault.simulation.truth import OBSERVED, Truth, Untrue
from tests.vault.world import APP_KEY, G1, G2, A


@dataclass
class Told:
    """What a play came to."""

    writes: int
    steps: int
    looks: int
    fates: Counter[str]


def play(seed: int, plan: Mapping[int, Fate] | None = None) -> Told:
    """Play it to its end. Raises Untrue."""
    with one_at_a_time(), _cheap_derivation():
        drawn = random.Random(f"acts of {seed}")
        world = _SeededWorld(seed)
        truth, baton = Truth(world), Baton(seed)
        if drawn.random() < 0.2:
            world.table.change(A, Change({("part_keys",): {}}))  # a site that has set nothing yet
        else:
            _save_first(world, truth)
        world.rotate()
        outside = Outside(baton, plan or {}, truth.look, table=world.table, site=world.site)
        truth.look("the beginning")
        cast = Cast(world, truth, outside, seed)
        _enter(cast, baton, drawn)
        baton.run()
        _end(cast)
        return Told(outside.writes, baton.steps, truth.looks, outside.fates)


def _save_first(world: RotatingWorld, truth: Truth) -> None:
    world.shelf("worker").save({name: Secret("first") for name in OBSERVED})
    for document in OBSERVED:
        truth.submitted[G1, document].add("first")


def _enter(cast: Cast, baton: Baton, drawn: random.Random) -> None:
    def enter(name: str, role: Role, generation: Generation, acts: list[Act]) -> None:
        baton.enter(Actor(name, lambda actor: Process(cast, actor, role, generation).run(acts)))

    theme = THEMES[cast.seed % len(THEMES)]
    for who in ("one", "two"):
        enter(who, "web", G1, acts_of_an_administrator(drawn, theme, who))
    enter("worker", "worker", G1, acts_of_a_worker(drawn, theme, "worker"))
    if drawn.random() < theme.chance_of_a_vendor:
        enter("vendor", "rewrap-open", G1, [rewraps])
    if drawn.random() < theme.chance_of_a_new_life:
        enter("life", "web", G1, [ends, begins_again] if drawn.random() < 0.7 else [ends])
        names = ("new", "newer", "newest")
        acts = [act for who in names for act in acts_of_an_administrator(drawn, theme, who)]
        enter("new", "web", G2, acts)


def _end(cast: Cast) -> None:
    """Everybody is through: order is made, and what was replaced or forgotten stays so."""
    world, truth = cast.world, cast.truth
    truth.look("the end")
    reference = world.table.read(A)
    assert reference is not None
    before = {name: truth.value(reference.generation, name) for name in OBSERVED}
    shelf = world.shelf(
        "worker", generation=reference.generation, vault=world.vault("worker", world.ids)
    )
    if reference.state == "installed":
        try:
            put_in_order(shelf)
        except ServiceFailed as fault:
            raise Untrue(f"order could not be made: {fault}") from fault
        truth.look("the order made at the end")
    _bring_everything_back(cast)
    truth.look("everything that ever lay in the site was put back")
    after = {name: truth.value(reference.generation, name) for name in OBSERVED}
    if after != before:
        raise Untrue(f"{before} became {after} without anybody's doing")


def _bring_everything_back(cast: Cast) -> None:
    """An attacker kept every text that a property ever had."""
    site = cast.world.site
    for name, texts in cast.outside.written.items():
        if name not in site.properties:
            site.properties[name] = min(texts)


class _SeededWorld(RotatingWorld):
    """Everything is set, and its names follow from the seed too."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(f"world of {seed}")
        super().__init__(OBSERVED)

    def vault(self, role: Role = "web", key_ids: KeyIds | None = None) -> Vault:
        ids = key_ids or KeyIds(SETTINGS, INSTANCE)
        keys = self.kms.as_role(role)
        return Vault(role, keys, ids, APP_KEY, self.clock, self._chance.randbytes)


@contextmanager
def _cheap_derivation() -> Iterator[None]:
    """What a derivation costs is specified elsewhere."""
    real = encryption_string._MEMORY_KIB
    try:
        encryption_string._MEMORY_KIB = 64  # type: ignore[misc]
        yield
    finally:
        encryption_string._MEMORY_KIB = real  # type: ignore[misc]
