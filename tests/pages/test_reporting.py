"""Reporting a problem with an asset, and why something is shown or not, in the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import FrameLocator, expect

from sandbox.http import Fault
from tests.pages import answers
from tests.pages.app_stub import AppStub
from tests.pages.forge_page import ForgePage
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser

REPORT = "POST", "/api/my-assets/1/report"


def open_form(inside: FrameLocator) -> None:
    inside.get_by_role("button", name="NB-JOERG-01", exact=True).click()
    inside.get_by_role("button", name="Report a problem with NB-JOERG-01").click()
    expect(inside.get_by_label("What is wrong?")).to_be_focused()


def keys_sent(app: AppStub, framed: FramedPage) -> list[str]:
    sent = [one for one in framed.requests if one.url.endswith("/report")]
    return [one.headers["idempotency-key"] for one in sent]


def test_a_problem_is_reported_and_its_request_linked(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    open_form(inside)
    inside.get_by_label("What is wrong?").fill("The screen stays black")
    inside.get_by_label("More about it").fill("Since <b>this</b> morning")
    inside.get_by_role("button", name="Send").click()
    link = inside.get_by_role("link", name="Open HELP-1")
    expect(link).to_have_attribute("href", f"{app.site.base_url}/browse/HELP-1")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(inside.locator("#announcements")).to_contain_text("Your request HELP-1 was made")
    expect(inside.get_by_role("button", name="Report a problem with NB-JOERG-01")).to_be_focused()
    (made,) = app.reported.values()
    assert made["summary"] == "The screen stays black"
    assert made["description"] == "Since <b>this</b> morning"


def test_two_presses_at_once_are_one_request(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    open_form(inside)
    inside.get_by_label("What is wrong?").fill("Broken")
    inside.get_by_role("button", name="Send").dblclick()
    expect(inside.get_by_role("link", name="Open HELP-1")).to_be_visible()
    assert len(app.reported) == 1
    assert len(keys_sent(app, framed)) == 1


def test_a_lost_answer_is_asked_for_again_under_the_same_key(
    app: AppStub, framed: FramedPage
) -> None:
    inside = framed.open()
    open_form(inside)
    inside.get_by_label("What is wrong?").fill("Broken")
    app.fail_next(*REPORT, Fault.drop())
    inside.get_by_role("button", name="Send").click()
    expect(inside.get_by_role("alert")).to_contain_text("cannot be reached")
    inside.get_by_role("button", name="Try again").click()
    expect(inside.get_by_role("link", name="Open HELP-1")).to_be_visible()
    assert len(set(keys_sent(app, framed))) == 1


def test_another_text_is_another_press(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    open_form(inside)
    for turn, text in enumerate(("Broken", "Quite broken")):
        inside.get_by_label("What is wrong?").fill(text)
        if turn == 0:
            app.fail_next(*REPORT, Fault.refuse(409, answers.problem("", 409, detail="Not you.")))
        inside.get_by_role("button", name="Send").click()
        if turn == 0:
            expect(inside.get_by_role("alert")).to_contain_text("did not take your request")
            expect(inside.get_by_role("alert")).to_contain_text("Not you.")
    expect(inside.get_by_role("link", name="Open HELP-1")).to_be_visible()
    assert len(set(keys_sent(app, framed))) == 2


def test_an_unknown_outcome_says_to_look_first_and_offers_no_blind_repeat(
    app: AppStub, framed: FramedPage
) -> None:
    inside = framed.open()
    open_form(inside)
    inside.get_by_label("What is wrong?").fill("Broken")
    refused = answers.problem("outcome-unknown", 503)
    app.fail_next(*REPORT, Fault.refuse(503, refused))
    inside.get_by_role("button", name="Send").click()
    expect(inside.get_by_role("alert")).to_contain_text("Look at your requests")
    expect(inside.get_by_role("button", name="Try again")).to_have_count(0)
    inside.get_by_role("button", name="Send").click()
    expect(inside.get_by_role("link", name="Open HELP-1")).to_be_visible()
    assert len(set(keys_sent(app, framed))) == 2


def test_what_is_missing_is_named_at_its_field(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    open_form(inside)
    inside.get_by_role("button", name="Send").click()
    box = inside.get_by_label("What is wrong?")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(inside.locator(".field-problem").first).to_have_text("Say in a few words what is wrong.")
    named = [{"field": "description", "message": "Use at most 30000 characters."}]
    app.fail_next(*REPORT, Fault.refuse(422, answers.problem("", 422, problems=named)))
    box.fill("Broken")
    inside.get_by_role("button", name="Send").click()
    expect(inside.get_by_label("More about it")).to_be_focused()
    expect(inside.locator(".field-problem").nth(1)).to_have_text("Use at most 30000 characters.")


def test_escape_and_cancel_close_the_form_and_keep_the_place(
    app: AppStub, framed: FramedPage
) -> None:
    inside = framed.open()
    opener = inside.get_by_role("button", name="Report a problem with NB-JOERG-01")
    open_form(inside)
    framed.page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    opener.click()
    inside.get_by_role("button", name="Cancel").click()
    expect(opener).to_be_focused()
    assert app.reported == {}


def test_without_a_request_type_no_problem_can_be_reported(
    app: AppStub, framed: FramedPage
) -> None:
    app.reporting = False
    inside = framed.open()
    inside.get_by_role("button", name="NB-JOERG-01", exact=True).click()
    expect(inside.get_by_role("button", name="Why do I see this?")).to_be_visible()
    expect(inside.get_by_role("button", name="Report a problem")).to_have_count(0)


@pytest.mark.forge
def test_forge_opens_the_request_because_its_frame_may_not(app: AppStub, forge: ForgePage) -> None:
    page = forge.open()
    page.get_by_role("button", name="NB-JOERG-01", exact=True).click()
    page.get_by_role("button", name="Report a problem with NB-JOERG-01").click()
    page.get_by_label("What is wrong?").fill("Broken")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="Open HELP-1").click()
    expect(page.get_by_role("link", name="Open HELP-1")).to_be_visible()
    assert forge.opened == [f"{app.site.base_url}/browse/HELP-1"]
    assert len(app.reported) == 1


def test_why_an_asset_is_shown(app: AppStub, framed: FramedPage) -> None:
    app.explanations["DEV-1"] = {
        "visible": True,
        "reasons": [
            {"rule": "owner", "outcome": "yours_by_person"},
            {"rule": "access", "outcome": "allowed"},
        ],
    }
    inside = framed.open()
    inside.get_by_role("button", name="NB-JOERG-01", exact=True).click()
    inside.get_by_role("button", name="Why do I see this?").click()
    expect(inside.locator(".why li")).to_have_text(
        ["It is yours: it is assigned to the person you are in Assets."]
    )


def test_why_something_is_not_shown(app: AppStub, framed: FramedPage) -> None:
    hidden = {"rule": "hidden_object_type", "outcome": "hidden"}
    app.explanations["HW-9"] = {"visible": False, "reasons": [hidden]}
    inside = framed.open()
    inside.get_by_text("Why do I not see something?").click()
    inside.get_by_label("Key of the asset").fill(" hw-9 ")
    framed.page.keyboard.press("Enter")
    said = inside.locator(".why-missing li")
    expect(said).to_contain_text("your administrators hide things of its type")
    inside.get_by_label("Key of the asset").fill("HW-10")
    inside.get_by_role("button", name="Find out").click()
    expect(inside.locator(".why-missing")).to_contain_text("no asset of yours with this key")
    expect(said).to_have_count(0)
    expect(inside.locator("#announcements")).to_contain_text("no asset of yours")
