"""Unsaved visibility rules tried out in the browser: live, by keyboard, said aloud, and whole."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Locator, expect

from sandbox.http import Fault
from tests.pages import answers
from tests.pages.administration import last_body, part
from tests.pages.app_stub import AppStub
from tests.pages.drafts_stub import DRAFTS, NOTHING, some_effect, some_preview
from tests.pages.framed_page import FramedPage
from tests.pages.looks import look

pytestmark = pytest.mark.browser
PEOPLE, PREVIEW, EFFECT = DRAFTS


def opened(framed: FramedPage, **more: Any) -> tuple[FrameLocator, Locator]:
    inside = framed.open("admin", **more)
    sees = part(inside, "Wer was sieht" if more.get("loc") == "de_DE" else "Who sees what")
    expect(sees.locator(".trial-rows > li").first).to_be_visible()
    return inside, sees


def edit(app: AppStub, sees: Locator) -> None:
    """Hide phones; the app then says what that would do."""
    app.effects, app.previews = [some_effect()], [some_preview()]
    sees.get_by_role("button", name="Find types").first.click()
    sees.get_by_role("button", name="Add Phone").click()
    expect(sees.locator(".trial-types > li")).to_have_count(3)


def tried(app: AppStub, path: str) -> list[Any]:
    return [body for method, at, body in app.bodies if (method, at) == ("POST", path)]


def test_nothing_is_asked_before_the_part_is_opened(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    expect(inside.locator(".part").first).to_be_visible()
    assert tried(app, EFFECT) == tried(app, PREVIEW) == []
    sees = part(inside, "Who sees what")
    expect(sees.locator(".trial")).to_contain_text("Nobody would see anything else than now.")
    expect(sees.locator(".trial-rows > li").first).to_be_visible()
    assert [body["person"] for body in tried(app, PREVIEW)] == [None]


def test_an_edit_is_tried_out_once_it_rests_and_is_said_aloud(
    app: AppStub, framed: FramedPage
) -> None:
    inside, sees = opened(framed)
    before = len(tried(app, EFFECT))
    edit(app, sees)
    effect, preview = (sees.get_by_role("region", name=name) for name in (
        "If you save this", "What one person would see"))  # fmt: skip
    expect(effect).to_contain_text("at least 1,204")
    expect(effect).to_contain_text("3,000 of 41,200 assets with an owner were looked at.")
    expect(effect).to_contain_text("No longer shown: Manufacturer and Office location.")
    expect(preview.locator(".trial-leaving")).to_have_count(2)
    expect(preview.locator(".trial-leaving").first).to_contain_text("Its type, or one above it")
    expect(inside.locator("#announcements")).to_contain_text("1,204 people lose assets.")
    expect(inside.locator("#announcements")).to_contain_text("Seen as you: 5 assets.")
    assert len(tried(app, EFFECT)) == before + 1
    sent = last_body(app, "POST", EFFECT)
    assert isinstance(sent, dict)
    assert sent["hidden_object_types"] == ["12"]
    assert last_body(app, "POST", PREVIEW) == {"person": None, "visibility": sent}
    assert app.calls_to("PUT", ".*") == []


def test_an_answer_that_was_overtaken_is_never_shown(app: AppStub, framed: FramedPage) -> None:
    _, sees = opened(framed)
    app.fail_next("POST", EFFECT, Fault.hang(20))
    with framed.page.expect_request(f"**{EFFECT}"):  # the first question leaves and hangs
        sees.get_by_label("Customers of the portal see theirs too").uncheck()
        expect(sees.locator(".trial-busy").first).to_have_text("Looking at your Assets…")
    app.effects = [some_effect()]
    sees.get_by_label("Customers of the portal see theirs too").check()
    expect(sees.locator(".trial-types > li")).to_have_count(3)
    expect(sees.locator(".trial-busy").first).to_be_empty()


def test_it_is_seen_as_somebody_else_found_by_name(app: AppStub, framed: FramedPage) -> None:
    inside, sees = opened(framed)
    effects = len(tried(app, EFFECT))
    box = sees.get_by_role("searchbox", name="See it as")
    box.fill("jö")
    expect(sees.get_by_role("button", name="Jörg Hürlimann")).to_contain_text("jh@contoso.example")
    framed.page.keyboard.press("Tab")
    framed.page.keyboard.press("Enter")
    expect(sees.locator(".trial-who")).to_have_text("Seen as Jörg Hürlimann")
    expect(box).to_be_focused()
    expect(sees).to_contain_text("Values are covered")
    expect(inside.locator("#announcements")).to_contain_text("Seen as Jörg Hürlimann: 5 assets.")
    assert tried(app, PREVIEW)[-1]["person"] == "a-1"
    assert len(tried(app, EFFECT)) == effects, "who is looked as changes no number"
    expect(sees.locator(".part-open .lozenge")).to_have_text("Set up")
    addresses = [call.url for call in framed.requests]
    assert not any("J%C3%B6" in url or "a-1" in url for url in addresses)
    sees.get_by_role("button", name="See it as yourself").click()
    expect(sees.locator(".trial-who")).to_have_text("Seen as you")
    box.fill("nobody")
    expect(sees).to_contain_text("Jira knows nobody of this name or address.")


def test_markup_in_a_name_stays_a_name(app: AppStub, framed: FramedPage) -> None:
    _, sees = opened(framed)
    sees.get_by_role("searchbox", name="See it as").fill("<img")
    sees.locator(".results button", has_text="<img").click()
    expect(sees.locator(".trial-who")).to_contain_text("<script>alert(1)</script>")
    assert framed.frame.title() != "1"


def test_columns_begin_with_what_is_shown_and_move_by_buttons(
    app: AppStub, framed: FramedPage
) -> None:
    inside, sees = opened(framed)
    columns = sees.get_by_role("group", name="Attributes shown, by type")
    columns.get_by_role("button", name="Find types").click()
    columns.get_by_role("button", name="Add Phone").click()
    phone = columns.get_by_role("group", name="Phone")
    expect(phone.get_by_role("listitem")).to_have_count(3)
    phone.get_by_role("button", name="Move Owner up").click()
    expect(phone.get_by_role("button", name="Move Owner up")).to_be_focused()
    expect(inside.locator("#announcements")).to_contain_text("Owner is now 2 of 3.")
    framed.page.keyboard.press("Enter")
    phone.get_by_role("button", name="Remove Model").focus()
    framed.page.keyboard.press("Enter")
    expect(phone.get_by_role("button", name="Remove Serial Number")).to_be_focused()
    phone.get_by_role("button", name="Show Model too").click()
    expect(phone.get_by_role("button", name="Remove Model")).to_be_focused()
    sees.get_by_role("button", name="Save", exact=True).click()
    expect(sees).to_contain_text("Saved. It holds from now on.")
    body = last_body(app, "PUT", "/api/settings/visibility")
    assert isinstance(body, dict)
    assert body["columns"]["12"] == ["Owner", "Serial Number", "Model"]


def test_what_was_saved_is_what_is_compared_with_from_then_on(
    app: AppStub, framed: FramedPage
) -> None:
    _, sees = opened(framed)
    edit(app, sees)
    app.effects = [NOTHING]
    sees.get_by_role("button", name="Save", exact=True).click()
    expect(sees).to_contain_text("Saved. It holds from now on.")
    expect(sees.locator(".trial")).to_contain_text("Nobody would see anything else than now.")


def test_unfinished_rules_and_failures_are_told_and_lose_no_edit(
    app: AppStub, framed: FramedPage
) -> None:
    _, sees = opened(framed)
    for path in (EFFECT, PREVIEW):
        wrong = [{"field": "owner_rules.2.attribute", "message": "This is too short."}]
        app.fail_next("POST", path, Fault.refuse(422, answers.problem("", 422, problems=wrong)))
    sees.get_by_role("button", name="Add a rule").click()
    expect(sees.locator(".trial")).to_contain_text("Something in the rules is not complete yet.")
    for path in (EFFECT, PREVIEW):
        app.fail_next("POST", path, Fault.refuse(503, answers.problem("", 503)))
    sees.get_by_label("Attribute", exact=True).last.fill("Used by")
    expect(sees.locator(".trial").get_by_role("alert").first).to_be_visible()
    sees.locator(".trial").get_by_role("button", name="Try again").first.click()
    expect(sees.locator(".trial")).to_contain_text("Nobody would see anything else than now.")
    expect(sees.get_by_label("Attribute", exact=True).last).to_have_value("Used by")


def test_whoever_may_not_enter_is_told_so(app: AppStub, framed: FramedPage) -> None:
    _, sees = opened(framed)
    closed = {**some_preview(), "allowed": False, "assets": [], "total": 0, "two_persons": True}
    app.previews = [closed]
    sees.get_by_label("Customers of the portal see theirs too").uncheck()
    expect(sees.locator(".trial")).to_contain_text("could not any more")
    expect(sees.locator(".trial")).to_contain_text("neither of them is")


def test_the_editor_is_whole_and_accessible(app: AppStub, framed: FramedPage) -> None:
    _, sees = opened(framed)
    edit(app, sees)
    sees.get_by_role("searchbox", name="See it as").fill("j")
    expect(sees.get_by_role("button", name="Jörg Hürlimann")).to_be_visible()
    look(framed, "admin-visibility")


def test_the_editor_in_german_and_from_right_to_left(app: AppStub, framed: FramedPage) -> None:
    inside, sees = opened(framed, loc="de_DE")
    app.effects, app.previews = [some_effect()], [some_preview()]
    sees.get_by_label("Auch wer nur das Portal benutzt, sieht das Eigene").uncheck()
    expect(sees.locator(".trial")).to_contain_text("mindestens 1.204")
    expect(sees.locator(".trial")).to_contain_text("Nicht mehr gezeigt: Manufacturer und Office")
    inside.locator("html").evaluate("html => html.dir = 'rtl'")
    look(framed, "admin-visibility-rtl")
