"""The history's property is deleted, spoilt or out of reach: what the next run makes of it."""

from __future__ import annotations

import pytest

from app.errors import AppError, ServiceFailed, ServiceUnreachable, SettingsUnreadable
from app.site_settings.documents import ImportRules
from tests.stand_ins.entra_directory import Person
from tests.stand_ins.import_world import ImportWorld, Store


class Spoilt(Store):
    """Does not open until it is written anew."""

    def __init__(self, failure: AppError) -> None:
        super().__init__()
        self.failure: AppError | None = failure

    def read(self) -> bytes | None:
        if self.failure is not None:
            raise self.failure
        return super().read()

    def write(self, content: bytes) -> None:
        super().write(content)
        if not isinstance(self.failure, ServiceUnreachable) or isinstance(
            self.failure, SettingsUnreadable
        ):
            self.failure = None


def crowd(rules: ImportRules | None = None) -> ImportWorld:
    world = ImportWorld(rules)
    world.graph.people_by_id = {f"p{n}": Person(f"p{n}", f"P {n}") for n in range(20)}
    world.run()
    return world


@pytest.mark.parametrize("failure", [SettingsUnreadable("deleted"), ServiceFailed("garbage")])
def test_what_does_not_open_is_written_anew_by_the_next_run(failure: AppError) -> None:
    world = crowd()
    world.connected.store = Spoilt(failure)
    world.graph.people_by_id["p1"].name = "New"
    run = world.run()
    assert (run["state"], run["counts"]["update"]) == ("succeeded", 1)
    assert [each["id"] for each in world.desk.list(world.instance)] == [run["id"]]
    second = world.run()["id"]
    assert [each["id"] for each in world.desk.list(world.instance)] == [second, run["id"]]


def test_a_store_that_does_not_answer_is_never_written_over() -> None:
    world = crowd()
    world.connected.store = Spoilt(ServiceUnreachable("later"))
    assert world.run()["state"] == "succeeded"
    assert world.connected.store.writes == 0


def test_a_braked_run_shows_its_harm_even_without_a_history() -> None:
    world = crowd(ImportRules(missing_objects="ignore", leavers="mark"))
    for number in range(6):
        del world.graph.people_by_id[f"p{number}"]
    world.connected.store = Spoilt(ServiceUnreachable("later"))
    run = world.run()
    assert (run["state"], run["reason"]) == ("braked", "braked")
    assert run["counts"]["leavers"] == 6
    assert run["next_step"].endswith("Affected: 6 of kind person.")
    assert world.desk.cancel(world.instance, run["id"])["state"] == "cancelled"


def test_a_cancelled_run_no_longer_names_what_it_would_have_done() -> None:
    world = crowd(ImportRules(missing_objects="ignore", leavers="mark"))
    for number in range(6):
        del world.graph.people_by_id[f"p{number}"]
    run = world.run()
    assert "6 of kind person" in run["next_step"]
    assert "Affected" not in world.desk.cancel(world.instance, run["id"])["next_step"]
