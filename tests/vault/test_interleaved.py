"""Two at once, at every step: one flow as a whole between any two calls of another.

Whatever comes between, each document has exactly one readable version, of one of the two; nobody is
told that a change was made which was not; and nothing lies about that the sweep does not take.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.errors import AppError, Clash, ServiceUnreachable, SettingsUnreadable
from app.instances.pointers import InstancePointers
from app.vault import encryption_string
from app.vault.parts import Role
from app.vault.ports import Pointers
from app.vault.roles import opens
from app.vault.shelf import Shelf
from app.vault.tidying import put_in_order
from app.vault.vault import Vault
from app.words import Secret
from tests.vault.rotating import RotatingWorld
from tests.vault.world import G1, A, text_of

PARTS = ("consent", "visibility", "entra-secret")
OLD = {name: f"value of {name}" for name in PARTS}


@pytest.fixture(autouse=True)
def cheap_derivation(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a derivation costs is specified elsewhere."""
    monkeypatch.setattr(encryption_string, "_MEMORY_KIB", 64)


class Between:
    """Runs something once, before the call with this number of whatever it stands around."""

    def __init__(self, number: int, run: Callable[[], object]) -> None:
        self._left = number
        self._run = run
        self._lock = threading.Lock()
        self.happened = False

    def around(self, target: Any) -> Any:
        """The same object, whose calls are counted."""
        return _Around(target, self)

    def step(self) -> None:
        with self._lock:
            self._left -= 1
            mine = self._left == 0
        if mine:
            self.happened = True
            self._run()


NEVER = Between(0, lambda: None)


class _Around:
    def __init__(self, target: Any, between: Between) -> None:
        self._target = target
        self._between = between

    def __getattr__(self, name: str) -> Callable[..., Any]:
        real = getattr(self._target, name)

        def call(*args: Any, **named: Any) -> Any:
            self._between.step()
            return real(*args, **named)

        return call


class Stage:
    """Everything is set, the KMS keys have just been changed, and two flows are about to meet."""

    def __init__(self, *, rotated: bool = True) -> None:
        self.world = RotatingWorld(PARTS)
        if rotated:
            self.world.rotate()
        self.told: dict[str, AppError | None] = {}

    def shelf(self, pointers: Pointers | None = None, between: Between = NEVER) -> Shelf:
        """A worker that has just started, with its calls to the site and the table counted."""
        world = self.world
        mine = between.around(pointers or InstancePointers(world.table, A))
        return world.vault("worker", world.ids).shelf(A, G1, between.around(world.site), mine)

    def run(self, who: str, flow: Flow, between: Between = NEVER, **given: Any) -> None:
        """Run a flow to its end and keep what it was told."""
        try:
            flow.run(self, self.shelf(between=between, **given), between)
        except AppError as error:
            self.told[who] = error
        else:
            self.told[who] = None

    def opened(self) -> dict[str, str | None]:
        """What processes that have just started read."""
        return {name: text_of(self.world.worker().open(name)) for name in PARTS}


@dataclass(frozen=True)
class Flow:
    """One flow, and the values that it may leave behind."""

    run: Callable[[Stage, Shelf, Between], object]
    leaves: Mapping[str, str | None] = field(default_factory=dict)


def saves(who: str, *names: str) -> Flow:
    values = {name: f"{name} by {who}" for name in names}
    documents = {name: Secret(value) for name, value in values.items()}
    return Flow(lambda _, shelf, __: shelf.save(documents), values)


def gives_a_string(_: str) -> Flow:
    given = {"encryption-string": Secret("a string of their own")}
    return Flow(lambda _, shelf, __: shelf.save(given))


def rewraps(_: str) -> Flow:
    return Flow(lambda stage, _, b: stage.world.rewrap(table=b.around(stage.world.table)))


