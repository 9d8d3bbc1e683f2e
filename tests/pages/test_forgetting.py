"""Forgetting a part in the browser: it asks first, in words that answer the question."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.pages import answers
from tests.pages.administration import part
from tests.pages.app_stub import AppStub
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser

ANSWERS = {
    "Consent": ("Withdraw consent", "Yes, withdraw it", "Not set up"),
    "Who sees what": (
        "Back to the standard rules",
        "Yes, use the standard rules",
        "Standard rules",
    ),
    "Encryption String": ("Make a new random one", "Yes, replace it", "Random string"),
}


def test_what_is_not_forgotten_is_confirmed_in_its_own_words(
    app: AppStub, framed: FramedPage
) -> None:
    app.states["encryption-string"] = {"set": True, "encryption_string": answers.secret()}
    inside = framed.open("admin")
    own = part(inside, "Encryption String").locator(".part-open .lozenge")
    expect(own).to_have_text("Your own string")
    for title, (ask, yes, after) in ANSWERS.items():
        opened = part(inside, title)
        opened.get_by_role("button", name=ask).click()
        opened.get_by_role("button", name=yes).click()
        expect(opened.locator(".part-open .lozenge")).to_have_text(after)


def test_forgetting_asks_first_and_escape_leaves(app: AppStub, framed: FramedPage) -> None:
    app.refusals["entra"] = [{"field": "tenant_id", "message": "This is not an id."}]
    inside = framed.open("admin")
    entra = part(inside, "Connect Entra ID")
    entra.get_by_role("button", name="Save", exact=True).click()
    expect(entra.get_by_role("alert")).to_be_visible()
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
    expect(entra.get_by_role("alert")).to_have_count(0)
