"""The running product as people meet it: in Jira's iframe, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.end_to_end.conftest import Life
from tests.end_to_end.test_the_main_job import mine
from tests.pages.administration import part
from tests.pages.framed_page import DESKTOP, FramedPage
from tests.pages.looks import cut_texts, picture, sideways, violations

pytestmark = [pytest.mark.live, pytest.mark.browser]


@pytest.fixture
def jira(chromium: Browser, life: Life) -> Iterator[FramedPage]:
    size = {"width": DESKTOP[0], "height": DESKTOP[1]}
    context = chromium.new_context(viewport=size, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(20_000)
    made = FramedPage(cast("Any", life.world.site), context, context.new_page())
    yield made
    context.close()
    assert made.errors == []


def account(life: Life, number: int) -> str:
    cast_ = life.world.site.cast
    return (cast_.administrator, *cast_.employees, cast_.customer)[number]


@pytest.mark.parametrize("number", [1, 2])
def test_an_employee_sees_exactly_their_own_assets(
    life: Life, jira: FramedPage, number: int
) -> None:
    one = life.member(number)
    labels = {asset["label"] for asset in mine(one)["assets"]}
    one.close()
    inside = jira.open(person=account(life, number))
    expect(inside.locator("[aria-busy]")).to_have_count(0)
    for label in labels:
        expect(inside.get_by_text(label, exact=True).first).to_be_visible()
    expect(inside.get_by_text(f"{len(labels)} assets").first).to_be_visible()
    assert violations(jira.frame) == []
    assert cut_texts(jira.frame) == []
    assert sideways(jira.frame) <= 0
    picture(jira.page, f"demo-my-assets-{number}")
    jira.theme("dark")
    assert violations(jira.frame) == []


def test_who_owns_nothing_is_told_what_to_do(life: Life, jira: FramedPage) -> None:
    inside = jira.open(person=account(life, 3))
    expect(inside.get_by_text("nothing", exact=False).first).to_be_visible()
    assert violations(jira.frame) == []


def test_a_portal_customer_sees_theirs(life: Life, jira: FramedPage) -> None:
    inside = jira.open("my-assets-portal", person=account(life, 4))
    expect(inside.get_by_text("EliteBook 840").or_(inside.get_by_text("HW-")).first).to_be_visible()


def test_an_administrator_starts_an_import_and_sees_it_run_to_its_end(
    life: Life, jira: FramedPage
) -> None:
    inside = jira.open("admin", person=account(life, 0))
    start = inside.get_by_role("button", name="Import everything")
    expect(start).to_be_visible()
    ended = inside.locator("table.history:not(.records)").get_by_text("Done", exact=True)
    expect(ended.first).to_be_visible()
    before = ended.count()
    start.click()
    expect(inside.get_by_role("progressbar").first).to_be_visible()
    picture(jira.page, "demo-import-running")
    expect(ended).to_have_count(before + 1, timeout=60_000)
    expect(start).to_be_visible()
    assert violations(jira.frame) == []
    jira.frame.evaluate("() => scrollTo(0, 0)")
    picture(jira.page, "demo-administration")


def test_an_administrator_is_told_of_a_wrong_secret_at_its_field(
    life: Life, jira: FramedPage
) -> None:
    inside = jira.open("admin", person=account(life, 0))
    inside.get_by_role("button", name="Connect Entra ID").first.click()
    inside.get_by_label("Client secret").fill("not-the-secret-value")
    inside.locator(".part").filter(has_text="Connect Entra ID").get_by_role(
        "button", name="Save", exact=True
    ).click()
    expect(inside.get_by_text("secret", exact=False).filter(has_text="value").first).to_be_visible()
    one = life.member(0)
    state = one.call("GET", "/api/settings")["entra"]
    one.close()
    assert state["set"] is True
    assert state["client_secret"]["hint"] != "…alue"


def test_a_save_shows_what_the_check_would_warn_of(life: Life, jira: FramedPage) -> None:
    inside = jira.open("admin", person=account(life, 0))
    inside.get_by_role("button", name="Connect Entra ID").first.click()
    inside.locator(".part").filter(has_text="Connect Entra ID").get_by_role(
        "button", name="Save", exact=True
    ).click()
    expect(inside.get_by_text("was kept and not checked again").first).to_be_visible()


def test_an_administrator_sees_as_an_employee_what_a_draft_hides_and_then_saves_it(
    life: Life, jira: FramedPage
) -> None:
    one = life.member(1)
    before = mine(one)["assets"]
    kind = before[0]["object_type"]["name"]
    gone = [asset["label"] for asset in before if asset["object_type"]["name"] == kind]
    name = life.world.site.people.users[account(life, 1)].display_name
    inside = jira.open("admin", person=account(life, 0))
    sees = part(inside, "Who sees what")
    sees.get_by_role("searchbox", name="See it as").fill(name)
    sees.locator(".results button", has_text=name).first.click()
    expect(sees.locator(".trial-rows > li")).to_have_count(min(len(before), 8))
    hidden = sees.get_by_role("group", name="Hidden types")
    hidden.get_by_role("searchbox").fill(kind)
    hidden.get_by_role("button", name=f"Add {kind}").first.click()
    expect(sees.locator(".trial-leaving")).to_have_count(len(gone))
    expect(sees.locator(".trial-types")).to_contain_text("no longer shown to somebody")
    assert violations(jira.frame) == []
    sees.locator(".trial").scroll_into_view_if_needed()
    picture(jira.page, "demo-visibility")
    assert mine(one)["assets"] == before, "nothing is saved yet"
    sees.get_by_role("button", name="Save", exact=True).click()
    expect(sees).to_contain_text("Saved. It holds from now on.")
    left = [asset["label"] for asset in mine(one)["assets"]]
    assert sorted(left + gone) == sorted(asset["label"] for asset in before)
    sees.get_by_role("button", name="Back to the standard rules").click()
    sees.get_by_role("button", name="Yes, use the standard rules").click()
    expect(sees.locator(".part-open .lozenge")).to_have_text("Standard rules")
    assert mine(one)["assets"] == before
    one.close()
    assert name not in life.log.read_text()


def test_an_employee_on_the_administrators_page_is_told_whom_to_ask(
    life: Life, jira: FramedPage
) -> None:
    inside = jira.open("admin", person=account(life, 1))
    expect(inside.get_by_text("administrator", exact=False).first).to_be_visible()
    expect(inside.locator("form")).to_have_count(0)


def test_no_cookie_no_storage_and_no_foreign_request(life: Life, jira: FramedPage) -> None:
    inside = jira.open(person=account(life, 1))
    expect(inside.locator("[aria-busy]")).to_have_count(0)
    assert jira.context.cookies() == []
    kept = "() => localStorage.length + sessionStorage.length"
    assert jira.frame.evaluate(kept) == 0
    hosts = {urlsplit(request.url).netloc for request in jira.requests if request.url[:4] == "http"}
    own = {urlsplit(life.world.app_base_url).netloc, urlsplit(life.world.site.base_url).netloc}
    assert hosts <= own


def test_where_reports_go_is_chosen_from_what_jira_offers(life: Life, jira: FramedPage) -> None:
    inside = jira.open("admin", person=account(life, 0))
    inside.get_by_role("button", name="Problem reports", exact=False).first.click()
    inside.get_by_label("Service desk").select_option("IT help")
    inside.get_by_label("Request type").select_option("Report a problem with an asset")
    inside.get_by_label("Field for the asset").select_option("Affected asset")
    part = inside.locator("#requests")
    part.get_by_role("button", name="Check without saving").click()
    expect(part.get_by_text("Everything works")).to_be_visible()


def test_a_wrong_tenant_is_told_at_its_field_in_the_readers_language(
    life: Life, jira: FramedPage
) -> None:
    inside = jira.open("admin", person=account(life, 0), loc="de_DE")
    inside.get_by_role("button", name="Entra ID verbinden").first.click()
    part = inside.locator("#entra")
    tenant = part.get_by_label("Verzeichnis-ID (Mandant)")
    tenant.fill("00000000-1111-4000-8000-000000000000")
    part.get_by_role("button", name="Speichern", exact=True).click()
    expect(tenant).to_have_accessible_description(re.compile("haben Sie den geheimen"))
    part.get_by_label("Geheimer Clientschlüssel").fill("a-secret-of-another-tenant")
    part.get_by_role("button", name="Speichern", exact=True).click()
    expect(tenant).to_have_accessible_description(
        re.compile("Ein solches Verzeichnis gibt es nicht")
    )
    assert violations(jira.frame) == []
