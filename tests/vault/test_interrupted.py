"""A crash or a failed call at any step leaves exactly one readable version of each document."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from app.errors import AppError, Clash, ServiceUnreachable
from app.instances.pointers import InstancePointers
from app.vault import encryption_string
from app.vault.keys import KeyIds
from app.vault.ports import Pointed
from app.vault.shelf import Shelf
from app.vault.vault import Vault
from app.words import Secret
from tests.stand_ins.kms import INSTANCE, SETTINGS
from tests.vault.interrupting import Crash, Interruption, When
from tests.vault.world import APP_KEY, G1, A, World, text_of

OLD = {"consent": Secret("old"), "visibility": Secret("old"), "run-history": Secret("old")}
NEW = {"consent": Secret("new"), "visibility": Secret("new")}


@pytest.fixture(autouse=True)
def cheap_derivation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of interrupted saves: what a derivation costs is specified elsewhere."""
    monkeypatch.setattr(encryption_string, "_MEMORY_KIB", 64)


def save(shelf: Shelf) -> None:
    shelf.save(NEW)


def change_the_string(shelf: Shelf) -> None:
    shelf.forget(["encryption-string"])  # a random one takes its place, without a derivation


def change_the_string_and_reseal(shelf: Shelf) -> None:
    change_the_string(shelf)
    shelf.reseal()


def forget(shelf: Shelf) -> None:
    shelf.forget(["consent", "visibility"])


def rewrite(shelf: Shelf) -> None:
    shelf.rewrite("run-history", Secret("new"))


Flow = Callable[[Shelf], None]
ERRORS = {"a crash": Crash, "a failed call": lambda: ServiceUnreachable("no answer")}


def interrupted(world: World, flow: Flow, interruption: Interruption) -> BaseException | None:
    """Run the flow in a process that is stopped, or whose call fails; what came of it."""
    pointers = InstancePointers(world.table, A)
    storage = interruption.around(world.site)
    keys = interruption.around(world.kms.as_role("worker"))
    ids = KeyIds(SETTINGS, INSTANCE)
    vault = Vault("worker", keys, ids, APP_KEY, world.clock, os.urandom)
    shelf = vault.shelf(A, G1, storage, interruption.around(pointers))
    try:
        flow(shelf)
    except (Crash, AppError) as error:
        return error
    return None


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize(
    "flow", [save, change_the_string, change_the_string_and_reseal, forget, rewrite]
)
def test_wherever_a_flow_stops_everything_opens_and_the_flow_can_be_repeated(
    flow: Flow, error: str, when: When
) -> None:
    for number in range(1, 100):
        world = World()
        world.shelf().save(OLD)
        interruption = Interruption(number, when, ERRORS[error]())
        outcome = interrupted(world, flow, interruption)
        if not interruption.happened:
            assert number > 2
            return
        if not isinstance(interruption.error, Crash):
            assert outcome is None or isinstance(outcome, Clash | ServiceUnreachable)
        check_what_is_left(world, flow, outcome)
    pytest.fail("the flow never came to its end")


def check_what_is_left(world: World, flow: Flow, outcome: BaseException | None) -> None:
    found = {name: text_of(world.shelf("worker").open(name)) for name in OLD}
    assert found["consent"] == found["visibility"], "all of one move, or nothing of it"
    if flow is save:
        assert found["consent"] in ("old", "new")
        if outcome is None:
            assert found["consent"] == "new"
        if isinstance(outcome, Clash):
            assert found["consent"] == "old"
    elif flow is forget:
        assert found["consent"] in ("old", None)
    else:
        assert found["consent"] == "old"
    flow(world.shelf("worker"))
    world.shelf("worker").reseal()
    world.shelf("worker").sweep()
    for name in OLD:
        if name in world.shelf().versions():
            assert text_of(world.shelf("worker").open(name)) in ("old", "new")
    assert_nothing_lies_about(world, flow)


def assert_nothing_lies_about(world: World, flow: Flow) -> None:
    named = {world.name(name) for name in world.shelf().versions()}
    assert named <= set(world.site.properties)
    if flow is not forget:  # a property of what is no longer set stays, unreadable, until cleanup
        assert set(world.site.properties) == named


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("error", ERRORS)
def test_wherever_the_first_save_stops_it_can_be_repeated(error: str, when: When) -> None:
    for number in range(1, 100):
        world = World()
        interruption = Interruption(number, when, ERRORS[error]())
        interrupted(world, save, interruption)
        if not interruption.happened:
            return
        assert text_of(world.shelf().open("consent")) in (None, "new")
        world.shelf().save(NEW)
        assert text_of(world.shelf().open("consent")) == "new"
        world.shelf().sweep()
        assert_nothing_lies_about(world, save)
    pytest.fail("the flow never came to its end")


