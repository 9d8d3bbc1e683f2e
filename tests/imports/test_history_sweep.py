"""The run history is 28 days long: older runs are not shown, and go without a new run, too."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from app.errors import ServiceUnreachable
from app.imports.desk.history_sweep import HistorySweep
from app.imports.run.history import History, new_record
from app.instances.reference import InstanceReference
from app.kept import RUN_HISTORY
from app.words import Generation, InstanceId
from tests.stand_ins.atlassian import NOW


class Store:
    """The sealed document of one site; `down`: the site does not answer."""

    def __init__(self) -> None:
        self.content: bytes | None = None
        self.down = False
        self.writes = 0

    def read(self) -> bytes | None:
        if self.down:
            raise ServiceUnreachable
        return self.content

    def write(self, content: bytes) -> None:
        self.content = content
        self.writes += 1

    def history(self, _: InstanceReference) -> Store:
        return self


class EveryDay:
    def first(self, instance: InstanceReference, day: date) -> bool:
        return True


def instance(**more: Any) -> InstanceReference:
    values = {"part_keys": {"run-history": {}}} | more
    return InstanceReference(InstanceId("a"), "connect", "installed", Generation("g1"), **values)


@pytest.fixture
def store() -> Store:
    store = Store()
    for days in (0, 10, 20):
        moment = NOW + timedelta(days=days)
        History(store).put(new_record(f"run-{days}", "full", moment), moment)
    store.writes = 0
    return store


def ids(store: Store) -> list[str]:
    return [each["id"] for each in History(store).read()]


def sweep(store: Store, days: float, **more: Any) -> None:
    HistorySweep(store, EveryDay()).look(instance(**more), NOW + timedelta(days=days))  # type: ignore[arg-type]


def test_what_is_over_its_time_goes_and_the_rest_stays(store: Store) -> None:
    sweep(store, RUN_HISTORY.days + 11)
    assert ids(store) == ["run-20"]
    sweep(store, 400)
    assert ids(store) == []


def test_nothing_is_written_while_nothing_is_over(store: Store) -> None:
    sweep(store, RUN_HISTORY.days)
    assert store.writes == 0
    assert len(ids(store)) == 3


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_run_at_work_is_not_disturbed(store: Store, state: str) -> None:
    sweep(store, 400, run={"state": state})
    assert store.writes == 0


def test_a_site_without_a_history_or_without_an_answer_is_left_alone(store: Store) -> None:
    sweep(store, 400, part_keys={})
    store.down = True
    sweep(store, 400)
    store.down = False
    assert len(ids(store)) == 3
