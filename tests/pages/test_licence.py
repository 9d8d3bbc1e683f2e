"""The administration says which site it is about, and what a missing licence means there."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.pages.administration import part
from tests.pages.app_stub import AppStub
from tests.pages.framed_page import FramedPage
from tests.pages.looks import look

pytestmark = pytest.mark.browser

NOTES = {
    "en_GB": ("The licence of My Assets is not active here", "Reading goes on", "To go on, ask"),
    "de_DE": ("Die Lizenz von My Assets ist hier nicht aktiv", "Lesen geht weiter", "Abonnement"),
}


def test_the_site_concerned_is_named(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    expect(inside.locator(".site")).to_have_text(
        f"This page is about the Jira site {urlsplit(app.site.base_url).netloc}"
    )


def test_a_site_whose_address_is_not_known_yet_has_no_empty_sentence(
    app: AppStub, framed: FramedPage
) -> None:
    app.site_shown = ""
    inside = framed.open("admin")
    expect(inside.locator(".history")).to_be_visible()
    expect(inside.locator(".site")).to_have_count(0)


def test_with_a_licence_nothing_is_said_about_it(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    expect(inside.locator(".history")).to_be_visible()
    expect(inside.get_by_role("region", name="licence")).to_have_count(0)


@pytest.mark.parametrize("loc", NOTES)
def test_without_a_licence_the_page_says_what_goes_on_and_what_to_do(
    app: AppStub, framed: FramedPage, loc: str
) -> None:
    app.licence = "inactive"
    inside = framed.open("admin", loc=loc)
    title, reading, to_do = NOTES[loc]
    note = inside.get_by_role("region", name=title)
    expect(note).to_contain_text(reading)
    expect(note).to_contain_text(to_do)
    look(framed, f"admin-licence-{loc[:2]}")


def test_without_a_licence_everything_can_still_be_read_and_checked(
    app: AppStub, framed: FramedPage
) -> None:
    app.licence = "inactive"
    inside = framed.open("admin")
    expect(inside.locator(".history")).to_be_visible()
    entra = part(inside, "Connect Entra ID")
    entra.get_by_role("button", name="Check without saving").click()
    expect(entra.get_by_role("status")).to_contain_text("Everything works")


@pytest.mark.parametrize("deed", ["save", "forget", "import"])
def test_a_change_without_a_licence_is_told_plainly(
    app: AppStub, framed: FramedPage, deed: str
) -> None:
    inside = framed.open("admin")
    entra = part(inside, "Connect Entra ID")
    app.licence = "inactive"  # it ended while the page was open
    if deed == "save":
        entra.get_by_role("button", name="Save", exact=True).click()
    elif deed == "forget":
        entra.get_by_role("button", name="Forget the connection").click()
        entra.get_by_role("button", name="Yes, forget it").click()
    else:
        inside.get_by_role("button", name="Import everything").click()
    told = inside.get_by_role("alert")
    expect(told).to_contain_text("The licence does not allow changes")
    expect(told).to_contain_text("You can still read everything")
    expect(told.get_by_role("button", name="Try again")).to_have_count(0)
