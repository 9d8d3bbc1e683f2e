"""When a delta run reads what changed, and when everything."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from app.errors import ServiceUnreachable, SettingsUnreadable
from app.site_settings.documents import ImportRules
from tests.imports.delta_office import links, office, why
from tests.stand_ins.entra_directory import Device, Person
from tests.stand_ins.import_world import ImportWorld


def test_without_an_earlier_read_a_delta_reads_everything_and_the_next_one_does_not() -> None:
    world = ImportWorld(ImportRules(missing_objects="ignore"))
    world.graph.people_by_id = {"p1": Person("p1", "P")}
    assert why(world.run("delta")) == "first"
    assert why(world.run("delta")) == ""


def test_an_empty_assets_is_nothing_to_start_from() -> None:
    world = office()
    world.assets.things.clear()
    assert why(world.run("delta")) == "first"
    assert len(world.assets.of("Person")) == 20


@pytest.mark.parametrize(
    "rules",
    [{"filter": {"enabled_only": True}}, {"memberships": ("g1",)}, {"leavers": "mark"},
     {"objects": {"applications": True}}],
)  # fmt: skip
def test_links_for_other_rules_count_as_none(rules: dict[str, Any]) -> None:
    world = office()
    world.rule(**rules)
    assert why(world.run("delta")) == "settings"
    assert why(world.run("delta")) == ""


def test_links_for_another_tenant_count_as_none() -> None:
    world = office()
    world.connected.tenant = "tenant-2"
    assert why(world.run("delta")) == "settings"


@pytest.mark.parametrize("rules", [{"brake": {"percent": 50}}, {"schedule": {"every": "hour"}}])
def test_what_changes_nothing_of_what_is_read_keeps_the_links(rules: dict[str, Any]) -> None:
    world = office()
    world.rule(**rules)
    assert why(world.run("delta")) == ""


def test_every_seventh_day_everything_is_read() -> None:
    world = office()
    reasons = []
    for _ in range(15):
        world.clock.now += timedelta(days=1)
        reasons.append(why(world.run("delta")))
    assert [place + 1 for place, each in enumerate(reasons) if each == "weekly"] == [7, 14]
    assert set(reasons) == {"", "weekly"}


def test_a_link_that_lives_no_more_is_not_followed() -> None:
    world = office()
    held = links(world) | {"full_at": "2026-12-01T00:00:00Z"}
    world.connected.links.content = json.dumps(held).encode()
    world.clock.now += timedelta(days=6, hours=23, minutes=30)
    assert why(world.run("delta")) == "old"
    assert world.graph.feed.followed == []


def test_an_expired_link_is_a_full_read_and_absence_in_it_is_not_leaving_before_its_end() -> None:
    world = office(leavers="mark")
    world.graph.feed.expired = True
    for key in ("p18", "p19"):
        del world.graph.people_by_id[key]

    def before(call: str) -> None:
        if call == "graph.people.6":
            raise ServiceUnreachable("500")

    world.graph.before = before
    assert world.run("delta")["reason"] == "graph_failed"
    assert world.assets.writes == []
    world.graph.before = lambda call: None
    run = world.run("delta")
    assert (why(run), run["counts"]["leavers"]) == ("expired", 2)


def test_where_every_execution_holds_everything_deltas_run_full_and_no_link_is_kept() -> None:
    world = office(missing_objects="unknown")
    assert world.connected.links.content is None
    assert why(world.run("delta")) == "everything_sent"


def test_a_delta_that_follows_a_preview_reads_what_the_preview_read() -> None:
    world = office()
    preview = world.run("preview")
    before = world.connected.links.content
    assert preview["ran_as"] == "full"
    run = world.run("delta", preview=preview["id"])
    assert why(run) == "preview"
    world.run("preview")
    assert before != world.connected.links.content  # by the run, not by the previews


def test_a_preview_keeps_no_link() -> None:
    world = office()
    before = world.connected.links.content
    world.run("preview")
    assert world.connected.links.content == before


@pytest.mark.parametrize("content", [b"", b"{}", b"no json", b"[]", b'{"links": []}'])
def test_a_document_that_says_nothing_counts_as_none(content: bytes) -> None:
    world = office()
    world.connected.links.content = content
    assert why(world.run("delta")) == "first"


def test_a_document_that_does_not_open_counts_as_none_and_is_written_anew() -> None:
    world = office()

    def unreadable() -> bytes | None:
        raise SettingsUnreadable

    world.connected.links.read = unreadable  # type: ignore[method-assign]
    assert why(world.run("delta")) == "first"
    assert world.connected.links.writes == 2


def test_more_changes_than_a_full_read_is_worth_are_a_full_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = office()
    monkeypatch.setattr("app.imports.entra.told.MOST", 3)
    for n in range(5):
        world.graph.people_by_id[f"p{n}"].department = "New"
    assert why(world.run("delta")) == "many"


def test_a_round_without_an_end_tells_nothing() -> None:
    world = office()
    changes = world.graph.feed.changes

    def cut(kind: str, link: str) -> Any:
        page = changes(kind, link)
        page.delta_link = None
        return page

    world.graph.feed.changes = cut  # type: ignore[method-assign]
    assert why(world.run("delta")) == "untold"


def test_devices_of_a_tenant_that_tells_none_are_read_whole_and_people_are_not() -> None:
    world = ImportWorld(ImportRules(missing_objects="ignore"))
    world.graph.people_by_id = {"p1": Person("p1", "P"), "p2": Person("p2", "P 2")}
    world.graph.devices_by_id = {"d1": Device("d1", "D", owner="p1")}
    world.graph.feed.without = frozenset({"device"})
    world.run()
    assert "device" not in links(world)["links"]
    world.graph.devices_by_id["d1"].owner = "p2"
    world.graph.calls.clear()
    assert why(world.run("delta")) == ""
    assert world.assets.state("Device")["d1"]["Assigned To"] == ["p2"]
    assert "devices" in world.graph.calls
    assert "people" not in world.graph.calls
