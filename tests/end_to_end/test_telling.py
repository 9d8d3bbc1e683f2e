"""What administrators are told, over real sockets: records, leavers with assets, a secret's end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.administrator import Member, member, run_import, save_settings
from sandbox.app_process import AppProcess
from sandbox.directory import CAST, generate
from sandbox.entra import CLIENT_ID, CLIENT_SECRET
from sandbox.world import World
from tests.end_to_end.conftest import Life

pytestmark = pytest.mark.live
LEFT = CAST[1]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """Imported once; then somebody leaves."""
    log = tmp_path_factory.mktemp("telling") / "log"
    world = World(generate(30, 7))
    world.start()
    with log.open("w") as stream:
        app = AppProcess(world.environment(), stream)
        try:
            app.start()
            world.site.install(world.app_base_url)
            life = Life(world, app, log)
            with member(world, world.site.cast.administrator) as boss:
                brake = {"percent": 100, "count": 500}  # whoever leaves had many under them
                save_settings(boss, world.credentials, leavers="mark", brake=brake)
                assert run_import(boss)["state"] == "succeeded"
            _meet(life)
            yield life
        finally:
            app.stop()
            world.stop()


def _meet(life: Life) -> None:
    """Whoever looks at their assets is linked to their account; then they leave."""
    one = life.member(1)
    assert one.call("GET", "/api/my-assets")["person"] == "matched"
    one.close()
    life.world.directory.remove_person(LEFT.entra_id)


@pytest.fixture
def boss(company: Life) -> Iterator[Member]:
    with member(company.world, company.world.site.cast.administrator) as one:
        yield one


def test_records_of_a_preview_are_told_and_lie_sealed(company: Life, boss: Member) -> None:
    directory = company.world.directory
    directory.add_person(id="new-1", displayName="Nia Newcomer", accountEnabled=True)
    directory.change_person(CAST[2].entra_id, jobTitle="Conductor")
    run = run_import(boss, "preview")
    path = f"/api/imports/{run['id']}/records"
    page = boss.call("GET", path)
    assert page["kept_until"]
    told = {(each["kind"], each["name"]): each for each in page["records"]}
    assert told["person", "Nia Newcomer"]["action"] == "create"
    changed = told["person", CAST[2].display_name]
    assert (changed["action"], changed["changes"]) == ("update", ["Job title"])
    assert all(each["reason"] for each in page["records"])
    only = boss.call("GET", f"{path}?kind=person&action=create")
    assert {each["action"] for each in only["records"]} == {"create"}
    assert only["total"] == len(only["records"])
    assert boss.ask("GET", f"{path}?kind=people").status_code == 422
    assert boss.ask("GET", "/api/imports/nobody/records").status_code == 404
    stored = "".join(str(text) for text in company.world.site.properties.held.values())
    assert "Nia Newcomer" not in stored


def test_whoever_left_is_told_with_what_they_hold(company: Life, boss: Member) -> None:
    assert run_import(boss)["state"] == "succeeded"
    page = boss.call("GET", "/api/imports/leavers")
    (leaver,) = [each for each in page["leavers"] if each["name"] == LEFT.display_name]
    assert leaver["left_on"]
    labels = {each["label"] for each in leaver["assets"]}
    account = company.world.site.cast.employees[0]
    held = {
        thing.label
        for thing in company.world.assets.workspace.things.values()
        if thing.key.startswith("HW-")
        and any(account in values for values in thing.values.values())
    }
    assert held
    assert held <= labels
    assert leaver["total"] == len(leaver["assets"])
    assert page["next_cursor"] is None


def test_the_end_of_the_secret_is_read_shown_and_logged_once_a_day(
    company: Life, boss: Member
) -> None:
    ends = (datetime.now(UTC) + timedelta(days=20)).strftime("%Y-%m-%d")
    mine = {"hint": CLIENT_SECRET[:3], "endDateTime": f"{ends}T00:00:00Z"}
    row = {"id": "own", "appId": CLIENT_ID, "displayName": "Ours", "passwordCredentials": [mine]}
    company.world.directory.applications.add(row)
    assert run_import(boss)["state"] == "succeeded"
    expiry = boss.call("GET", "/api/settings")["entra"]["secret_expiry"]
    assert (expiry["expires_on"], expiry["read_from"]) == (ends, "entra_id")
    assert expiry["warning"] == 30
    later = (datetime.now(UTC) + timedelta(days=14)).strftime("%Y-%m-%dT09:00:00Z")
    said = [company.app.run("schedule", "--now", later).stderr for _ in range(2)]
    events = [line for text in said for line in text.splitlines() if "entra_secret_expires" in line]
    (event,) = map(json.loads, events)
    assert (event["kind"], event["count"], event["level"]) == ("7_days", 6, "error")
    assert LEFT.display_name not in events[0]


def test_nobody_but_an_administrator_sees_any_of_it(company: Life) -> None:
    one = company.member(2)
    for path in ("/api/imports/leavers", "/api/imports/any/records"):
        assert one.ask("GET", path).status_code == 403
    one.close()
