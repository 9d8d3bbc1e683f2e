"""Every page in every state, on phone and desktop, light and dark: whole, and clean for axe."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FrameLocator, expect

from sandbox.http import Fault
from tests.pages import answers
from tests.pages.app_stub import AppStub
from tests.pages.fake_site import ADMINISTRATOR, EMPLOYEE
from tests.pages.framed_page import FramedPage
from tests.pages.looks import WIDTHS, cut_texts, look, sideways, violations

pytestmark = pytest.mark.browser


def loading(app: AppStub) -> None:
    app.fail_next("GET", "/api/(my-assets|settings)", Fault.hang(20))


def empty(app: AppStub) -> None:
    app.assets, app.states, app.runs = [], answers.nothing_set(), []
    app.person = "unmatched"


def error(app: AppStub) -> None:
    refused = Fault.refuse(503, answers.problem("settings-unreadable", 503))
    app.fail_next("GET", "/api/(my-assets|settings)", refused)


def full(app: AppStub) -> None:
    app.person = "matched"


STATES: dict[str, tuple[Callable[[AppStub], None], str]] = {
    "loading": (loading, ".skeleton"),
    "empty": (empty, ".emptiness, .guide"),
    "error": (error, ".notice-error"),
    "full": (full, ".row, .history"),
}


@pytest.mark.parametrize("module", ["my-assets", "admin"])
@pytest.mark.parametrize("state", STATES)
def test_a_state_is_whole_and_accessible(
    app: AppStub, framed: FramedPage, module: str, state: str
) -> None:
    prepare, shown = STATES[state]
    prepare(app)
    inside = framed.open(module)
    expect(inside.locator(shown).first).to_be_visible()
    look(framed, f"{module}-{state}", everywhere=state == "full")


def opened_row(inside: FrameLocator) -> None:
    inside.locator(".row-open").first.click()
    inside.locator(".row-open").nth(2).click()


def report_open(inside: FrameLocator) -> None:
    inside.locator(".row-open").first.click()
    inside.get_by_role("button", name="Report a problem").click()
    inside.get_by_label("What is wrong?").fill("The screen stays black")
    inside.get_by_label("More about it").fill("Since this morning.")


def report_refused(inside: FrameLocator) -> None:
    report_open(inside)
    inside.get_by_label("What is wrong?").fill("")
    inside.get_by_role("button", name="Send").click()


def report_made(inside: FrameLocator) -> None:
    report_open(inside)
    inside.get_by_role("button", name="Send").click()
    expect(inside.get_by_role("link", name="Open HELP-1")).to_be_visible()


def counted(inside: FrameLocator) -> None:
    inside.get_by_text("How many of what").click()
    inside.get_by_label("Group by type").check()
    expect(inside.locator("h2.rows-type")).to_have_count(3)
    expect(inside.get_by_role("table", name="Your assets by type")).to_be_visible()
    inside.get_by_text("Columns", exact=True).click()


def asked_why(inside: FrameLocator) -> None:
    inside.get_by_text("Why do I not see something?").click()
    inside.get_by_label("Key of the asset").fill("HW-10")
    inside.get_by_role("button", name="Find out").click()
    expect(inside.locator(".why-missing")).to_contain_text("no asset of yours")


def every_part(inside: FrameLocator) -> None:
    for opener in inside.locator(".part-open").all():
        if opener.get_attribute("aria-expanded") == "false":
            opener.click()
    inside.get_by_role("button", name="Find types").first.click()
    expect(inside.locator(".results").nth(2)).to_be_visible()
    inside.get_by_label("Find a group by name").scroll_into_view_if_needed()


def refused_part(inside: FrameLocator) -> None:
    inside.get_by_role("button", name="Connect Entra ID").click()
    inside.get_by_role("button", name="Save", exact=True).click()
    expect(inside.get_by_role("alert")).to_be_visible()


def braked_run(inside: FrameLocator) -> None:
    inside.get_by_role("button", name="Let it go on …").click()
    inside.locator(".imports").scroll_into_view_if_needed()


OPENED: dict[str, tuple[str, Callable[[FrameLocator], None]]] = {
    "my-assets-details": ("my-assets", opened_row),
    "my-assets-report": ("my-assets", report_open),
    "my-assets-report-refused": ("my-assets", report_refused),
    "my-assets-report-made": ("my-assets", report_made),
    "my-assets-counts": ("my-assets", counted),
    "my-assets-why": ("my-assets", asked_why),
    "admin-every-part": ("admin", every_part),
    "admin-refused": ("admin", refused_part),
    "admin-braked": ("admin", braked_run),
}


@pytest.mark.parametrize("name", OPENED)
def test_what_opens_in_place_is_whole_and_accessible(
    app: AppStub, framed: FramedPage, name: str
) -> None:
    module, act = OPENED[name]
    missing = [{"field": "client_secret", "message": "Enter the secret again."}]
    app.refusals["entra"] = [*missing, {"field": "tenant_id", "message": "This is not an id."}]
    if name == "admin-braked":
        app.runs = [answers.run("r9", "braked", phase="checking"), *answers.past_runs()]
    inside = framed.open(module)
    expect(inside.locator(".row, .history").first).to_be_visible()
    act(inside)
    look(framed, name)


def test_an_error_inside_the_frame_is_whole_and_accessible(
    app: AppStub, framed: FramedPage
) -> None:
    app.problem_page = True
    inside = framed.open()
    expect(inside.get_by_role("heading", name="You are not allowed to do this")).to_be_visible()
    expect(inside.locator("main")).to_contain_text("Ask a Jira administrator")
    expect(inside.locator("code")).to_have_text("b7c1d2e3f4a59687")
    for size in WIDTHS.values():
        framed.width(size)
        assert [*cut_texts(framed.frame), *violations(framed.frame)] == []


@pytest.mark.parametrize("module", ["my-assets", "admin"])
def test_german_fits_on_a_phone_and_text_may_be_twice_as_large(
    app: AppStub, framed: FramedPage, module: str
) -> None:
    """320 px is what a 1280 px screen shows at 400 % (WCAG 1.4.10); 200 % is WCAG 1.4.4."""
    app.states = answers.nothing_set()
    framed.width((320, 640))
    inside = framed.open(module, loc="de_DE")
    expect(inside.locator(".row, .history").first).to_be_visible()
    frame = framed.frame
    assert [*cut_texts(frame), sideways(frame)] == [0]
    framed.width((700, 640))
    frame.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    assert [*cut_texts(frame), sideways(frame)] == [0]


def test_a_right_to_left_page_is_whole(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(7)
    frame = framed.frame
    frame.evaluate("() => { document.documentElement.dir = 'rtl'; }")
    for size in WIDTHS.values():
        framed.width(size)
        assert [*cut_texts(frame), sideways(frame)] == [0]


def test_the_hosts_colours_win_over_the_fallbacks(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(7)
    colour = "() => getComputedStyle(document.body).backgroundColor"
    assert framed.frame.evaluate(colour) == "rgb(255, 255, 255)"
    framed.theme("dark")
    assert framed.frame.evaluate(colour) == "rgb(31, 31, 33)"
    framed.frame.evaluate(
        "() => document.documentElement.style.setProperty('--ds-surface', 'rgb(1, 2, 3)')"
    )
    assert framed.frame.evaluate(colour) == "rgb(1, 2, 3)"


def test_nothing_moves_for_those_who_asked_for_calm(app: AppStub, framed: FramedPage) -> None:
    loading(app)
    inside = framed.open()
    expect(inside.locator(".skeleton span").first).to_be_visible()
    motion = "() => getComputedStyle(document.querySelector('.skeleton span')).animationName"
    assert framed.frame.evaluate(motion) == "none"


@pytest.mark.parametrize("person", [EMPLOYEE, ADMINISTRATOR])
def test_the_page_is_whole_for_each_person_of_the_switcher(
    app: AppStub, framed: FramedPage, person: str
) -> None:
    inside = framed.open(person=person)
    expect(inside.locator(".row")).to_have_count(7)
    framed.page.select_option("#person", ADMINISTRATOR if person == EMPLOYEE else EMPLOYEE)
    expect(inside.locator(".row")).to_have_count(7)
