"""My Assets in the browser: what a person finds, and what they are told when there is nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from sandbox.http import Fault
from tests.pages import answers
from tests.pages.app_stub import AppStub
from tests.pages.fake_site import CUSTOMER
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser


def test_the_rows_and_their_number_are_shown(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(7)
    expect(inside.locator(".list-status")).to_have_text("7 assets · As of 21 Nov 2026, 10:30")
    expect(inside.get_by_role("button", name="NB-JOERG-01")).to_be_visible()


def test_a_portal_customer_opens_the_same_page(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("my-assets-portal", person=CUSTOMER)
    expect(inside.locator(".row")).to_have_count(7)


def test_a_row_opens_in_place_with_everything(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    opener = inside.get_by_role("button", name="NB-JOERG-01", exact=True)
    opener.click()
    expect(opener).to_have_attribute("aria-expanded", "true")
    details = inside.get_by_role("region", name="Details of NB-JOERG-01")
    expect(details).to_contain_text("OS version")
    expect(details).to_contain_text("DEV-1")
    opener.click()
    expect(details).to_be_hidden()


def test_a_serial_number_is_copied(app: AppStub, framed: FramedPage) -> None:
    framed.context.grant_permissions(["clipboard-read", "clipboard-write"])
    inside = framed.open()
    pressed = inside.get_by_role("button", name="Copy Serial Number").first
    pressed.click()
    expect(pressed).to_have_text("Copied")
    expect(inside.locator("#announcements")).to_have_text(re.compile("Serial Number copied"))
    assert framed.page.evaluate("navigator.clipboard.readText()") == "FKN14-000003"


def test_the_search_waits_for_a_pause_and_asks_once(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(7)
    inside.get_by_label("Search").press_sequentially("phone", delay=20)
    expect(inside.locator(".row")).to_have_count(2)
    searches = [
        call.query for call in app.calls_to("GET", "/api/my-assets") if "search" in call.query
    ]
    assert searches == ["search=phone&sort=label"]


def test_filters_offer_what_was_seen_and_narrow(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    kind = inside.get_by_label("Type", exact=True)
    expect(kind.locator("option")).to_have_text(
        ["All types", "Notebook", "Phone", "Software licence"]
    )
    kind.select_option("Phone")
    expect(inside.locator(".row")).to_have_count(2)
    kind.select_option("")
    inside.get_by_label("Schema").select_option("Software")
    expect(inside.locator(".row")).to_have_count(1)


def test_sorting_by_type_puts_rows_under_headings(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    inside.get_by_label("Sort by").select_option("Type")
    expect(inside.locator("h2.rows-type")).to_have_text(["Notebook", "Phone", "Software licence"])


def test_show_more_adds_rows_and_moves_the_focus_to_them(app: AppStub, framed: FramedPage) -> None:
    app.assets = answers.many(70)
    inside = framed.open()
    expect(inside.locator(".list-status")).to_contain_text("Showing 50 of 70 assets")
    inside.get_by_role("button", name="Show more").click()
    expect(inside.locator(".row")).to_have_count(70)
    expect(inside.locator(".row-open").nth(50)).to_be_focused()
    expect(inside.get_by_role("button", name="Show more")).to_have_count(0)


def test_a_stretch_without_a_row_is_not_taken_for_nothing(app: AppStub, framed: FramedPage) -> None:
    app.assets, app.empty_until = answers.many(130), 100
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(30)
    asked = [call.query for call in app.calls_to("GET", "/api/my-assets")]
    assert [("cursor" in query) for query in asked] == [False, True, True]


def test_when_the_rest_fails_the_rows_stay(app: AppStub, framed: FramedPage) -> None:
    app.assets = answers.many(70)
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(50)
    app.fail_next("GET", "/api/my-assets", Fault.refuse(502, answers.problem("", 502)))
    inside.get_by_role("button", name="Show more").click()
    expect(inside.get_by_role("alert")).to_contain_text("The rest could not be loaded")
    expect(inside.locator(".row")).to_have_count(50)
    inside.get_by_role("button", name="Try again").click()
    expect(inside.locator(".row")).to_have_count(70)


def test_markup_in_a_name_stays_text(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    expect(inside.get_by_text(answers.HOSTILE).first).to_be_visible()
    assert inside.locator("main img, main script, main a").count() == 0
    assert framed.frame.title() == "My Assets"


def test_a_value_of_a_megabyte_leaves_the_page_usable(app: AppStub, framed: FramedPage) -> None:
    app.assets = [answers.asset(1, "x" * 1_000_000, Model="y" * 1_000_000)]
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(1)
    assert len(inside.locator(".row-open").inner_text()) == 2001


def test_what_is_written_the_other_way_stays_with_its_name(
    app: AppStub, framed: FramedPage
) -> None:
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(7)
    inside.locator("html").evaluate("html => { html.dir = 'rtl'; }")
    edges = inside.locator(".row-facts .fact").evaluate_all("""facts => facts.map((fact) =>
      [fact, ...fact.querySelectorAll('dt, .value')].map((one) => {
        const range = document.createRange();
        range.selectNodeContents(one);
        return Math.round((one === fact ? fact : range).getBoundingClientRect().right);
      }))""")
    assert edges
    assert [one for one in edges if max(one) - min(one) > 1] == []


def test_a_long_value_is_told_in_short_until_its_row_is_open(
    app: AppStub, framed: FramedPage
) -> None:
    note = "Kept in the cupboard. " * 20
    app.assets = [answers.asset(1, "Notebook", Note=note)]
    inside = framed.open()
    glance = inside.locator(".row-facts .fact", has_text="Note").locator(".value")
    expect(glance).to_have_text(re.compile(r"^Kept in .{50,100}…$"))
    inside.get_by_role("button", name="Notebook").click()
    whole = inside.locator(".row-all .fact", has_text="Note").locator(".value")
    expect(whole).to_have_text(note.strip())


def test_german_words_dates_and_numbers(app: AppStub, framed: FramedPage) -> None:
    app.assets = answers.many(1_200)
    inside = framed.open(loc="de_DE")
    expect(inside.locator(".list-status")).to_have_text(
        "50 von 1.200 Assets · Stand: 21.11.2026, 10:30"
    )
    assert framed.frame.evaluate("document.documentElement.lang") == "de"


def test_an_unknown_language_is_shown_in_english(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open(loc="")
    expect(inside.get_by_label("Sort by")).to_be_visible()


def test_a_second_view_asks_for_the_page_and_the_rows_and_loads_no_file_again(
    app: AppStub, framed: FramedPage
) -> None:
    for _ in range(2):
        app.forget_calls()
        inside = framed.open()
        expect(inside.locator(".row")).to_have_count(7)
    asked = [call.path for call in app.calls if call.path != "/atlassian-connect.json"]  # Jira's
    assert sorted(asked) == ["/api/my-assets", "/pages/my-assets"]
