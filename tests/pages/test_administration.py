"""The administration in the browser: setting up, checking, forgetting, importing."""

from __future__ import annotations

import pytest
from playwright.sync_api import FrameLocator, Locator, expect

from sandbox.http import Fault
from tests.pages import answers
from tests.pages.app_stub import AppStub
from tests.pages.fake_site import EMPLOYEE
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser


def part(inside: FrameLocator, title: str) -> Locator:
    """A part of the settings, opened."""
    found = inside.locator(".part").filter(has=inside.get_by_role("heading", name=title))
    opener = found.get_by_role("button", name=title).first
    if opener.get_attribute("aria-expanded") == "false":
        opener.click()
    return found


def last_body(app: AppStub, method: str, path: str) -> object:
    return next(b for m, p, b in reversed(app.bodies) if (m, p) == (method, path))


def test_parts_stand_in_the_order_of_use_with_their_state(app: AppStub, framed: FramedPage) -> None:
    app.states = answers.nothing_set() | {"entra": {"set": True, "readable": False}}
    inside = framed.open("admin")
    expect(inside.locator(".part-name")).to_have_text(
        [
            "Connect Assets",
            "Connect Entra ID",
            "What to import",
            "Consent",
            "Who sees what",
            "Encryption String",
        ]
    )
    expect(inside.locator(".part-open .lozenge")).to_have_text(
        ["Not set up", "Enter again", "Not set up", "Not set up", "Standard rules", "Random string"]
    )
    expect(inside.get_by_label("API token")).to_be_visible()


