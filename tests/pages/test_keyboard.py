"""Both pages by keyboard alone: everything is reached, seen to be reached, and works."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Frame, expect

from tests.pages import answers
from tests.pages.app_stub import AppStub
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser

FOCUSED = """
() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  return {
    name: one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent,
    tag: one.tagName,
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    onScreen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
  };
}
"""
REACHABLE = """
() => [...document.querySelectorAll('button, input, select, textarea, a[href], progress')]
  .filter((one) => one.checkVisibility() && one.tagName !== 'PROGRESS').length
"""


IS_FOCUSED = "(one) => one === document.activeElement"


def walk(framed: FramedPage, frame: Frame, most: int = 200) -> list[dict[str, object]]:
    """Tab from the first thing in the page to the last; what had the focus on the way."""
    frame.evaluate("() => document.getElementById('page').focus()")
    met: list[dict[str, object]] = []
    for _ in range(most):
        framed.page.keyboard.press("Tab")
        if not frame.evaluate("() => document.hasFocus() && document.activeElement.id !== 'page'"):
            break
        if frame.evaluate("() => document.activeElement === document.body"):
            break
        met.append(frame.evaluate(FOCUSED))
    return met


def check(met: list[dict[str, object]], at_least: int) -> None:
    assert len(met) >= at_least
    assert [one for one in met if not (one["ring"] and one["onScreen"] and one["name"])] == []


def test_my_assets_is_walked_by_keyboard(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(7)
    frame = framed.frame
    met = walk(framed, frame)
    check(met, int(frame.evaluate(REACHABLE)))
    inside.locator(".row-open").first.focus()
    framed.page.keyboard.press("Enter")
    expect(inside.locator(".row-details").first).to_be_visible()
    framed.page.keyboard.press("Space")
    expect(inside.locator(".row-details").first).to_be_hidden()


def test_the_administration_is_walked_by_keyboard(app: AppStub, framed: FramedPage) -> None:
    app.states = answers.nothing_set()
    inside = framed.open("admin")
    expect(inside.locator(".history")).to_be_visible()
    frame = framed.frame
    check(walk(framed, frame), int(frame.evaluate(REACHABLE)))


def test_a_part_is_set_up_by_keyboard_alone(app: AppStub, framed: FramedPage) -> None:
    app.states = answers.nothing_set()
    inside = framed.open("admin")
    expect(inside.locator(".history")).to_be_visible()
    framed.frame.evaluate("() => document.getElementById('page').focus()")
    keys = framed.page.keyboard
    keys.press("Tab")  # the way through setting up begins with the first thing to do
    keys.press("Enter")
    expect(inside.locator(".part-open").first).to_be_focused()
    keys.press("Tab")
    keys.type("ines@contoso.example")
    keys.press("Tab")
    keys.type("token-123456789")
    keys.press("Enter")
    expect(inside.locator(".part").first).to_contain_text("Saved. It holds from now on.")
    for _ in range(5):
        keys.press("Tab")
        if inside.get_by_role("button", name="Continue: Connect Entra ID").evaluate(IS_FOCUSED):
            break
    keys.press("Enter")
    expect(inside.locator(".part-open").nth(1)).to_be_focused()
    expect(inside.locator(".part-open").nth(1)).to_have_attribute("aria-expanded", "true")


def test_the_administration_has_names_and_levels_for_a_screen_reader(
    app: AppStub, framed: FramedPage
) -> None:
    app.states, app.runs = answers.nothing_set(), []
    inside = framed.open("admin")
    expect(inside.locator(".imports p.subtle").first).to_be_visible()
    expect(inside.get_by_role("heading", level=1)).to_have_text("My Assets: Administration")
    regions = ("Set up My Assets", "Import", "People who left and still hold assets")
    for name in (*regions, "What is kept where"):
        expect(inside.get_by_role("region", name=name, exact=True)).to_be_visible()
    guide = inside.get_by_role("region", name="Set up My Assets")
    expect(guide.get_by_role("list").first.get_by_role("listitem")).to_have_count(7)
    levels = "() => [...document.querySelectorAll('h1, h2, h3')].map((h) => Number(h.tagName[1]))"
    found = framed.frame.evaluate(levels)
    assert all(after - before <= 1 for before, after in pairwise(found))
    for button in inside.get_by_role("button").all():
        expect(button).to_have_accessible_name(re.compile(r"\w"))


def test_the_tree_a_screen_reader_hears_has_names_and_levels(
    app: AppStub, framed: FramedPage
) -> None:
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(7)
    expect(inside.get_by_role("main")).to_be_visible()
    expect(inside.get_by_role("heading", level=1)).to_have_text("My Assets")
    expect(inside.get_by_role("search", name="My Assets")).to_be_visible()
    expect(inside.get_by_role("region", name="Your assets")).to_be_visible()
    expect(inside.locator("#announcements")).to_contain_text("7 assets")


def test_a_problem_is_reported_by_keyboard_alone(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(7)
    keys = framed.page.keyboard
    inside.get_by_role("button", name="NB-JOERG-01", exact=True).focus()
    keys.press("Enter")
    opener = inside.get_by_role("button", name="Report a problem with NB-JOERG-01")
    for _ in range(6):
        keys.press("Tab")
        if opener.evaluate(IS_FOCUSED):
            break
    keys.press("Enter")
    keys.type("The screen stays black")
    keys.press("Tab")
    keys.type("Since this morning")
    keys.press("Tab")
    keys.press("Enter")
    expect(inside.get_by_role("link", name="Open HELP-1")).to_be_visible()
    expect(opener).to_be_focused()
    keys.press("Tab")
    expect(inside.get_by_role("link", name="Open HELP-1")).to_be_focused()


def test_what_opens_in_place_has_names_for_a_screen_reader(
    app: AppStub, framed: FramedPage
) -> None:
    inside = framed.open()
    inside.get_by_role("button", name="NB-JOERG-01", exact=True).click()
    inside.get_by_role("button", name="Report a problem with NB-JOERG-01").click()
    form = inside.get_by_role("form", name="Report a problem with NB-JOERG-01")
    expect(form.get_by_role("textbox")).to_have_count(2)
    expect(form.get_by_role("textbox", name="What is wrong?")).to_have_attribute("required", "")
    expect(inside.get_by_role("group", name="Export").get_by_role("button")).to_have_count(2)
    inside.locator(".counts summary").click()
    table = inside.get_by_role("table", name="Your assets by type")
    expect(table.get_by_role("columnheader")).to_have_text(["Type", "Number"])
    inside.get_by_text("Columns", exact=True).click()
    expect(inside.get_by_role("group", name="Columns").get_by_role("checkbox")).not_to_have_count(0)
