"""Choosing in the browser: groups, types, columns and rules, found by their names."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.pages.administration import last_body, part
from tests.pages.app_stub import AppStub
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser


def test_groups_types_columns_and_rules_are_chosen(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    sees = part(inside, "Who sees what")
    expect(sees.locator(".chip").first).to_contain_text("contractors")
    sees.get_by_label("Find a group by name").fill("desk")
    sees.get_by_role("button", name="Add service-desk-team").click()
    sees.get_by_role("button", name="Find types").first.click()
    sees.get_by_role("button", name="Add Phone").click()
    sees.get_by_role("button", name="Move Serial Number up").click()
    sees.get_by_role("button", name="Show Owner too").click()
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


def test_what_assets_hides_is_no_column_and_says_so_where_one_was_saved(
    app: AppStub, framed: FramedPage
) -> None:
    app.states["visibility"]["columns"] = {"11": ["Model", "PIN", "Colour"]}
    entry = part(framed.open("admin"), "Who sees what").locator("fieldset.entry")
    expect(entry.locator(".ordered-name")).to_have_text(
        ["Model", "PIN (hidden in Assets, so not shown)", "Colour (not in Assets)"]
    )
    entry.get_by_role("button", name="Remove PIN").click()
    expect(entry.get_by_role("button", name="Show Owner too")).to_be_visible()
    expect(entry.get_by_role("button", name="Show PIN too")).to_have_count(0)


def test_looking_for_something_neither_edits_nor_saves(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    sees = part(inside, "Who sees what")
    sees.get_by_label("Find a group by name").fill("users")
    framed.page.keyboard.press("Enter")
    expect(sees.get_by_role("button", name="Add jira-users")).to_be_visible()
    expect(sees.locator(".part-open .lozenge")).to_have_text("Set up")
    assert app.calls_to("PUT", ".*") == []


def test_removing_an_attribute_leads_to_the_next_and_then_to_showing_all(
    app: AppStub, framed: FramedPage
) -> None:
    inside = framed.open("admin")
    sees = part(inside, "Who sees what")
    sees.get_by_role("button", name="Remove Model").click()
    expect(sees.get_by_role("button", name="Remove Serial Number")).to_be_focused()
    framed.page.keyboard.press("Enter")
    expect(sees.get_by_role("button", name="Show everything of Notebook")).to_be_focused()
    expect(sees).to_contain_text("No attribute: only name and type are shown.")


def test_the_button_that_adds_a_rule_is_as_wide_as_its_words(
    app: AppStub, framed: FramedPage
) -> None:
    inside = framed.open("admin")
    more = part(inside, "Who sees what").get_by_role("button", name="Add a rule").bounding_box()
    assert more is not None
    assert more["width"] < 200
