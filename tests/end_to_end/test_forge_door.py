"""The running product behind Forge: its events, its import type, its licence, its pages."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, expect

from sandbox.administrator import Member, member, run_import, save_settings
from sandbox.app_process import AppProcess
from sandbox.directory import generate
from sandbox.world import World
from tests.end_to_end.conftest import PEOPLE, Life
from tests.end_to_end.test_the_main_job import ASSETS_CALLS, SITE_CALLS, mine, owned, references
from tests.pages.framed_page import DESKTOP, FramedPage
from tests.pages.looks import cut_texts, sideways, violations
from tests.stand_ins.forge_build import bundle

pytestmark = [pytest.mark.live, pytest.mark.forge]

STORE = r"/forge/storage/kvs/v1/(get|set|delete|query)"


@pytest.fixture(scope="module")
def behind_forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """Installed by Forge, set up and imported, with the bundled pages."""
    folder = tmp_path_factory.mktemp("forge")
    assert bundle(folder / "pages", "--pages").returncode == 0
    world = World(generate(PEOPLE, 7), "forge", folder / "pages")
    world.start()
    with (folder / "log").open("w") as stream:
        app = AppProcess(world.environment(), stream)
        try:
            app.start()
            world.door.install()
            with member(world, world.site.cast.administrator) as admin:
                save_settings(admin, world.credentials)
                assert run_import(admin)["state"] == "succeeded"
            yield Life(world, app, folder / "log")
        finally:
            app.stop()
            world.stop()


@pytest.fixture
def boss(behind_forge: Life) -> Iterator[Member]:
    one = behind_forge.member(0)
    yield one
    one.close()


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4])
def test_each_person_sees_exactly_their_own(behind_forge: Life, number: int) -> None:
    one = behind_forge.member(number)
    found = mine(one)
    one.close()
    assert {asset["label"] for asset in found["assets"]} == owned(behind_forge, number)


def test_a_tick_brings_the_newest_token_and_is_written_once(behind_forge: Life) -> None:
    forge = behind_forge.world.forge
    forge.tokens.renew()
    assert forge.tick().needed().done
    (first,) = references(behind_forge)
    assert forge.tick().needed().done
    (second,) = references(behind_forge)
    assert second["site_token"] == first["site_token"]
    forge.tokens.renew()
    time.sleep(1.1)  # a token's `exp` is in seconds, and only a later one is newer
    forge.tick()
    (third,) = references(behind_forge)
    assert third["site_token"] != first["site_token"]


def test_a_minor_hiccup_of_an_event_has_one_effect(behind_forge: Life) -> None:
    forge = behind_forge.world.forge
    (before,) = references(behind_forge)
    assert forge.upgrade().done
    assert forge.upgrade().done
    (after,) = references(behind_forge)
    assert after["generation"] == before["generation"]


def test_assets_starts_stops_and_asks_after_an_import(behind_forge: Life, boss: Member) -> None:
    world = behind_forge.world
    source = world.import_source
    ask: Callable[[str], Any] = lambda name: world.forge.import_call(  # noqa: E731 - a short word
        name, source.id, str(source.schema_id)
    )
    status = ask("status")
    assert (status.status, json.loads(status.content)) == (200, {"status": "READY"})
    before = len(boss.call("GET", "/api/imports")["runs"])
    assert not ask("start").reason
    runs = boss.call("GET", "/api/imports")["runs"]
    assert len(runs) == before + 1
    assert not ask("stop").reason
    deadline = time.monotonic() + 30
    while runs[0]["state"] in ("queued", "running") and time.monotonic() < deadline:
        time.sleep(0.2)
        runs = boss.call("GET", "/api/imports")["runs"]
    assert runs[0]["state"] in ("cancelled", "succeeded")


def test_without_a_licence_reading_stays_and_changes_stop(behind_forge: Life, boss: Member) -> None:
    forge = behind_forge.world.forge
    try:
        for state in ("inactive", "none"):
            forge.licence(state)
            refused = boss.ask("PUT", "/api/settings/consent", {"entra_import": True})
            assert (refused.status_code, refused.json()["type"][-8:]) == (403, "/licence")
            assert boss.ask("GET", "/api/settings").status_code == 200
            assert mine(boss)["total"] > 0
    finally:
        forge.licence("active")


def test_who_has_no_token_sees_theirs_but_administers_nothing(behind_forge: Life) -> None:
    forge = behind_forge.world.forge
    forge.customers_have_tokens = False
    customer = behind_forge.member(4)
    try:
        assert mine(customer)["total"] > 0
        assert customer.ask("GET", "/api/settings").status_code == 403
    finally:
        forge.customers_have_tokens = True
        customer.close()


def test_no_call_but_to_the_gateway_and_none_outside_the_contracts_table(
    behind_forge: Life,
) -> None:
    world = behind_forge.world
    site = f"/ex/jira/{world.site.cloud_id}"
    allowed = [(m, site + p) for m, p in (*SITE_CALLS, *ASSETS_CALLS)] + [("POST", STORE)]
    for call in world.assets.calls:
        assert any(
            re.fullmatch(p, call.path) and re.fullmatch(m, call.method) for m, p in allowed
        ), (call.method, call.path)
    own = {call.path for call in world.site.calls if not call.path.startswith(("/jira", "/frame"))}
    assert own <= {"/_edge/tenant_info"}
    assert not world.assets.slips


def test_no_secret_and_no_person_is_in_the_log(behind_forge: Life) -> None:
    text = behind_forge.log.read_text()
    given = behind_forge.world.credentials
    canaries = [given.client_secret, given.email, "eyJ", *behind_forge.world.site.users]
    assert text.count('"event": "request"') >= 6
    assert [canary for canary in canaries if canary in text] == []


# --- pages


@pytest.fixture
def jira(chromium: Browser, behind_forge: Life) -> Iterator[FramedPage]:
    size = {"width": DESKTOP[0], "height": DESKTOP[1]}
    context = chromium.new_context(viewport=size, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(20_000)
    made = FramedPage(cast("Any", behind_forge.world.site), context, context.new_page())
    yield made
    context.close()
    assert made.errors == []


@pytest.mark.browser
@pytest.mark.parametrize("number", [1, 4])
def test_a_person_sees_theirs_in_the_frame(
    behind_forge: Life, jira: FramedPage, number: int
) -> None:
    cast_ = behind_forge.world.site.cast
    account = (cast_.administrator, *cast_.employees, cast_.customer)[number]
    inside = jira.open("my-assets" if number < 4 else "my-assets-portal", person=account)
    expect(inside.locator("[aria-busy]")).to_have_count(0)
    for label in owned(behind_forge, number):
        expect(inside.get_by_text(label, exact=True).first).to_be_visible()
    assert violations(jira.frame) == []
    assert cut_texts(jira.frame) == []
    assert sideways(jira.frame) <= 0
    jira.theme("dark")
    assert violations(jira.frame) == []


@pytest.mark.browser
def test_an_administrator_starts_an_import_and_sees_it_run_to_its_end(
    behind_forge: Life, jira: FramedPage
) -> None:
    inside = jira.open("admin", person=behind_forge.world.site.cast.administrator)
    start = inside.get_by_role("button", name="Import everything")
    expect(start).to_be_visible()
    ended = inside.locator("table").first.get_by_text("Done")
    before = ended.count()
    start.click()
    expect(ended).to_have_count(before + 1, timeout=60_000)
    assert violations(jira.frame) == []


@pytest.mark.browser
def test_an_employee_is_told_that_the_page_is_for_administrators(
    behind_forge: Life, jira: FramedPage
) -> None:
    inside = jira.open("admin", person=behind_forge.world.site.cast.employees[0])
    expect(inside.get_by_text("administrator", exact=False).first).to_be_visible()
    expect(inside.get_by_role("button", name="Import everything")).to_have_count(0)


# --- and the end


def test_a_reinstall_has_to_be_set_up_again_and_sees_nothing_old(behind_forge: Life) -> None:
    world = behind_forge.world
    (before,) = references(behind_forge)
    world.door.uninstall()
    (gone,) = references(behind_forge)
    assert gone["state"]["S"] == "uninstalled"
    assert "site_token" not in gone
    world.door.install()
    (after,) = references(behind_forge)
    assert after["instance_id"] == before["instance_id"]
    assert after["installation_id"] != before["installation_id"]
    assert after["generation"] != before["generation"]
    with member(world, world.site.cast.administrator) as admin:
        state = admin.call("GET", "/api/settings")
        assert {part: one["set"] for part, one in state.items() if one["set"]} == {}
        answer = admin.ask("GET", "/api/my-assets")
        assert (answer.status_code, answer.json()["type"][-15:]) == (409, "/not-configured")
        save_settings(admin, world.credentials)
        assert run_import(admin)["state"] == "succeeded"
