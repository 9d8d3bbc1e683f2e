"""Imports in the browser: starting, following, stopping, looking back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sandbox.http import Fault
from tests.pages import answers
from tests.pages.administration import last_body
from tests.pages.app_stub import AppStub
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser


def later(framed: FramedPage, seconds: float) -> None:
    """Let the page's own clock jump, so that nobody waits for its next look."""
    framed.page.clock.fast_forward(int(seconds * 1000))


def live(state: str, phase: str, done: int, **more: object) -> dict[str, object]:
    return answers.run("r9", state, phase=phase, progress={"done": done, "total": 10_000}, **more)


@pytest.mark.newcomer
def test_an_import_is_followed_to_its_end(app: AppStub, framed: FramedPage) -> None:
    app.coming = [live("running", "sending", 1_234)]
    framed.page.clock.install()
    inside = framed.open("admin")
    inside.get_by_role("button", name="Import everything").click()
    run = inside.get_by_role("group", name="The present import")
    expect(run).to_contain_text("Waiting")
    expect(inside.get_by_role("button", name="Import everything")).to_have_count(0)
    later(framed, 2)
    expect(run).to_contain_text("1,234 of 10,000")
    expect(run.get_by_role("progressbar")).to_have_js_property("value", 1234)
    expect(inside.locator("#announcements")).to_contain_text("Running")
    app.coming = [live("succeeded", "ended", 10_000)]
    later(framed, 2)
    expect(inside.get_by_role("group", name="The last import")).to_contain_text("Done")
    expect(run).to_have_count(0)
    expect(inside.get_by_role("button", name="Import everything")).to_be_visible()
    expect(inside.get_by_role("row")).to_have_count(6)
    assert last_body(app, "POST", "/api/imports") == {"mode": "full"}


@pytest.mark.newcomer
def test_a_preview_can_be_carried_out_as_it_is(app: AppStub, framed: FramedPage) -> None:
    app.coming = [live("succeeded", "ended", 10_000, mode="preview")]
    framed.page.clock.install()
    inside = framed.open("admin")
    inside.get_by_role("button", name="Preview", exact=True).click()
    expect(inside.get_by_role("group", name="The present import")).to_be_visible()
    later(framed, 2)
    inside.get_by_role("button", name="Do exactly this").click()
    expect(inside.get_by_role("button", name="Cancel the import")).to_be_visible()
    assert last_body(app, "POST", "/api/imports") == {"mode": "full", "preview": "r9"}


def test_a_preview_is_still_offered_after_a_reload(app: AppStub, framed: FramedPage) -> None:
    app.runs = [answers.run("r8", "succeeded", mode="preview"), *answers.past_runs()]
    inside = framed.open("admin")
    expect(inside.get_by_role("button", name="Do exactly this")).to_be_visible()


def test_a_braked_run_is_released_with_its_numbers(app: AppStub, framed: FramedPage) -> None:
    counts = {"create": 0, "update": 0, "unchanged": 0, "leavers": 1_500, "skipped": 0, "failed": 0}
    app.runs = [live("braked", "sending", 0, counts=counts), *answers.past_runs()]
    inside = framed.open("admin")
    run = inside.get_by_role("group", name="The present import")
    expect(run).to_contain_text("Nothing has been written.")
    expect(run).not_to_contain_text("Sending to Assets")
    expect(run).not_to_contain_text("of 10,000")
    inside.get_by_role("button", name="Let it go on …").click()
    expect(inside.get_by_text("would touch 1,500 objects")).to_be_visible()
    inside.get_by_role("button", name="Yes, 1,500 is right").click()
    expect(run).to_contain_text("Running")
    expect(run.get_by_role("heading")).to_be_focused()
    assert len(app.calls_to("POST", "/api/imports/r9/release")) == 1


def test_a_running_import_is_found_again_and_cancelled(app: AppStub, framed: FramedPage) -> None:
    app.runs = [live("running", "writing", 5_000), *answers.past_runs()]
    inside = framed.open("admin")
    inside.get_by_role("button", name="Cancel the import").click()
    inside.get_by_role("button", name="Yes, cancel it").click()
    run = inside.get_by_role("group", name="The last import")
    expect(run).to_contain_text("Cancelled")
    expect(run.get_by_role("heading")).to_be_focused()
    expect(inside.get_by_role("button", name="Import everything")).to_be_visible()


@pytest.mark.newcomer
def test_a_run_that_ends_under_the_focus_keeps_it_at_its_title(
    app: AppStub, framed: FramedPage
) -> None:
    app.runs = [live("running", "writing", 5_000)]
    framed.page.clock.install()
    inside = framed.open("admin")
    inside.get_by_role("button", name="Cancel the import").focus()
    app.coming = [live("succeeded", "ended", 10_000)]
    later(framed, 2)
    run = inside.get_by_role("group", name="The last import")
    expect(run).to_contain_text("Done")
    expect(run.get_by_role("heading")).to_be_focused()


def test_what_an_import_lacks_is_named(app: AppStub, framed: FramedPage) -> None:
    lacking = [{"field": "consent", "message": "Agree to the import first."}]
    refused = Fault.refuse(409, answers.problem("not-configured", 409, problems=lacking))
    app.fail_next("POST", "/api/imports", refused)
    inside = framed.open("admin")
    inside.get_by_role("button", name="Import everything").click()
    expect(inside.locator(".imports")).to_contain_text("Consent: Agree to the import first.")
    expect(inside.locator(".imports")).not_to_contain_text("undefined")


@pytest.mark.newcomer
def test_a_lost_look_does_not_stop_the_following(app: AppStub, framed: FramedPage) -> None:
    app.runs = [live("running", "writing", 5_000)]
    app.fail_next("GET", "/api/imports/r9", Fault.refuse(503, answers.problem("", 503)))
    framed.page.clock.install()
    inside = framed.open("admin")
    run = inside.get_by_role("group", name="The present import")
    expect(run).to_be_visible()
    later(framed, 2)
    expect(inside.get_by_role("alert")).to_contain_text("It goes on without this page")
    app.coming = [live("succeeded", "ended", 10_000)]
    later(framed, 6)
    expect(inside.get_by_role("group", name="The last import")).to_contain_text("Done")
    expect(inside.get_by_role("alert")).to_have_count(0)


def test_the_history_says_why_and_what_to_do(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    failed = inside.get_by_role("row").filter(has_text="Failed")
    expect(failed).to_contain_text("Entra ID sent nothing where Assets knows objects")
    expect(failed).to_contain_text("What to do: Check the permissions of the application")


def test_a_reason_without_words_of_ours_is_told_as_the_app_says_it(
    app: AppStub, framed: FramedPage
) -> None:
    app.runs = [answers.run("r5", "failed", reason="moon_is_full", next_step="Wait a night.")]
    inside = framed.open("admin", loc="de_DE")
    expect(inside.get_by_role("table")).to_contain_text("moon_is_full")
    expect(inside.get_by_role("table")).to_contain_text("Was zu tun ist: Wait a night.")
