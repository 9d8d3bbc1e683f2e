"""The settings in the browser: setting up, saving, checking."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sandbox.http import Fault
from tests.pages import answers
from tests.pages.administration import last_body, part
from tests.pages.app_stub import AppStub
from tests.pages.fake_site import EMPLOYEE
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser


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
            "Problem reports",
            "Encryption String",
        ]
    )
    expect(inside.locator(".part-open .lozenge")).to_have_text(
        [
            "Not set up",
            "Enter again",
            "Not set up",
            "Not set up",
            "Standard rules",
            "Off",
            "Random string",
        ]
    )


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


def test_a_save_shows_its_remarks_under_the_saved_sentence(
    app: AppStub, framed: FramedPage
) -> None:
    message = "May also write: User.ReadWrite.All."
    app.remarks = [{"field": "client_id", "severity": "warning", "message": message}]
    inside = framed.open("admin")
    entra = part(inside, "Connect Entra ID")
    entra.get_by_role("button", name="Save", exact=True).click()
    notice = entra.locator(".notice")
    expect(notice).to_contain_text("Saved. It holds from now on.")
    expect(notice.locator("li")).to_contain_text(message)
    expect(notice).not_to_contain_text("nothing has been saved")
    notice.get_by_role("link", name="Application (client) ID").click()
    expect(entra.get_by_label("Application (client) ID")).to_be_focused()


def test_consent_that_is_not_given_does_not_look_set_up(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    consent = part(inside, "Consent")
    expect(consent.locator(".part-open .lozenge")).to_have_text("Set up")
    consent.get_by_label("I agree").first.uncheck()
    consent.get_by_role("button", name="Save", exact=True).click()
    expect(consent.locator(".part-open .lozenge")).to_have_text("Not given")
