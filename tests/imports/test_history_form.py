"""How the records of runs become bytes: none lost, and four weeks of hourly runs fit."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from app.imports.planning import samples
from app.imports.run.history import MOST_BYTES, History, new_record
from app.imports.run.history_form import packed, unpacked
from app.instances.reference import stamp
from app.kept import RUN_HISTORY
from app.vault.envelope import MOST_CHARACTERS
from app.vault.locks import OVERHEAD
from app.words import Json
from tests.stand_ins.import_world import Store

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


def a_run(dice: random.Random, began: datetime) -> Json:
    """An ended run of a site with 100,000 people, none like the other."""
    made = new_record(f"{dice.getrandbits(128):032x}", "delta", began)
    ended = stamp(began + timedelta(seconds=dice.randint(20, 900)))
    done, updated = 100_000 + dice.randint(0, 300), dice.randint(0, 200)
    counts = {
        "create": dice.randint(0, 30), "update": updated, "unchanged": done - updated,
        "leavers": dice.randint(0, 5), "skipped": 1_234, "failed": 0,
    }  # fmt: skip
    how = {"state": "succeeded", "phase": "ended", "updated_at": ended, "ended_at": ended}
    rest = {"more": "", "digest": None, "execution": None}
    return made | how | rest | {"counts": counts, "progress": {"done": done, "total": done}}


def hourly_runs() -> list[Json]:
    dice = random.Random(7)
    hours = int(RUN_HISTORY.total_seconds()) // 3600
    return [
        a_run(dice, NOW - timedelta(hours=n, seconds=dice.randint(0, 59))) for n in range(hours)
    ]


def test_four_weeks_of_hourly_runs_fit_and_none_is_forgotten() -> None:
    runs = hourly_runs()
    store = Store(packed(runs))
    newest = a_run(random.Random(8), NOW + timedelta(minutes=30))
    History(store).put(newest, NOW)
    assert len(runs) == 672
    assert History(store).read() == [newest, *runs]


@pytest.mark.parametrize("most", [MOST_BYTES, samples.MOST_BYTES])
def test_what_counts_as_small_enough_fits_into_a_property_when_it_is_sealed(most: int) -> None:
    sealed = OVERHEAD + most + 64
    assert (sealed + 2) // 3 * 4 <= MOST_CHARACTERS


def test_every_field_comes_back_whatever_other_records_hold() -> None:
    strange = {**new_record("not-hexadecimal", "preview", NOW), "more": "Ümläut", "new": [1, {}]}
    del strange["updated_at"]
    late = new_record("f" * 32, "full", NOW - timedelta(days=3))
    late["progress"]["total"] = 12
    assert unpacked(packed([strange, late])) == [strange, late]
    assert unpacked(packed([])) == []


def test_records_are_not_changed_by_being_packed() -> None:
    run = a_run(random.Random(1), NOW)
    before = a_run(random.Random(1), NOW)
    packed([run, run])
    assert run == before


@pytest.mark.parametrize("cut", [1, 10, 16, 17])
def test_bytes_that_are_not_whole_are_no_records(cut: int) -> None:
    whole = packed(hourly_runs()[:3])
    assert unpacked(whole[:-cut]) == []
    assert unpacked(whole + b"\0" * 16) == []
