"""A move of pointers whose answer is lost, and what happens before anybody looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.errors import Clash, ServiceUnreachable
from app.instances.pointers import InstancePointers
from app.vault.ports import Pointed
from app.words import Secret
from tests.vault.world import G1, A, World, text_of


class Silent(InstancePointers):
    """Its moves get no answer. `looked` runs after each look at the pointers."""

    def __init__(self, world: World, looked: Callable[[], object], *, moves: bool) -> None:
        super().__init__(world.table, A)
        self._looked, self._moves = looked, moves
        self.late: list[Callable[[], bool]] = []

    def flip(self, *args: Any, **named: Any) -> bool:
        self.late.append(lambda: super(Silent, self).flip(*args, **named))
        if self._moves:
            self.late.pop()()
        raise ServiceUnreachable("no answer")

    def read_now(self) -> Pointed:
        found = super().read_now()
        self._looked()
        return found


def test_a_move_that_arrives_right_after_the_look_keeps_its_property() -> None:
    world = World()
    world.shelf().save({"consent": Secret("old")})

    def arrive() -> None:
        if pointers.late:
            pointers.late.pop()()

    pointers = Silent(world, arrive, moves=False)
    with pytest.raises(ServiceUnreachable, match="look again"):
        world.vault().shelf(A, G1, world.site, pointers).save({"consent": Secret("new")})
    assert text_of(world.shelf().open("consent")) == "new"


def test_a_string_that_was_moved_on_before_anybody_looked_stays_for_what_it_sealed() -> None:
    world = World()
    world.shelf().save({"consent": Secret("old")})

    class MovedOn(Silent):
        def flip(self, *args: Any, **named: Any) -> bool:
            try:
                return super().flip(*args, **named)
            finally:
                world.shelf().save({"consent": Secret("sealed under the new string")})
                world.shelf().forget(["encryption-string"])

    pointers = MovedOn(world, lambda: None, moves=True)
    world.vault().shelf(A, G1, world.site, pointers).forget(["encryption-string"])
    assert text_of(world.shelf().open("consent")) == "sealed under the new string"


def test_a_save_that_was_passed_by_before_anybody_looked_is_a_clash() -> None:
    world = World()
    world.shelf().save({"consent": Secret("old")})

    class PassedBy(Silent):
        def flip(self, *args: Any, **named: Any) -> bool:
            try:
                return super().flip(*args, **named)
            finally:
                world.shelf().save({"consent": Secret("somebody else's")})

    pointers = PassedBy(world, lambda: None, moves=True)
    with pytest.raises(Clash):
        world.vault().shelf(A, G1, world.site, pointers).save({"consent": Secret("new")})
    assert text_of(world.shelf().open("consent")) == "somebody else's"
