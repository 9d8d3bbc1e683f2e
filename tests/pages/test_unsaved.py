"""What was typed and not saved: told while it is so, and asked about before the page is left."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.pages.administration import part
from tests.pages.app_stub import AppStub
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser


def test_what_is_not_saved_is_told_and_leads_back(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    bar = inside.get_by_role("region", name="Not saved yet")
    expect(bar).to_be_hidden()
    entra = part(inside, "Connect Entra ID")
    entra.get_by_label("Application (client) ID").fill("another-client")
    inside.get_by_role("button", name="Connect Entra ID").first.click()  # shut: nothing is lost
    expect(entra.get_by_label("Application (client) ID")).to_be_hidden()
    bar.get_by_role("button", name="Connect Entra ID").click()
    expect(entra.get_by_label("Application (client) ID")).to_have_value("another-client")
    entra.get_by_label("Client secret (its value").fill("typed-secret-1234")
    entra.get_by_role("button", name="Save", exact=True).click()
    expect(bar).to_be_hidden()


def test_what_is_taken_back_is_not_an_edit(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    entra = part(inside, "Connect Entra ID")
    box = entra.get_by_label("Application (client) ID")
    before = box.input_value()
    box.fill("another-client")
    expect(entra.locator(".part-open .lozenge")).to_have_text("Not saved yet")
    box.fill(before)
    expect(entra.locator(".part-open .lozenge")).to_have_text("Set up")
    expect(inside.locator(".unsaved")).to_be_hidden()


@pytest.mark.parametrize("typed", [True, False])
def test_the_browser_asks_before_typed_words_are_lost(
    app: AppStub, framed: FramedPage, typed: bool
) -> None:
    asked: list[str] = []
    inside = framed.open("admin")
    access = part(inside, "Connect Assets")
    if typed:
        access.get_by_label("E-mail address").fill("ines@contoso.example")
    framed.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    framed.page.reload()
    expect(inside.locator(".guide")).to_be_visible()
    assert asked == (["beforeunload"] if typed else [])
