"""The pointers in the reference: one conditional write, and a cache that never hides our own."""

from __future__ import annotations

import pytest

from app.errors import ServiceUnreachable
from app.instances.directory import Directory
from app.instances.pointers import InstancePointers
from app.instances.table import Change
from app.vault.ports import PartKey
from app.words import InstanceId
from tests.vault.world import G1, G2, A, B, World

ONE = PartKey("1-a", "1-s", "arn", b"w1")
TWO = PartKey("2-a", "1-s", "arn", b"w2")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def pointers(world: World) -> InstancePointers:
    return InstancePointers(world.table, A, Directory(world.table, world.clock))


def test_a_moved_pointer_reads_back_as_it_was_given(pointers: InstancePointers) -> None:
    assert pointers.flip(G1, {"consent": None}, {"consent": ONE, "entra": TWO})
    seen = pointers.read()
    assert seen.part_keys == {"consent": ONE, "entra": TWO}
    assert (seen.generation, seen.state) == (G1, "installed")


def test_several_pointers_move_and_go_in_one_write(
    world: World, pointers: InstancePointers
) -> None:
    pointers.flip(G1, {}, {"consent": ONE, "entra": ONE})
    before = world.table.calls["change"]
    assert pointers.flip(
        G1, {"consent": "1-a", "entra": "1-a"}, {"consent": TWO}, ["entra", "import"]
    )
    assert world.table.calls["change"] == before + 1
    assert pointers.read().part_keys == {"consent": TWO}


@pytest.mark.parametrize("stand", [{"consent": None}, {"consent": "2-a"}, {"entra": "1-a"}])
def test_a_pointer_that_no_longer_stands_moves_nothing(
    pointers: InstancePointers, stand: dict[str, str | None]
) -> None:
    pointers.flip(G1, {}, {"consent": ONE})
    assert not pointers.flip(G1, stand, {"consent": TWO})
    assert pointers.read_now().part_keys == {"consent": ONE}


@pytest.mark.parametrize("state", ["uninstalled", "silent", "erased"])
def test_nothing_moves_unless_the_instance_is_installed(
    world: World, pointers: InstancePointers, state: str
) -> None:
    world.table.change(A, Change({("state",): state}))
    assert not pointers.flip(G1, {}, {"consent": ONE})


def test_nothing_moves_in_another_generation(pointers: InstancePointers) -> None:
    assert not pointers.flip(G2, {}, {"consent": ONE})


def test_a_pointer_never_moves_in_another_instance(
    world: World, pointers: InstancePointers
) -> None:
    pointers.flip(G1, {}, {"consent": ONE})
    assert InstancePointers(world.table, B).read().part_keys == {}


def test_an_instance_that_is_not_there_has_no_pointers(world: World) -> None:
    unknown = InstancePointers(world.table, InstanceId("c" * 32))
    assert unknown.read().part_keys == {}
    assert unknown.read().generation == ""
    assert not unknown.flip(G1, {}, {"consent": ONE})


def test_reading_may_be_three_seconds_old_but_never_hides_what_this_process_wrote(
    world: World, pointers: InstancePointers
) -> None:
    assert pointers.read().part_keys == {}
    InstancePointers(world.table, A).flip(G1, {}, {"consent": ONE})
    assert pointers.read().part_keys == {}
    assert pointers.read_now().part_keys == {"consent": ONE}
    pointers.flip(G1, {}, {"consent": TWO})
    assert pointers.read().part_keys == {"consent": TWO}


@pytest.mark.parametrize("when", ["before", "after"])
def test_after_a_lost_answer_this_process_looks_again(
    world: World, pointers: InstancePointers, when: str
) -> None:
    pointers.read()
    world.table.fail("change", when)  # type: ignore[arg-type]
    with pytest.raises(ServiceUnreachable):
        pointers.flip(G1, {}, {"consent": ONE})
    assert ("consent" in pointers.read().part_keys) is (when == "after")


def test_a_pointer_does_not_show_its_wrapped_key() -> None:
    assert "w1" not in repr(ONE)


def test_what_goes_with_a_move_is_written_with_it_or_not_at_all(
    pointers: InstancePointers, world: World
) -> None:
    def due() -> str | None:
        found = world.table.read(A)
        assert found is not None
        return found.import_due_at

    at = "2026-11-22T02:00:00Z"
    assert pointers.flip(G1, {}, {"import": ONE}, beside={"import_due_at": at})
    assert due() == at
    assert not pointers.flip(G1, {"import": None}, {"import": TWO}, beside={"import_due_at": None})
    assert due() == at
    assert pointers.flip(G1, {}, {}, ["import"], {"import_due_at": None})
    assert due() is None