FLOWS: Mapping[str, Callable[[str], Flow]] = {
    "saves one part": lambda who: saves(who, "consent"),
    "saves another part": lambda who: saves(who, "visibility"),
    "saves two parts": lambda who: saves(who, "consent", "visibility"),
    "gives a string": gives_a_string,
    "draws a string": lambda _: Flow(lambda _, shelf, __: shelf.forget(["encryption-string"])),
    "tidies": lambda _: Flow(lambda _, shelf, __: put_in_order(shelf)),
    "forgets": lambda _: Flow(lambda _, s, __: s.forget(["consent"]), {"consent": None}),
    "rewraps": rewraps,
}
PAIRS = list(itertools.product(FLOWS, FLOWS))


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_whatever_comes_between_two_steps_both_are_told_the_truth(one: str, other: str) -> None:
    for number in range(1, 200):
        stage, mine, theirs = Stage(), FLOWS[one]("one"), FLOWS[other]("other")
        between = Between(number, lambda: stage.run("other", theirs))  # noqa: B023 - run within
        stage.run("one", mine, between)
        if not between.happened:
            assert number > 2
            return
        assert stage.told["other"] is None, "nothing came between its own steps"
        assert stage.told["one"] is None or type(stage.told["one"]) is Clash
        check_told(stage, mine, theirs)
        check_left(stage, forgotten="forgets" in (one, other))
    pytest.fail("the flow never came to its end")


def check_told(stage: Stage, mine: Flow, theirs: Flow) -> None:
    """Nobody is told of a change that is not there, nor refused one that is."""
    found = stage.opened()
    lost = stage.told["one"] is not None
    for name in PARTS:
        possible = {theirs.leaves[name]} if name in theirs.leaves else {OLD[name]}
        if name in mine.leaves and not lost:
            possible = {mine.leaves[name], *(possible if name in theirs.leaves else ())}
        assert found[name] in possible, name


READABLE = ("gives a string", "draws a string", "tidies", "rewraps")


@pytest.mark.parametrize("role", ["web", "worker"])
@pytest.mark.parametrize("one", READABLE)
def test_each_part_is_readable_at_every_step_of_a_rotation(one: str, role: Role) -> None:
    """By a process that has just started and by one that has been there all along."""
    for number in range(1, 200):
        stage = Stage()
        stage.world.worker().forget(["encryption-string"])  # so that there is something to tidy
        vault = stage.world.vault(role, stage.world.ids)
        names = [name for name in PARTS if opens(role, name)]
        found: list[str | None] = []

        def read(stage: Stage = stage, vault: Vault = vault, names: Any = names) -> None:
            for each in (vault, stage.world.vault(role, stage.world.ids)):
                shelf = stage.world.shelf(role, vault=each)
                found.extend(text_of(shelf.open(name)) for name in names)  # noqa: B023 - run within

        read()
        between = Between(number, read)
        stage.run("one", FLOWS[one]("one"), between)
        read()
        assert set(found) == {OLD[name] for name in names}
        if not between.happened:
            return
    pytest.fail("the flow never came to its end")


@pytest.mark.parametrize("one", FLOWS)
def test_no_flow_puts_back_a_key_that_was_wrapped_anew_meanwhile(one: str) -> None:
    """Or the former KMS key would be missed once it is switched off."""
    for number in range(1, 200):
        stage = Stage()
        between = Between(number, stage.world.rewrap)
        stage.run("one", FLOWS[one]("one"), between)
        if not between.happened:
            return
        reference = stage.world.table.read(A)
        assert reference is not None
        used = {entry["key_id"] for entry in reference.part_keys.values()}
        assert used.isdisjoint(stage.world.former)
    pytest.fail("the flow never came to its end")


def check_left(stage: Stage, *, forgotten: bool) -> None:
    """All is brought under the new keys and the string in force, and nothing else remains."""
    before = stage.opened()
    world = stage.world
    put_in_order(stage.shelf())
    assert world.rewrap().left == []
    world.retire()
    assert stage.opened() == before
    reference = world.table.read(A)
    assert reference is not None
    assert not any("@" in name for name in reference.part_keys)
    named = {world.name(name) for name in reference.part_keys}
    lying = set(world.site.properties)
    assert named <= lying
    # Forgetting starts the numbers anew: a property from before, unreadable, may wait for its
    # number to be passed again, or for cleanup.
    assert lying == named or (forgotten and all(".consent." in name for name in lying - named))


