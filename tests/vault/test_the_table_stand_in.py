"""The stand-in of the instance table refuses what the real one refuses."""

from __future__ import annotations

import threading

import pytest

from app.errors import ServiceUnreachable
from app.instances.reference import AttributeNotDeclared, InstanceReference
from app.instances.table import Absent, AnyOf, AtMost, Change, Equals, OneOf, Present
from app.words import Generation, InstanceId
from tests.stand_ins.table import InMemoryTable, PathNotValid

ID = InstanceId("i1")


@pytest.fixture
def table() -> InMemoryTable:
    made = InMemoryTable()
    made.create(InstanceReference(ID, "connect", "installed", Generation("g1"), last_event_at=5))
    return made


def test_a_second_create_of_the_same_instance_writes_nothing(table: InMemoryTable) -> None:
    assert not table.create(InstanceReference(ID, "forge", "silent", Generation("g2")))
    kept = table.read(ID)
    assert kept is not None
    assert kept.door == "connect"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (Equals(("state",), "installed"), True),
        (Equals(("state",), "silent"), False),
        (Absent(("run",)), True),
        (Absent(("part_keys", "entra", "version")), True),
        (Present(("part_keys",)), True),
        (OneOf(("state",), ("installed", "silent")), True),
        (AtMost(("last_event_at",), 5), True),
        (AtMost(("last_event_at",), 4), False),
        (AtMost(("erase_due_at",), "2030"), False),
        (AnyOf((Absent(("state",)), Equals(("door",), "connect"))), True),
    ],
)
def test_a_change_happens_only_if_its_condition_holds(
    table: InMemoryTable, condition: object, holds: bool
) -> None:
    changed = table.change(ID, Change({("region",): "eu"}, conditions=[condition]))  # type: ignore[list-item]
    assert (changed is not None) is holds


def test_an_attribute_outside_the_closed_list_is_refused(table: InMemoryTable) -> None:
    with pytest.raises(AttributeNotDeclared):
        table.change(ID, Change({("email",): "x"}))
    with pytest.raises(AttributeNotDeclared):
        table.change(ID, Change({("run",): {"id": "r", "person": "x"}}))


@pytest.mark.parametrize(
    "change",
    [
        Change({("part_keys",): {}, ("part_keys", "entra"): {}}),
        Change({("region",): 1.5}),
        Change({("region",): None}),
    ],
)
def test_what_dynamodb_cannot_do_is_refused(table: InMemoryTable, change: Change) -> None:
    with pytest.raises(PathNotValid):
        table.change(ID, change)


@pytest.mark.parametrize(
    "change", [Change({("run", "lease"): "x"}), Change(remove=[("run", "lease")])]
)
def test_a_change_inside_a_map_that_is_not_there_is_lost(
    table: InMemoryTable, change: Change
) -> None:
    assert table.change(ID, change) is None


def test_a_change_that_fails_after_its_effect_has_happened(table: InMemoryTable) -> None:
    table.fail("change", "after")
    with pytest.raises(ServiceUnreachable):
        table.change(ID, Change({("region",): "eu"}))
    kept = table.read(ID)
    assert kept is not None
    assert kept.region == "eu"


def test_of_many_writers_at_once_one_wins(table: InMemoryTable) -> None:
    won: list[int] = []

    def write(number: int) -> None:
        change = Change({("region",): str(number)}, conditions=[Absent(("region",))])
        if table.change(ID, change) is not None:
            won.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