def test_an_employee_is_told_whom_to_ask(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin", person=EMPLOYEE)
    expect(inside.get_by_role("alert")).to_contain_text("Only Jira administrators")
    expect(inside.locator("form")).to_have_count(0)


def test_a_saved_secret_never_comes_back(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    access = part(inside, "Connect Assets")
    token = access.get_by_label("API token")
    expect(access).to_contain_text("it ends in …wxyz")
    expect(token).to_have_value("")
    token.fill("a-new-token-abcd")
    expect(access.locator(".part-open .lozenge")).to_have_text("Not saved yet")
    access.get_by_role("button", name="Save", exact=True).click()
    expect(access).to_contain_text("Saved. It holds from now on.")
    expect(access).to_contain_text("it ends in …abcd")
    expect(token).to_have_value("")
    assert last_body(app, "PUT", "/api/settings/assets-access") == {
        "mode": "api_token",
        "email": "ines.kaltbrunn@contoso.example",
        "api_token": "a-new-token-abcd",
    }


def test_a_secret_left_empty_is_left_out(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    entra = part(inside, "Connect Entra ID")
    entra.get_by_role("button", name="Save", exact=True).click()
    expect(entra).to_contain_text("Saved. It holds from now on.")
    body = last_body(app, "PUT", "/api/settings/entra")
    assert isinstance(body, dict)
    assert "client_secret" not in body
    assert body["secret_expires_on"] == "2027-05-31"


def test_what_is_saved_is_what_was_stored(app: AppStub, framed: FramedPage) -> None:
    """Opening and saving a part changes nothing in it."""
    kept = {name: dict(app.states[name]) for name in ("import", "visibility", "consent")}
    inside = framed.open("admin")
    for name, title in (("import", "What to import"), ("visibility", "Who sees what")):
        opened = part(inside, title)
        opened.get_by_role("button", name="Save", exact=True).click()
        expect(opened).to_contain_text("Saved. It holds from now on.")
        body = last_body(app, "PUT", f"/api/settings/{name}")
        assert isinstance(body, dict)
        stored = {
            key: value for key, value in kept[name].items() if key not in ("set", "container_token")
        }
        for field in ("objects",):
            if field in stored:
                stored[field] = {**dict.fromkeys(body[field], False), **stored[field]}
        assert body == stored


def test_problems_stand_at_their_fields_and_the_summary_takes_the_focus(
    app: AppStub, framed: FramedPage
) -> None:
    app.refusals["import"] = [
        {"field": "brake.percent", "message": "Must be 100 or less."},
        {"field": "filter.groups[1]", "message": "Not an object id."},
        {"field": "surprise", "message": "Unknown field."},
    ]
    inside = framed.open("admin")
    rules = part(inside, "What to import")
    rules.get_by_role("button", name="Save", exact=True).click()
    summary = rules.get_by_role("alert")
    expect(summary).to_contain_text("3 things to correct; nothing was saved")
    expect(summary).to_contain_text("surprise: Unknown field.")
    assert framed.frame.evaluate("document.activeElement.textContent").startswith("3 things")
    percent = rules.get_by_label("Stop before changing more than (percent)")
    expect(percent).to_have_attribute("aria-invalid", "true")
    expect(percent).to_have_accessible_description("Must be 100 or less.")
    summary.get_by_role("link", name="Only members of these groups").click()
    expect(rules.get_by_label("Only members of these groups")).to_be_focused()


def test_a_service_that_is_down_leaves_what_was_typed(app: AppStub, framed: FramedPage) -> None:
    app.fail_next("PUT", "/api/settings/.*", Fault.refuse(503, answers.problem("", 503)))
    inside = framed.open("admin")
    access = part(inside, "Connect Assets")
    access.get_by_label("API token").fill("typed-token-1234")
    access.get_by_role("button", name="Save", exact=True).click()
    expect(access.get_by_role("alert")).to_contain_text("Nothing was changed")
    expect(access.get_by_label("API token")).to_have_value("typed-token-1234")
    access.get_by_role("button", name="Try again").click()
    expect(access).to_contain_text("Saved. It holds from now on.")


def test_after_saving_the_next_part_that_is_missing_is_offered(
    app: AppStub, framed: FramedPage
) -> None:
    app.states = answers.nothing_set()
    inside = framed.open("admin")
    access = part(inside, "Connect Assets")
    access.get_by_label("E-mail address").fill("ines@contoso.example")
    access.get_by_label("API token").fill("token-123456789")
    access.get_by_role("button", name="Save", exact=True).click()
    access.get_by_role("button", name="Continue: Connect Entra ID").click()
    expect(inside.get_by_label("Directory (tenant) ID")).to_be_visible()
    expect(inside.get_by_role("button", name="Connect Entra ID", exact=False).last).to_be_visible()


def test_a_check_shows_its_findings_and_saves_nothing(app: AppStub, framed: FramedPage) -> None:
    warning = {
        "field": "client_id",
        "severity": "warning",
        "message": "May also write: User.ReadWrite.All.",
    }
    error = {
        "field": "client_secret",
        "severity": "error",
        "message": "Device.Read.All is missing.",
    }
    app.findings = {"ok": False, "findings": [warning, error]}
    inside = framed.open("admin")
    entra = part(inside, "Connect Entra ID")
    entra.get_by_role("button", name="Check without saving").click()
    found = entra.get_by_role("status")
    expect(found).to_contain_text("It does not work yet")
    expect(found.locator("li").first).to_contain_text("Device.Read.All is missing.")
    expect(found).to_contain_text("nothing has been saved")
    assert app.calls_to("PUT", ".*") == []


def test_forgetting_asks_first_and_escape_leaves(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    entra = part(inside, "Connect Entra ID")
    entra.get_by_role("button", name="Forget the connection").click()
    expect(entra.get_by_role("button", name="Keep it")).to_be_focused()
    framed.page.keyboard.press("Escape")
    expect(entra.get_by_role("button", name="Forget the connection")).to_be_focused()
    assert app.calls_to("DELETE", ".*") == []
    entra.get_by_role("button", name="Forget the connection").click()
    entra.get_by_role("button", name="Yes, forget it").click()
    expect(entra.locator(".part-open .lozenge")).to_have_text("Not set up")
    expect(entra.get_by_role("button", name="Forget the connection")).to_be_hidden()
    expect(entra.get_by_label("Directory (tenant) ID")).to_have_value("")


def test_groups_types_columns_and_rules_are_chosen(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    sees = part(inside, "Who sees what")
    expect(sees.locator(".chip").first).to_contain_text("contractors")
    sees.get_by_label("Find a group by name").fill("desk")
    sees.get_by_role("button", name="Add service-desk-team").click()
    sees.get_by_role("button", name="Find types").first.click()
    sees.get_by_role("button", name="Add Phone").click()
    sees.get_by_role("button", name="Move Serial Number up").click()
    sees.get_by_role("textbox", name="Attribute of Notebook").or_(
        sees.get_by_role("combobox", name="Attribute of Notebook")
    ).fill("Owner")
    framed.page.keyboard.press("Enter")
    sees.get_by_role("button", name="Add a rule").click()
    sees.get_by_label("Attribute", exact=True).last.fill("Used by")
    sees.get_by_label("What stands in it").last.select_option("email")
    sees.get_by_role("button", name="Save", exact=True).click()
    expect(sees).to_contain_text("Saved. It holds from now on.")
    body = last_body(app, "PUT", "/api/settings/visibility")
    assert isinstance(body, dict)
    assert body["access"] == {"mode": "restrict", "groups": ["g2", "g3"], "customers": True}
    assert body["hidden_object_types"] == ["12"]
    assert body["columns"] == {"11": ["Serial Number", "Model", "Owner"]}
    assert body["owner_rules"][-1] == {"object_type": "*", "attribute": "Used by", "match": "email"}


def test_looking_for_something_neither_edits_nor_saves(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    sees = part(inside, "Who sees what")
    sees.get_by_label("Find a group by name").fill("users")
    framed.page.keyboard.press("Enter")
    expect(sees.get_by_role("button", name="Add jira-users")).to_be_visible()
    expect(sees.locator(".part-open .lozenge")).to_have_text("Set up")
    assert app.calls_to("PUT", ".*") == []


def later(framed: FramedPage, seconds: float) -> None:
    """Let the page's own clock jump, so that nobody waits for its next look."""
    framed.page.clock.fast_forward(int(seconds * 1000))


def live(state: str, phase: str, done: int, **more: object) -> dict[str, object]:
    return answers.run("r9", state, phase=phase, progress={"done": done, "total": 10_000}, **more)


def test_an_import_is_followed_to_its_end(app: AppStub, framed: FramedPage) -> None:
    app.coming = [live("running", "sending", 1_234), live("succeeded", "ended", 10_000)]
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
    later(framed, 2)
    expect(run).to_contain_text("Done")
    expect(inside.get_by_role("button", name="Import everything")).to_be_visible()
    expect(inside.get_by_role("row")).to_have_count(6)
    assert last_body(app, "POST", "/api/imports") == {"mode": "full"}


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
    app.runs = [live("braked", "planning", 0, counts=counts), *answers.past_runs()]
    inside = framed.open("admin")
    inside.get_by_role("button", name="Let it go on …").click()
    expect(inside.get_by_text("would touch 1,500 objects")).to_be_visible()
    inside.get_by_role("button", name="Yes, 1,500 is right").click()
    expect(inside.get_by_role("group", name="The present import")).to_contain_text("Running")
    assert len(app.calls_to("POST", "/api/imports/r9/release")) == 1


def test_a_running_import_is_found_again_and_cancelled(app: AppStub, framed: FramedPage) -> None:
    app.runs = [live("running", "writing", 5_000), *answers.past_runs()]
    inside = framed.open("admin")
    inside.get_by_role("button", name="Cancel the import").click()
    inside.get_by_role("button", name="Yes, cancel it").click()
    expect(inside.get_by_role("group", name="The present import")).to_contain_text("Cancelled")
    expect(inside.get_by_role("button", name="Import everything")).to_be_visible()


def test_what_an_import_lacks_is_named(app: AppStub, framed: FramedPage) -> None:
    lacking = [{"field": "consent", "message": "Agree to the import first."}]
    refused = Fault.refuse(409, answers.problem("not-configured", 409, problems=lacking))
    app.fail_next("POST", "/api/imports", refused)
    inside = framed.open("admin")
    inside.get_by_role("button", name="Import everything").click()
    expect(inside.locator(".imports")).to_contain_text("Consent: Agree to the import first.")


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
    expect(run).to_contain_text("Done")
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