def test_a_lost_answer_of_a_move_that_happened_is_a_success() -> None:
    world = World()
    world.shelf().save(OLD)
    world.table.fail("change", "after")
    world.shelf().save(NEW)
    assert text_of(world.shelf().open("consent")) == "new"
    assert len(world.site.properties) == len(OLD) + 1


def test_a_lost_answer_that_nobody_can_read_again_says_look_again_and_keeps_the_property() -> None:
    world = World()
    world.shelf().save(OLD)

    class Silent(InstancePointers):
        def read_now(self) -> Pointed:
            if world.table.calls["change"] > before:
                raise ServiceUnreachable("no answer")
            return super().read_now()

    before = world.table.calls["change"]
    world.table.fail("change", "after")
    shelf = world.vault().shelf(A, G1, world.site, Silent(world.table, A))
    with pytest.raises(ServiceUnreachable, match="look again"):
        shelf.save(NEW)
    assert text_of(world.shelf().open("consent")) == "new"


def test_a_move_that_may_still_arrive_finds_its_property_when_it_does() -> None:
    """The answer is lost, the pointer has not moved yet, and then it does."""
    world = World()
    world.shelf().save(OLD)
    late: list[Callable[[], bool]] = []

    class Late(InstancePointers):
        def flip(self, *args: Any, **named: Any) -> bool:
            late.append(lambda: super(Late, self).flip(*args, **named))
            raise ServiceUnreachable("no answer")

    shelf = world.vault().shelf(A, G1, world.site, Late(world.table, A))
    with pytest.raises(ServiceUnreachable, match="look again"):
        shelf.save(NEW)
    assert text_of(world.shelf().open("consent")) == "old"
    world.shelf().sweep()
    assert late[0]()
    assert text_of(world.shelf().open("consent")) == "new"


def test_a_repeated_request_that_meets_its_own_effect_is_a_success() -> None:
    """A client repeats a write whose answer was lost: the second finds the condition untrue."""
    world = World()
    world.shelf().save(OLD)

    class Repeating(InstancePointers):
        def flip(self, *args: Any, **named: Any) -> bool:
            super().flip(*args, **named)
            return super().flip(*args, **named)

    world.vault().shelf(A, G1, world.site, Repeating(world.table, A)).save(NEW)
    assert text_of(world.shelf().open("consent")) == "new"


def test_the_loser_of_a_race_deletes_its_own_property_only() -> None:
    world = World()
    world.shelf().save(OLD)

    class Overtaken(InstancePointers):
        def flip(self, *args: Any, **named: Any) -> bool:
            world.shelf().save({"consent": Secret("somebody else's")})
            return super().flip(*args, **named)

    shelf = world.vault().shelf(A, G1, world.site, Overtaken(world.table, A))
    with pytest.raises(Clash):
        shelf.save(NEW)
    assert text_of(world.shelf().open("consent")) == "somebody else's"
    assert text_of(world.shelf().open("visibility")) == "old"
    assert len(world.site.properties) == len(OLD) + 1


def test_an_uninstall_in_the_middle_of_a_save_wins() -> None:
    world = World()
    world.shelf().save(OLD)

    class Ending(InstancePointers):
        def flip(self, *args: Any, **named: Any) -> bool:
            world.uninstall()
            return super().flip(*args, **named)

    with pytest.raises(Clash):
        world.vault().shelf(A, G1, world.site, Ending(world.table, A)).save(NEW)
    reference = world.table.read(A)
    assert reference is not None
    assert reference.part_keys == {}


def test_a_string_changed_in_the_middle_of_a_save_lets_nothing_be_sealed_under_the_old_one() -> (
    None
):
    world = World()
    world.shelf().save(OLD)

    class Overtaken(InstancePointers):
        def flip(self, *args: Any, **named: Any) -> bool:
            change_the_string(world.shelf())
            return super().flip(*args, **named)

    with pytest.raises(Clash):
        world.vault().shelf(A, G1, world.site, Overtaken(world.table, A)).save(NEW)
    assert {text_of(world.shelf("worker").open(name)) for name in OLD} == {"old"}
