"""The app may stand below a path: then all that a page loads and asks stands there too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.pages.app_stub import AppStub
from tests.pages.framed_page import FramedPage

pytestmark = pytest.mark.browser

BASE = "/two/deep"


@pytest.mark.parametrize("module", ["my-assets", "admin"])
def test_a_page_below_a_path_asks_nothing_above_it(
    app: AppStub, framed: FramedPage, module: str
) -> None:
    app.base = BASE
    below: set[str] = set()

    def strip(route: Route) -> None:
        """As a proxy that keeps the path to itself; what is seen of the request is what follows."""
        url = route.request.url.replace(BASE, "", 1)
        below.add(url)
        route.continue_(url=url)

    framed.page.route(f"{app.base_url}{BASE}/**", strip)
    framed.open(module)
    expect(framed.inside.locator(".row, .history").first).to_be_visible()
    asked = {one.url for one in framed.requests if one.frame == framed.frame}
    own = {url for url in asked if url.startswith(app.base_url) and "/pages/" not in url}
    assert own == below
    assert any("/api/" in url for url in below)
