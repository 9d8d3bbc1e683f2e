"""What My Assets says when there is nothing to show, or it cannot be shown."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sandbox.http import Fault
from tests.pages import answers
from tests.pages.app_stub import AppStub
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser


def test_nothing_yours_says_what_to_do(app: AppStub, framed: FramedPage) -> None:
    app.assets = []
    inside = framed.open()
    expect(inside.get_by_role("heading", name="Nothing is registered to you yet")).to_be_visible()
    expect(inside.locator("main")).to_contain_text("Ask your IT service desk")
    expect(inside.get_by_role("search")).to_be_hidden()


def test_nothing_found_offers_to_clear_the_filters(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    inside.get_by_label("Search").fill("no such thing")
    expect(inside.get_by_role("heading", name="Nothing of yours matches")).to_be_visible()
    inside.get_by_role("button", name="Clear search and filters").click()
    expect(inside.locator(".row")).to_have_count(7)
    expect(inside.get_by_label("Search")).to_be_focused()


def test_an_unmatched_person_without_assets_gets_a_hint(app: AppStub, framed: FramedPage) -> None:
    app.person, app.assets = "unmatched", []
    inside = framed.open()
    expect(inside.locator(".notice")).to_contain_text("could not find you among the people")
    expect(inside.get_by_role("heading", name="Nothing is registered to you yet")).to_be_visible()


@pytest.mark.parametrize("status", [200, 403])
def test_what_stands_for_the_rows_keeps_its_distance(
    app: AppStub, framed: FramedPage, status: int
) -> None:
    app.assets = []
    if status != 200:
        app.fail_next("GET", "/api/my-assets", Fault.refuse(status, answers.problem("", status)))
    inside = framed.open()
    told = inside.locator(".emptiness, .notice")
    expect(told).to_be_visible()
    above, below = inside.locator("p.lead").bounding_box(), told.bounding_box()
    assert above
    assert below
    assert below["y"] - (above["y"] + above["height"]) >= 12


def test_an_unmatched_person_who_sees_assets_gets_no_hint(app: AppStub, framed: FramedPage) -> None:
    app.person = "unmatched"
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(7)
    expect(inside.locator(".notice")).to_have_count(0)
    inside.get_by_label("Search").fill("no such thing")
    expect(inside.get_by_role("heading", name="Nothing of yours matches")).to_be_visible()
    expect(inside.locator(".notice")).to_have_count(0)


TOLD = {
    "open too long": (401, "", False),
    "Ask your Jira administrator to let you in": (403, "", False),
    "An administrator has to connect Assets first": (409, "not-configured", False),
    "cannot be opened": (503, "settings-unreadable", False),
    "wrong answer": (502, "", True),
    "cannot be reached": (503, "", True),
    "took too long": (504, "", True),
    "Something went wrong": (500, "", True),
}


def test_each_refusal_says_what_to_do(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(7)
    sort = inside.get_by_label("Sort by")
    for turn, (words, (status, kind, again)) in enumerate(TOLD.items()):
        refused = Fault.refuse(status, answers.problem(kind, status))
        app.fail_next("GET", "/api/my-assets", refused)
        sort.select_option(index=(turn + 1) % 2)
        expect(inside.get_by_role("alert")).to_contain_text(words)
        expect(inside.get_by_role("alert")).to_contain_text("b7c1d2e3f4a59687")
        expect(inside.get_by_role("button", name="Try again")).to_have_count(1 if again else 0)
    inside.get_by_role("button", name="Try again").click()
    expect(inside.locator(".row")).to_have_count(7)


def test_too_many_requests_are_repeated_after_the_wait(app: AppStub, framed: FramedPage) -> None:
    busy = Fault.refuse(429, answers.problem("", 429), {"Retry-After": "1"})
    app.fail_next("GET", "/api/my-assets", busy)
    inside = framed.open()
    expect(inside.get_by_role("alert")).to_contain_text("tried again by itself in 1 second")
    expect(inside.locator(".row")).to_have_count(7)


def test_a_broken_answer_and_a_dead_line_are_told_apart(app: AppStub, framed: FramedPage) -> None:
    app.fail_next("GET", "/api/my-assets", Fault.broken_json())
    inside = framed.open()
    expect(inside.get_by_role("alert")).to_contain_text("wrong answer")
    app.fail_next("GET", "/api/my-assets", Fault.drop(), times=9)
    inside.get_by_role("button", name="Try again").click()
    expect(inside.get_by_role("alert")).to_contain_text("Check your connection")


def test_a_blocked_connect_script_is_named(app: AppStub, framed: FramedPage) -> None:
    app.connect_script = f"{framed.site.base_url}/frame/no-such-script.js"
    inside = framed.open()
    expect(inside.get_by_role("alert")).to_contain_text("blocks a script from Atlassian")
