"""The way through setting up: what is missing, what comes next, and quiet when all is done."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Locator, expect

from sandbox.http import Fault
from tests.pages import answers
from tests.pages.administration import part
from tests.pages.app_stub import AppStub
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser

NOTHING: dict[str, Any] = answers.nothing_set()
ALL: dict[str, Any] = answers.all_set()
PREVIEW = answers.run("p", "succeeded", mode="preview")
IMPORT = answers.run("i", "succeeded")
GIVEN = ALL["assets-access"]
UNSEEN = {"visibility": {"set": False}}
BROKEN = {"set": True, "readable": False}
STATES = "import('../static/admin/guide/steps.js')"
# What is set, which runs there were → the state of each step.
WORLDS: dict[str, tuple[dict[str, Any], list[dict[str, Any]] | None, str]] = {
    "nothing": (NOTHING, [], "now open open waits waits open"),
    "assets": (NOTHING | {"assets-access": GIVEN}, [], "done now open waits waits open"),
    "all but consent": (ALL | {"consent": {"set": False}}, [], "done done now waits waits done"),
    "consent taken back": (
        ALL | {"consent": {"set": True, "entra_import": False}},
        [],
        "done done now waits waits done",
    ),
    "ready": (ALL, [], "done done done now open done"),
    "previewed": (ALL, [PREVIEW], "done done done done now done"),
    "imported": (ALL, [IMPORT], "done done done done done done"),
    "failed": (ALL, [answers.run("i", "failed"), PREVIEW], "done done done done now done"),
    "braked": (ALL, [answers.run("i", "braked"), PREVIEW], "done done done done now done"),
    "unknown runs": (ALL, None, "done done done waits waits done"),
    "who sees what": (ALL | UNSEEN, [IMPORT], "done done done done done now"),
    "unreadable": (ALL | {"entra": BROKEN}, [IMPORT], "done now done done done done"),
    "expired": (
        ALL | {"entra": {**ALL["entra"], "secret_expiry": {"days_left": 0}}},
        [IMPORT],
        "done now done done done done",
    ),
}  # fmt: skip


def steps(inside: FrameLocator) -> Locator:
    return inside.locator(".step")


def test_the_steps_follow_from_what_is_there(app: AppStub, framed: FramedPage) -> None:
    """Each world from nothing to everything, in one page: the rule is pure."""
    framed.open("admin")
    ask = f"""async ([states, runs]) => {{
      const {{ stepsOf }} = await {STATES};
      return stepsOf(states, runs).map((step) => step.state).join(' ');
    }}"""
    found = {
        name: framed.frame.evaluate(ask, [states, runs])
        for name, (states, runs, _) in WORLDS.items()
    }
    assert found == {name: wanted for name, (_, _, wanted) in WORLDS.items()}


def test_every_step_says_what_is_missing_and_leads_there(app: AppStub, framed: FramedPage) -> None:
    app.states, app.runs = answers.nothing_set(), []
    inside = framed.open("admin")
    guide = inside.get_by_role("region", name="Set up My Assets")
    expect(guide).to_contain_text("0 of 6 steps are done.")
    expect(steps(inside).nth(0)).to_have_attribute("aria-current", "step")
    expect(steps(inside).nth(0)).to_contain_text("How the app reads Assets is missing.")
    expect(steps(inside).nth(2)).to_contain_text("Your consent is missing")
    waiting = "Waits for: Connect Assets, Connect Entra ID, What to import, Consent."
    expect(steps(inside).nth(3)).to_contain_text(waiting)
    expect(steps(inside).nth(5)).to_contain_text("The standard rules hold")
    guide.get_by_role("button", name="Consent").click()
    expect(inside.get_by_role("button", name="Consent").last).to_be_focused()
    expect(inside.get_by_label("I agree").first).to_be_visible()


def test_setting_up_goes_on_where_it_was_left(app: AppStub, framed: FramedPage) -> None:
    """Nothing of the way is kept: another page, or another person, sees the same."""
    app.states = answers.nothing_set() | {"assets-access": GIVEN}
    app.runs = []
    inside = framed.open("admin")
    current = inside.locator("[aria-current=step]")
    expect(current).to_contain_text("Connect Entra ID")
    app.states = answers.all_set() | UNSEEN
    inside = framed.open("admin")
    expect(current).to_contain_text("Look at a preview")
    assert framed.frame.evaluate("() => localStorage.length + sessionStorage.length") == 0


@pytest.mark.newcomer
def test_from_the_first_step_to_the_last(app: AppStub, framed: FramedPage) -> None:
    app.states, app.runs = answers.nothing_set(), []
    framed.page.clock.install()
    inside = framed.open("admin")
    part(inside, "Connect Assets").get_by_label("E-mail address").fill("ines@contoso.example")
    part(inside, "Connect Assets").get_by_label("API token").fill("token-123456789")
    save(inside, "Connect Assets").click()
    next_is(inside, "Connect Entra ID").click()
    entra = part(inside, "Connect Entra ID")
    for label in ("Directory (tenant) ID", "Application (client) ID", "Client secret"):
        entra.get_by_label(label).fill("7e4a0000-0000-4000-8000-000000000001")
    save(inside, "Connect Entra ID").click()
    next_is(inside, "What to import").click()
    part(inside, "What to import").get_by_label("Token of the external import").fill(
        "a-token-of-it"
    )
    save(inside, "What to import").click()
    next_is(inside, "Consent").click()
    part(inside, "Consent").get_by_label("I agree").first.check()
    save(inside, "Consent").click()
    next_is(inside, "Look at a preview").click()
    expect(inside.get_by_role("button", name="Preview", exact=True)).to_be_focused()
    framed.page.keyboard.press("Enter")
    ends(app, framed, inside, mode="preview")
    inside.get_by_role("button", name="Do exactly this").click()
    ends(app, framed, inside, mode="full")
    expect(steps(inside).nth(4)).to_contain_text("Done")
    inside.locator(".guide").get_by_role("button", name="Who sees what").click()
    save(inside, "Who sees what").click()
    expect(inside.get_by_role("region", name="My Assets is set up")).to_be_visible()
    expect(inside.locator("#announcements")).to_contain_text("Saved. It holds from now on.")
    part(inside, "Who sees what").get_by_role("button", name="All set up").click()
    expect(inside.get_by_role("heading", name="My Assets is set up")).to_be_focused()


def ends(app: AppStub, framed: FramedPage, inside: FrameLocator, *, mode: str) -> None:
    """The import that has just been started comes to its end."""
    expect(inside.get_by_role("group", name="The present import")).to_be_visible()
    app.runs[0] = answers.run("r9", "succeeded", mode=mode)
    framed.page.clock.fast_forward(2_000)


def save(inside: FrameLocator, title: str) -> Locator:
    return part(inside, title).get_by_role("button", name="Save", exact=True)


def next_is(inside: FrameLocator, name: str) -> Locator:
    return inside.get_by_role("button", name=f"Continue: {name}")


def test_when_all_is_done_a_quiet_overview_stands_there(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    done = inside.get_by_role("region", name="My Assets is set up")
    expect(done).to_contain_text("Every week, Tuesday, 02:00 (Europe/Berlin)")
    expect(done).to_contain_text("Everyone but members of 1 group. Customers of the portal, too.")
    expect(done).to_contain_text("Ends on 31 May 2027")
    expect(done).to_contain_text("Go to your service desk")
    expect(steps(inside).first).to_be_hidden()
    done.get_by_text("Show the steps").click()
    expect(steps(inside)).to_have_count(7)
    done.get_by_role("button", name="Client secret of Entra ID: Renew").click()
    expect(inside.get_by_label("Client secret (its value, not its ID)")).to_be_visible()


def test_what_breaks_later_opens_the_way_again(app: AppStub, framed: FramedPage) -> None:
    app.states["entra"] = BROKEN
    inside = framed.open("admin")
    expect(inside.locator("[aria-current=step]")).to_contain_text("Needs you")
    expect(inside.locator("[aria-current=step]")).to_contain_text("cannot be opened")


def test_a_stopped_or_failed_import_is_told_at_its_step(app: AppStub, framed: FramedPage) -> None:
    app.runs = [answers.run("r9", "braked", reason="braked"), PREVIEW]
    inside = framed.open("admin")
    current = inside.locator("[aria-current=step]")
    expect(current).to_contain_text("Stopped by the brake")
    expect(current).to_contain_text("more than your brake allows")
    current.get_by_role("button", name="See the import").click()
    expect(
        inside.get_by_role("group", name="The present import").get_by_role("heading")
    ).to_be_focused()


def test_imports_nobody_can_tell_of_stop_nothing_else(app: AppStub, framed: FramedPage) -> None:
    app.fail_next("GET", "/api/imports", Fault.refuse(503, answers.problem("", 503)))
    inside = framed.open("admin")
    expect(steps(inside).nth(3)).to_contain_text("Nobody can say at the moment")
    inside.locator(".imports").get_by_role("button", name="Try again").click()
    expect(inside.get_by_role("region", name="My Assets is set up")).to_be_visible()


@pytest.mark.forge
def test_on_forge_the_last_words_name_its_place(app: AppStub, forge: Any) -> None:
    app.states, app.runs = answers.nothing_set(), []
    page = forge.open("admin")
    expect(page.locator(".step").last).to_contain_text("under Apps in Jira")
    page.locator(".step").first.get_by_role("button", name="Connect Assets").click()
    expect(page.get_by_label("own access")).to_be_visible()


@pytest.mark.newcomer
def test_the_focus_stays_in_the_guide_while_an_import_goes_on(
    app: AppStub, framed: FramedPage
) -> None:
    app.runs = [answers.run("r9", "running"), PREVIEW]
    framed.page.clock.install()
    inside = framed.open("admin")
    see = inside.locator(".guide").get_by_role("button", name="See the import")
    see.focus()
    app.coming = [answers.run("r9", "running", progress={"done": 5, "total": 10})]
    framed.page.clock.fast_forward(2_000)
    expect(inside.locator(".run")).to_contain_text("5 of 10")
    expect(see).to_be_focused()
