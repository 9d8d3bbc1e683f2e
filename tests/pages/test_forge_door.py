"""The pages behind the Forge door: the same ones, through the bridge, in every kind of weather."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.pages import answers
from tests.pages.administration import last_body, part
from tests.pages.app_stub import AppStub
from tests.pages.forge_page import ORIGIN, ForgePage, told
from tests.pages.framed_page import FramedPage

pytestmark = [pytest.mark.browser, pytest.mark.forge]

PAGE = "() => document.getElementById('page').innerText"
COLOUR = "() => getComputedStyle(document.body).backgroundColor"


def calls(forge: ForgePage) -> list[dict[str, Any]]:
    return [payload for command, payload in forge.commands if command == "invoke"]


def twisted(answer: str) -> str:
    """A script: calls of the app get this answer; undefined is the usual one."""
    return f"""
    {{
      const {{ callBridge }} = window.__bridge;
      const calls = [];
      const twist = () => ({answer});
      window.__bridge.callBridge = async (command, payload) => {{
        if (command !== 'invoke') return callBridge(command, payload);
        calls.push(payload);
        return (await twist()) ?? callBridge(command, payload);
      }};
    }}
    """


@pytest.mark.parametrize("module", ["my-assets", "admin"])
@pytest.mark.parametrize(("locale", "loc"), [("en-GB", "en_GB"), ("de-DE", "de_DE")])
def test_both_doors_show_the_same_page(
    app: AppStub, framed: FramedPage, forge: ForgePage, module: str, locale: str, loc: str
) -> None:
    app.door = "connect"  # what Forge asks besides is another test's
    framed.open(module, loc=loc)
    expect(framed.inside.locator(".row, .history").first).to_be_visible()
    forge.open(module, locale)
    expect(forge.page.locator(".row, .history").first).to_be_visible()
    assert forge.frame.evaluate(PAGE) == framed.frame.evaluate(PAGE)
    assert forge.frame.evaluate("document.title") == framed.frame.evaluate("document.title")
    lang = "document.documentElement.lang"
    assert forge.frame.evaluate(lang) == framed.frame.evaluate(lang) == locale[:2]


@pytest.mark.parametrize("module", ["my-assets", "my-assets-portal", "admin"])
def test_a_page_loads_its_own_files_only_and_breaks_no_rule(forge: ForgePage, module: str) -> None:
    forge.open(module)
    expect(forge.page.locator(".row, .history").first).to_be_visible()
    assert {one.url.split("?")[0].rpartition("/")[0] for one in forge.requests} - {"data:,"} <= {
        f"{ORIGIN}/main",
        f"{ORIGIN}/admin",
        "data:",
    }
    assert forge.said == []
    assert forge.browser.cookies() == []


def test_the_page_sends_no_token_and_names_no_person(forge: ForgePage) -> None:
    forge.open("admin")
    expect(forge.page.locator(".history")).to_be_visible()
    assert {one["path"] for one in calls(forge)} >= {"/api/settings", "/api/site", "/api/imports"}
    sent = json.dumps(calls(forge)).lower()
    assert "authorization" not in sent
    assert forge.account not in sent


def test_a_customer_of_the_portal_sees_theirs(app: AppStub, forge: ForgePage) -> None:
    extension = {"type": "jiraServiceManagement:portalUserMenuAction"}
    forge.open("my-assets-portal", extension=extension, accountType="customer")
    expect(forge.page.locator(".row")).to_have_count(7)


def test_the_theme_is_taken_from_the_host(forge: ForgePage) -> None:
    forge.page.add_init_script("window.hostMode = 'dark';")
    forge.open()
    expect(forge.page.locator(".row").first).to_be_visible()
    assert forge.frame.evaluate(COLOUR) == "rgb(31, 31, 33)"
    forge.theme("light")
    assert forge.frame.evaluate(COLOUR) == "rgb(255, 255, 255)"


def test_times_are_those_of_the_readers_zone(forge: ForgePage) -> None:
    forge.open()
    expect(forge.page.locator(".list-status")).to_contain_text("10:30")  # 09:30 in UTC


def test_a_host_that_says_nothing_about_its_reader_gets_the_page_in_english(
    forge: ForgePage,
) -> None:
    forge.open(locale="", timezone=None)
    expect(forge.page.get_by_role("heading", name="My Assets")).to_be_visible()
    expect(forge.page.locator(".row")).to_have_count(7)


def test_outside_forge_the_page_says_where_it_works(forge: ForgePage) -> None:
    forge.bridged = False
    forge.open()
    expect(forge.page.get_by_role("alert")).to_contain_text("This page cannot talk to Jira")
    expect(forge.page.get_by_role("alert")).to_contain_text("It works inside Jira only")


REFUSALS = {
    "offline": ({"success": False, "error": {"message": "no"}}, "gave a wrong answer"),
    "strange": ({"success": True, "payload": {"status": 0}}, "gave a wrong answer"),
    "nothing": (None, "gave a wrong answer"),
    "refused": (told(401, answers.problem("", 401)), "open too long"),
    "not allowed": (told(403, answers.problem("", 403)), "My Assets is not open to you"),
    "not set up": (told(409, answers.problem("not-configured", 409)), "not set up yet"),
    "down": (told(503, answers.problem("", 503)), "cannot be reached"),
    "html": (told(502, "<html>bad gateway</html>"), "gave a wrong answer"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_went_wrong_is_told_as_through_the_other_door(forge: ForgePage, case: str) -> None:
    given, words = REFUSALS[case]
    forge.answers = [given]  # type: ignore[list-item]
    forge.open()
    expect(forge.page.get_by_role("alert")).to_contain_text(words)


def test_a_wait_that_the_app_asks_for_is_kept(forge: ForgePage) -> None:
    forge.answers = [told(429, answers.problem("", 429), {"retry-after": "1"})]
    forge.open()
    expect(forge.page.get_by_role("alert")).to_contain_text("tried again by itself in 1 second")
    expect(forge.page.locator(".row")).to_have_count(7)


def test_a_bridge_that_fails_is_told_and_can_be_asked_again(forge: ForgePage) -> None:
    forge.twist = twisted("calls.length === 1 ? Promise.reject(new Error('no')) : undefined")
    forge.open()
    expect(forge.page.get_by_role("alert")).to_contain_text("The app cannot be reached")
    forge.page.get_by_role("button", name="Try again").click()
    expect(forge.page.locator(".row")).to_have_count(7)


def test_an_answer_that_does_not_come_ends_in_words(forge: ForgePage) -> None:
    forge.twist = twisted("new Promise(() => null)")
    forge.page.clock.install()
    forge.open()
    expect(forge.page.get_by_label("Search")).to_be_visible()
    forge.page.clock.fast_forward(31_000)
    expect(forge.page.get_by_role("alert")).to_contain_text("The answer took too long")


def test_problems_stand_at_their_fields(app: AppStub, forge: ForgePage) -> None:
    app.refusals["import"] = [{"field": "workspace_id", "message": "No such workspace."}]
    forge.open("admin")
    opened = part(forge.page, "What to import")
    opened.get_by_label("ID of the Assets workspace").fill("ws-9")
    opened.get_by_role("button", name="Save", exact=True).click()
    field = opened.get_by_label("ID of the Assets workspace")
    expect(field).to_have_accessible_description("No such workspace.")


def test_forgetting_a_part_needs_no_answer_with_a_body(app: AppStub, forge: ForgePage) -> None:
    forge.open("admin")
    opened = part(forge.page, "Connect Entra ID")
    opened.get_by_role("button", name="Forget the connection").click()
    opened.get_by_role("button", name="Yes, forget it").click()
    expect(opened).to_contain_text("Forgotten. This part is no longer set up.")
    assert app.states["entra"] == {"set": False}


def test_more_than_forge_takes_is_told_before_it_is_sent(app: AppStub, forge: ForgePage) -> None:
    forge.open("admin")
    opened = part(forge.page, "What to import")
    groups = opened.get_by_label("Only members of these groups")
    groups.evaluate("(box) => { box.value = 'x'.repeat(600_000); }")
    opened.get_by_role("button", name="Save", exact=True).click()
    expect(opened.get_by_role("alert")).to_contain_text("That is too much at once")
    assert app.calls_to("PUT", ".*") == []


def test_the_answer_to_an_older_question_is_dropped(forge: ForgePage) -> None:
    forge.open()
    expect(forge.page.locator(".row")).to_have_count(7)
    search = forge.page.get_by_label("Search")
    search.press_sequentially("iphone", delay=300)
    expect(forge.page.locator(".row")).to_have_count(1)
    assert forge.said == []


def test_an_import_that_is_not_set_up_begins_with_the_one_the_page_was_opened_for(
    app: AppStub, forge: ForgePage
) -> None:
    app.states = answers.nothing_set()
    forge.open("admin", extension={"importId": "imp-7", "workspaceId": "ws-1", "schemaId": "4"})
    opened = part(forge.page, "What to import")
    expect(opened.get_by_label("ID of the import in Assets")).to_have_value("imp-7")
    opened.get_by_role("button", name="Save", exact=True).click()
    expect(opened).to_contain_text("Saved. It holds from now on.")
    body = last_body(app, "PUT", "/api/settings/import")
    assert isinstance(body, dict)
    assert (body["import_source_id"], body["workspace_id"]) == ("imp-7", "ws-1")
    assert "container_token" not in body
