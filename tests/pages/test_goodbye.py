"""The administration says what becomes of everything after an uninstall, and by which id to ask."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.pages.app_stub import AppStub
from tests.pages.framed_page import FramedPage
from tests.pages.looks import look

pytestmark = pytest.mark.browser

SAID = {
    "en_GB": ("If you leave", "signed receipt"),
    "de_DE": ("Wenn Sie gehen", "signierte Quittung"),
}


@pytest.mark.parametrize("loc", SAID)
def test_the_id_for_the_receipt_stands_on_the_page_in_words(
    app: AppStub, framed: FramedPage, loc: str
) -> None:
    title, words = SAID[loc]
    inside = framed.open("admin", loc=loc)
    section = inside.get_by_role("region", name=title)
    expect(section).to_contain_text(words)
    expect(section.locator("code")).to_have_text("i-1")
    section.scroll_into_view_if_needed()
    look(framed, f"admin-goodbye-{loc[:2]}")


def test_only_the_proof_of_an_erasure_is_kept_for_good(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    for place, ends in (("as receipts", "For good"), ("In your Assets", "As long as you want it")):
        shown = inside.locator(".stored-store", has_text=place)
        shown.locator("summary").click()
        expect(shown).to_contain_text(ends)
