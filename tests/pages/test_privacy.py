"""Nobody is tracked: no cookie, no storage, no request but to the app and one Connect script."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.pages.app_stub import AppStub
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser

KEPT = """
async () => ({
  cookies: document.cookie,
  local: localStorage.length,
  session: sessionStorage.length,
  databases: (await indexedDB.databases()).length,
  caches: (await caches.keys()).length,
})
"""
NOTHING = {"cookies": "", "local": 0, "session": 0, "databases": 0, "caches": 0}


@pytest.mark.parametrize("module", ["my-assets", "admin"])
def test_a_page_keeps_nothing_and_asks_nobody_else(
    app: AppStub, framed: FramedPage, module: str
) -> None:
    inside = framed.open(module)
    expect(inside.locator("main")).not_to_have_attribute("aria-busy", "true")
    inside.get_by_role("button").first.click()
    expect(inside.locator(".row, .history").first).to_be_visible()
    assert framed.frame.evaluate(KEPT) == NOTHING
    assert framed.context.cookies() == []
    framed_requests = [one for one in framed.requests if one.frame == framed.frame]
    foreign = {one.url for one in framed_requests if not one.url.startswith(app.base_url)}
    assert foreign == {f"{framed.site.base_url}/frame/all.js"}


@pytest.mark.parametrize("module", ["my-assets", "admin"])
def test_a_page_breaks_no_rule_of_its_policy(app: AppStub, framed: FramedPage, module: str) -> None:
    said: list[str] = []
    loud = ("error", "warning")
    framed.page.on("console", lambda one: one.type in loud and said.append(one.text))
    inside = framed.open(module)
    expect(inside.locator(".row, .history").first).to_be_visible()
    assert said == []


def test_each_call_carries_a_token_and_no_cookie(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open("admin")
    expect(inside.locator(".history")).to_be_visible()
    calls = [one for one in app.calls if one.path.startswith("/api/")]
    assert {call.path for call in calls} >= {"/api/settings", "/api/imports"}
    assert {call.auth for call in calls} == {"jwt"}
    sent = [one for one in framed.requests if "/api/" in one.url]
    assert all("cookie" not in one.all_headers() for one in sent)


def test_no_token_stands_in_an_address_of_the_api(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    expect(inside.locator(".row").first).to_be_visible()
    assert all("jwt" not in call.query for call in app.calls if call.path.startswith("/api/"))
