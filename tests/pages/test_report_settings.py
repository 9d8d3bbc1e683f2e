"""Where problem reports go: a desk, its request type, a field, chosen in the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from sandbox.http import Fault
from tests.pages import answers
from tests.pages.administration import last_body, part
from tests.pages.app_stub import AppStub
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser

TITLE = "Problem reports"


def test_desk_type_and_field_are_chosen_one_within_the_other(
    app: AppStub, framed: FramedPage
) -> None:
    app.states["requests"] = {"set": False}
    inside = framed.open("admin")
    reports = part(inside, TITLE)
    desk, kind = reports.get_by_label("Service desk"), reports.get_by_label("Request type")
    expect(kind).to_be_disabled()
    desk.select_option("IT help")
    kind.select_option("Something is broken")
    reports.get_by_label("Field for the asset").select_option("Affected asset")
    reports.get_by_role("button", name="Save", exact=True).click()
    expect(reports).to_contain_text("Saved. It holds from now on.")
    assert last_body(app, "PUT", "/api/settings/requests") == {
        "service_desk_id": "1",
        "request_type_id": "12",
        "asset_field_id": "customfield_7",
    }
    expect(reports.locator(".part-open .lozenge")).to_have_text("Set up")


def test_another_desk_forgets_what_lay_within_the_former(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    reports = part(inside, TITLE)
    kind = reports.get_by_label("Request type")
    expect(kind).to_have_value("12")
    reports.get_by_label("Service desk").select_option("2")
    expect(kind).to_have_value("")
    expect(reports.get_by_label("Field for the asset")).to_have_value("")
    kind.select_option("A desk is wobbly")
    reports.get_by_role("button", name="Save", exact=True).click()
    expect(reports).to_contain_text("Saved.")
    body = last_body(app, "PUT", "/api/settings/requests")
    assert body == {"service_desk_id": "2", "request_type_id": "21"}


def test_what_is_saved_is_shown_even_if_jira_names_it_no_more(
    app: AppStub, framed: FramedPage
) -> None:
    app.states["requests"] = {"set": True, "service_desk_id": "9", "request_type_id": "77"}
    inside = framed.open("admin")
    reports = part(inside, TITLE)
    expect(reports.get_by_label("Service desk")).to_have_value("9")
    expect(reports.get_by_label("Request type")).to_have_value("77")
    expect(reports.locator(".part-open .lozenge")).to_have_text("Set up")


def test_without_assets_the_field_says_what_to_do_first(app: AppStub, framed: FramedPage) -> None:
    app.states = answers.nothing_set()
    refused = Fault.refuse(409, answers.problem("not-configured", 409))
    app.fail_next("GET", "/api/settings/choices", refused)
    inside = framed.open("admin")
    reports = part(inside, TITLE)
    expect(reports.get_by_role("alert")).to_contain_text("Connect Assets first")


def test_reports_can_be_switched_off(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    reports = part(inside, TITLE)
    reports.get_by_role("button", name="Switch reports off").click()
    reports.get_by_role("button", name="Yes, switch them off").click()
    expect(reports.locator(".part-open .lozenge")).to_have_text("Off")
    expect(inside.locator(".guide")).to_contain_text("Off: no request type is chosen")
