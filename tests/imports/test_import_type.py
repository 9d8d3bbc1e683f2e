"""What Assets asks of the import type: only the import that is set up is started or forgotten."""

from __future__ import annotations

import pytest

from app.errors import Clash, Problem, SettingsUnreadable, SiteTokenMissing
from app.imports.desk.import_type import ImportType
from app.imports.run.ports import NamedImport
from app.instances.reference import InstanceReference
from tests.stand_ins.entra_directory import Person
from tests.stand_ins.import_world import ImportWorld

OURS = ("m-1", "w-1")
OTHERS = [("m-2", "w-1"), ("m-1", "w-2"), ("", "")]


class Named:
    """A world whose settings name an import, and an import type before it."""

    def __init__(self) -> None:
        self.world = ImportWorld()
        self.world.connected.named = NamedImport(*OURS)
        self.world.graph.people_by_id = {"p1": Person("p1", "P 1")}
        self.forgotten: list[InstanceReference] = []
        self.instance = self.world.instance
        self.type = ImportType(self.world.desk, self.world.connected, self.forgotten.append)

    @property
    def state(self) -> str:
        return str(self.world.desk.list(self.instance)[0]["state"])


@pytest.fixture
def named() -> Named:
    return Named()


def test_a_start_is_a_full_run(named: Named) -> None:
    run = named.type.start(named.instance, *OURS)
    assert (run["mode"], run["state"]) == ("full", "queued")
    named.world.work_off()
    assert named.state == "succeeded"


@pytest.mark.parametrize("other", OTHERS)
def test_another_import_is_not_started(named: Named, other: tuple[str, str]) -> None:
    with pytest.raises(Clash, match="set up"):
        named.type.start(named.instance, *other)
    assert named.world.queue.messages == []


def test_nothing_is_started_where_no_import_is_set_up(named: Named) -> None:
    named.world.connected.named = None
    with pytest.raises(Clash):
        named.type.start(named.instance, *OURS)


def test_a_second_start_clashes(named: Named) -> None:
    named.type.start(named.instance, *OURS)
    with pytest.raises(Clash):
        named.type.start(named.instance, *OURS)
    assert len(named.world.queue.messages) == 1


def test_a_stop_cancels_the_open_run_and_comes_twice_without_harm(named: Named) -> None:
    named.type.start(named.instance, *OURS)
    named.type.stop(named.instance, *OURS)
    assert named.state == "cancelled"
    named.type.stop(named.instance, *OURS)


def test_nothing_to_stop_is_fine(named: Named) -> None:
    named.type.stop(named.instance, *OURS)
    assert named.world.desk.list(named.instance) == []


@pytest.mark.parametrize("other", OTHERS)
def test_another_import_stops_and_forgets_nothing(named: Named, other: tuple[str, str]) -> None:
    named.type.start(named.instance, *OURS)
    named.type.stop(named.instance, *other)
    named.type.deleted(named.instance, *other)
    assert named.state == "queued"
    assert named.forgotten == []


def test_a_deleted_import_ends_its_run_and_is_forgotten(named: Named) -> None:
    named.type.start(named.instance, *OURS)
    named.type.deleted(named.instance, *OURS)
    assert named.state == "cancelled"
    assert named.forgotten == [named.instance]


def test_it_is_ready_when_all_that_a_run_needs_is_there(named: Named) -> None:
    assert named.type.status(named.instance, *OURS) == "READY"


@pytest.mark.parametrize("other", OTHERS)
def test_another_import_is_not_configured(named: Named, other: tuple[str, str]) -> None:
    assert named.type.status(named.instance, *other) == "NOT_CONFIGURED"


def test_it_is_not_configured_while_a_part_or_the_consent_is_missing(named: Named) -> None:
    named.world.connected.consent = False
    assert named.type.status(named.instance, *OURS) == "NOT_CONFIGURED"
    named.world.connected.consent = True
    named.world.connected.lacking = [Problem("entra", "Missing.")]
    assert named.type.status(named.instance, *OURS) == "NOT_CONFIGURED"


def test_settings_that_do_not_open_are_not_configured(
    named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(_: object) -> bool:
        raise SettingsUnreadable

    monkeypatch.setattr(named.world.connected, "consented", unreadable)
    assert named.type.status(named.instance, *OURS) == "NOT_CONFIGURED"


def test_without_a_token_nobody_can_say_how_it_stands(
    named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_token(_: object) -> bool:
        raise SiteTokenMissing

    monkeypatch.setattr(named.world.connected, "consented", no_token)
    with pytest.raises(SiteTokenMissing):
        named.type.status(named.instance, *OURS)
