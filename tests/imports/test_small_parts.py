"""The compact tables, the turns of values, the history's bounds."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.errors import ServiceFailed
from app.imports.kinds.entries import Holding, Shape, key_of
from app.imports.kinds.records import DeviceRow, PersonRow, Pointer, person_of
from app.imports.kinds.table import DEVICE, PERSON
from app.imports.kinds.turns import as_compliance, as_moment, as_status, as_text
from app.imports.planning.known import KnownTable, held
from app.imports.planning.memberships import Memberships
from app.imports.run import additions
from app.imports.run.history import MOST_BYTES, History, merged, new_record, shown
from app.imports.run.history_form import packed, unpacked
from app.imports.run.reasons import NEXT_STEPS, next_step
from tests.stand_ins.import_world import Store

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def holding(entra_id: str, object_id: int, **more: object) -> Holding:
    return Holding(object_id, key_of(entra_id), bytes(16), 0, **more)  # type: ignore[arg-type]


@given(some.lists(some.integers(1, 2**40 - 1), unique=True, max_size=200))
def test_a_table_finds_each_row_again_and_no_other(ids: list[int]) -> None:
    table = KnownTable()
    for number in ids:
        table.add(held(holding(f"id-{number}", number, target_id=number)))
    for number in ids:
        place = table.find(key_of(f"ID-{number}"))
        assert place is not None
        assert (table.row(place).object_id, table.row(place).target_id) == (number, number)
    assert table.find(key_of("nobody")) is None
    assert [row.object_id for row in table.rows()] == ids


def test_a_known_object_takes_64_bytes_or_less() -> None:
    table = KnownTable(20_000)
    for number in range(1, 20_001):
        table.add(held(holding(f"id-{number}", number)))
    size = sys.getsizeof(table._rows) + sys.getsizeof(table._slots)
    assert size / 20_000 <= 68  # a bytearray's spare room is an eighth at most
    assert len(table._rows) / 20_000 + 6 <= 64


def test_the_day_somebody_left_is_remembered() -> None:
    row = held(holding("a", 1, left=True, left_on="2026-10-22"))
    assert row.left_on == date(2026, 10, 22)
    assert held(holding("a", 1, left_on="nonsense")).left_on is None


def test_an_object_id_out_of_range_is_a_failure() -> None:
    with pytest.raises(ServiceFailed):
        held(holding("a", 2**40))


@given(
    some.lists(
        some.tuples(some.sampled_from("abcdef"), some.sampled_from("xyz"), some.booleans()),
        max_size=200,
    )
)
def test_memberships_are_what_the_last_word_says(said: list[tuple[str, str, bool]]) -> None:
    found, truth = Memberships(["x", "y"]), dict[str, set[str]]()
    for person, group, member in said:
        found.add(key_of(group), person, member=member)
        mine = truth.setdefault(person, set())
        if group != "z":
            (mine.add if member else mine.discard)(group)
    for person in "abcdef":
        wanted = frozenset(map(key_of, truth.get(person, ())))
        assert found.groups_of(key_of(person)) == wanted


def test_many_memberships_stay_findable() -> None:
    found = Memberships(["x"])
    for number in range(500):
        found.add(key_of("x"), f"p{number}", member=True)
    assert all(found.groups_of(key_of(f"p{n}")) == {key_of("x")} for n in range(500))


def test_without_groups_asked_memberships_say_nothing() -> None:
    assert Memberships(()).groups_of(key_of("a")) is None


def test_values_are_turned_the_same_way_on_both_sides() -> None:
    assert as_text("  x  ") == "x"
    assert as_text(None) == ""
    assert len(as_text("y" * 300)) == 255
    assert as_moment("2026-11-21T10:00:00.5+02:00") == "2026-11-21T08:00:00Z"
    assert as_moment("once") == "once"
    assert [as_status(each) for each in (True, False, None)] == ["Active", "Disabled", "Active"]
    assert [as_compliance(each) for each in (True, False, None)] == [
        "compliant", "noncompliant", "",
    ]  # fmt: skip


def test_a_person_without_mail_has_no_email_and_one_without_a_name_shows_the_id() -> None:
    shape = Shape(PERSON)
    entry = shape.entry(shape.reading(PersonRow(id="a", user_principal_name="a@one.example")))
    assert entry == {
        "entraId": "a", "name": "a", "userPrincipalName": "a@one.example", "status": "Active",
    }  # fmt: skip


def test_a_device_without_serial_user_or_name_is_an_entry() -> None:
    shape = Shape(DEVICE)
    assert shape.entry(shape.reading(DeviceRow(id="d"))) == {
        "entraId": "d", "name": "d", "status": "Active",
    }  # fmt: skip


def test_an_owner_is_a_person_or_nobody() -> None:
    group = Pointer(id="g", type="#microsoft.graph.group")
    assert person_of([group, Pointer(id="p", type="#microsoft.graph.user")]) == "p"
    assert person_of([group]) is None
    assert person_of([]) is None
    assert person_of(None) is None


def test_every_reason_says_what_to_do_next_in_a_sentence() -> None:
    assert all(text.endswith(".") for text in NEXT_STEPS.values())
    assert next_step(None) is None


def record(number: int, started: datetime) -> dict[str, object]:
    return {**new_record(f"{number:032x}", "full", started), "more": f"{number * 7919:x}" * 20}


def test_a_history_stays_small_by_forgetting_the_oldest() -> None:
    store = Store()
    history = History(store)
    for number in range(300):
        history.put(record(number, NOW + timedelta(minutes=number)), NOW)
    assert len(store.content or b"") <= MOST_BYTES
    ids = [each["id"] for each in history.read()]
    assert ids[0] == f"{299:032x}"
    assert ids == sorted(ids, reverse=True)


def test_runs_older_than_28_days_are_forgotten() -> None:
    history = History(Store())
    history.put(record(1, NOW - timedelta(days=29)), NOW)
    history.put(record(2, NOW - timedelta(days=27)), NOW)
    assert [each["id"] for each in history.read()] == [f"{2:032x}"]


@pytest.mark.parametrize("content", [b"", b"nonsense", b"x\x9c"])
def test_a_history_that_cannot_be_read_is_empty(content: bytes) -> None:
    assert History(Store(content)).read() == []


def test_the_reference_decides_about_a_run_s_state() -> None:
    kept = {**new_record("r", "full", NOW), "state": "running", "execution": "e", "digest": "d"}
    run = {"id": "r", "mode": "full", "state": "failed", "stop": "no_progress",
           "started": "2026-11-21T00:00:00Z", "lease": "2026-11-21T01:00:00Z"}  # fmt: skip
    seen = shown(merged(kept, run))
    assert (seen["state"], seen["reason"]) == ("failed", "no_progress")
    assert seen["ended_at"] == "2026-11-21T01:00:00Z"
    assert "execution" not in seen
    assert "digest" not in seen


def test_what_is_added_to_a_reason_keeps_its_code_in_the_history() -> None:
    record = {**new_record("r", "full", NOW), "reason": "graph_not_allowed"}
    record["more"] = additions.kept(additions.MISSING(permissions="User.Read.All"))
    run = shown(unpacked(packed([record]))[0])
    assert run["more"] == {
        "message": "Missing: User.Read.All.",
        "code": "run.missing",
        "values": {"permissions": "User.Read.All"},
    }
    assert run["next_step"].endswith("Missing: User.Read.All.")


def test_an_addition_of_an_older_record_is_plain_text() -> None:
    record = {**new_record("r", "full", NOW), "reason": "deadline", "more": "As it was said."}
    assert shown(record)["more"] == {"message": "As it was said."}
    assert shown({**record, "more": ""})["more"] is None
