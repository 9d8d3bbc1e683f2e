"""What the administration asks on Forge: the app's own access, and an import by its ids."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.pages import answers
from tests.pages.administration import last_body, part
from tests.pages.app_stub import AppStub
from tests.pages.forge_page import ForgePage
from tests.pages.framed_page import FramedPage
from tests.pages.looks import look

pytestmark = [pytest.mark.browser, pytest.mark.forge]

OWN = "own access"
PERSON = "Use the account of a person"


def test_the_apps_own_access_is_the_default_and_says_which_role_to_grant(
    app: AppStub, forge: ForgePage
) -> None:
    app.states = answers.nothing_set()
    forge.open("admin")
    access = part(forge.page, "Connect Assets")
    expect(access.get_by_label(OWN)).to_be_checked()
    expect(access).to_contain_text("Object Schema Users")
    expect(access).to_contain_text("Object Schema Managers")
    expect(access.get_by_label("API token", exact=True)).to_be_hidden()
    expect(access.get_by_label("E-mail address of the account")).to_be_hidden()
    access.get_by_role("button", name="Save", exact=True).click()
    expect(access).to_contain_text("Saved. It holds from now on.")
    assert last_body(app, "PUT", "/api/settings/assets-access") == {"mode": "app"}


def test_a_persons_account_is_asked_for_when_it_is_chosen(app: AppStub, forge: ForgePage) -> None:
    app.states = answers.nothing_set()
    forge.open("admin")
    access = part(forge.page, "Connect Assets")
    access.get_by_label(PERSON).check()
    access.get_by_label("E-mail address of the account").fill("ines@contoso.example")
    access.get_by_label("API token", exact=True).fill("token-123456789")
    access.get_by_role("button", name="Save", exact=True).click()
    expect(access).to_contain_text("Saved. It holds from now on.")
    body = last_body(app, "PUT", "/api/settings/assets-access")
    account = {"email": "ines@contoso.example", "api_token": "token-123456789"}
    assert body == {"mode": "api_token", **account}
    expect(access).to_contain_text("it ends in …6789")


def test_going_back_to_the_apps_own_access_sends_no_token(app: AppStub, forge: ForgePage) -> None:
    forge.open("admin")
    access = part(forge.page, "Connect Assets")
    expect(access.get_by_label(PERSON)).to_be_checked()
    expect(access.get_by_label("API token", exact=True)).to_be_visible()
    access.get_by_label("API token", exact=True).fill("typed-and-not-sent")
    access.get_by_label(OWN).check()
    expect(access.get_by_label("API token", exact=True)).to_be_hidden()
    access.get_by_role("button", name="Save", exact=True).click()
    expect(access).to_contain_text("Saved. It holds from now on.")
    assert last_body(app, "PUT", "/api/settings/assets-access") == {"mode": "app"}


def test_the_choice_is_made_by_the_keyboard_alone(app: AppStub, forge: ForgePage) -> None:
    app.states = answers.nothing_set()
    forge.open("admin")
    access = part(forge.page, "Connect Assets")
    access.get_by_label(OWN).focus()
    forge.page.keyboard.press("ArrowDown")
    expect(access.get_by_label(PERSON)).to_be_checked()
    forge.page.keyboard.press("Tab")
    expect(access.get_by_label("E-mail address of the account")).to_be_focused()


def test_the_import_is_named_by_its_ids_instead_of_a_token(app: AppStub, forge: ForgePage) -> None:
    app.states["import"] = {"set": True, "import_source_id": "imp-7", "workspace_id": "ws-1"}
    forge.open("admin")
    rules = part(forge.page, "What to import")
    expect(rules.get_by_label("Token of the external import")).to_have_count(0)
    expect(rules).to_contain_text("Microsoft Entra ID (My Assets)")
    expect(rules.get_by_label("ID of the import in Assets")).to_have_value("imp-7")
    rules.get_by_label("ID of the Assets workspace").fill("ws-2")
    rules.get_by_role("button", name="Save", exact=True).click()
    expect(rules).to_contain_text("Saved. It holds from now on.")
    body = last_body(app, "PUT", "/api/settings/import")
    assert isinstance(body, dict)
    assert (body["import_source_id"], body["workspace_id"]) == ("imp-7", "ws-2")


def test_on_connect_nothing_of_this_is_asked(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    access, rules = part(inside, "Connect Assets"), part(inside, "What to import")
    expect(access.get_by_role("radio")).to_have_count(0)
    expect(rules.get_by_label("Token of the external import")).to_be_visible()
    expect(rules.get_by_label("ID of the import in Assets")).to_have_count(0)
    access.get_by_role("button", name="Save", exact=True).click()
    expect(access).to_contain_text("Saved. It holds from now on.")
    body = last_body(app, "PUT", "/api/settings/assets-access")
    assert body == {"mode": "api_token", "email": "ines.kaltbrunn@contoso.example"}


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
@pytest.mark.parametrize("mode", ["app", "api_token"])
def test_the_forms_are_whole_and_accessible(
    app: AppStub, forge: ForgePage, locale: str, mode: str
) -> None:
    app.states = answers.nothing_set()
    app.states["assets-access"] = {"set": True, "mode": mode}
    app.licence = "inactive"
    forge.open("admin", locale)
    expect(forge.page.locator(".history, .imports p.subtle").first).to_be_visible()
    for opener in forge.page.locator(".part-open").all()[:3]:
        if opener.get_attribute("aria-expanded") == "false":
            opener.click()
    forge.page.evaluate("scrollTo(0, 0)")
    look(forge, f"forge-admin-{mode}-{locale[:2]}")