class Silent(InstancePointers):
    """Pointers whose first flip gets no answer: it took effect, it never arrived, or it is late."""

    def __init__(self, stage: Stage, kind: str, meanwhile: Callable[[], object]) -> None:
        super().__init__(stage.world.table, A)
        self._kind = kind
        self._meanwhile = meanwhile
        self.late: list[Callable[[], bool]] = []
        self._first = True

    def flip(self, *args: Any, **named: Any) -> bool:
        if not self._first:
            return super().flip(*args, **named)
        self._first = False
        if self._kind == "took effect":
            super().flip(*args, **named)
        self.late.append(lambda: InstancePointers.flip(self, *args, **named))
        if self._kind != "is late":
            self._meanwhile()
        raise ServiceUnreachable("no answer")


MOVES = [name for name in FLOWS if name not in ("tidies", "forgets", "rewraps")]


@pytest.mark.parametrize("kind", ["took effect", "never arrived", "is late"])
@pytest.mark.parametrize(("one", "other"), list(itertools.product(MOVES, FLOWS)))
def test_a_lost_answer_with_somebody_between_is_told_as_it_is(
    one: str, other: str, kind: str
) -> None:
    stage, mine, theirs = Stage(), FLOWS[one]("one"), FLOWS[other]("other")
    pointers = Silent(stage, kind, lambda: stage.run("other", theirs))
    stage.run("one", mine, pointers=pointers)
    told = stage.told["one"]
    if kind == "is late":
        stage.run("other", theirs)
        arrived = pointers.late[0]()
        assert type(told) is ServiceUnreachable, "nobody could say yet"
    else:
        arrived = kind == "took effect"
        assert told is None or type(told) in (Clash, ServiceUnreachable)
        assert told is not None or arrived
        assert not (arrived and type(told) is ServiceUnreachable)
    assert stage.told["other"] is None
    found = stage.opened()
    for name in PARTS:
        possible = {theirs.leaves.get(name, OLD[name])}
        if arrived and name in mine.leaves:
            possible |= {mine.leaves[name]}
        assert found[name] in possible
        if told is None and name in mine.leaves and name not in theirs.leaves:
            assert found[name] == mine.leaves[name]
    if type(told) is ServiceUnreachable:
        # Its property must wait for the write that may still come, until another passes it by.
        stage.run("one again", mine)
        assert stage.told["one again"] is None
    check_left(stage, forgotten=other == "forgets")


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("one", FLOWS)
def test_an_uninstall_between_any_two_steps_wins_and_a_new_life_gets_nothing_of_it(
    one: str, *, again: bool
) -> None:
    for number in range(1, 200):
        stage = Stage()
        end = stage.world.install_again if again else stage.world.uninstall
        between = Between(number, end)
        stage.run("one", FLOWS[one]("one"), between)
        if not between.happened:
            return
        told = stage.told["one"]
        assert told is None or isinstance(told, Clash | SettingsUnreadable)
        reference = stage.world.table.read(A)
        assert reference is not None
        assert reference.part_keys == {}
        assert set(stage.opened().values()) == {None}
    pytest.fail("the flow never came to its end")


def test_a_property_in_force_is_never_deleted_because_its_key_was_wrapped_anew() -> None:
    """The flip took effect, its answer was lost, and the entry was rewrapped before the look."""
    stage = Stage(rotated=False)
    mine = saves("one", "consent")

    def rotate_and_rewrap() -> None:
        stage.world.rotate()
        assert stage.world.rewrap().rewrapped > 0

    pointers = Silent(stage, "took effect", rotate_and_rewrap)
    stage.run("one", mine, pointers=pointers)
    assert stage.told["one"] is None
    assert stage.opened()["consent"] == "consent by one"
