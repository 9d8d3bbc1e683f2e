"""Who may frame the pages: the site that installed the app, and nobody else."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page
from werkzeug.wrappers import Response

from sandbox.http import Service
from tests.end_to_end.conftest import Life

pytestmark = [pytest.mark.live, pytest.mark.browser]


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("module", ["my-assets", "admin", "my-assets-portal"])
def test_a_foreign_site_frames_nothing_even_with_a_good_token(
    life: Life, page: Page, module: str
) -> None:
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        said.append(message.text)

    page.on("console", hear)
    account = life.world.site.cast.administrator
    address = life.world.site.page_address(account, module)
    foreign = Service("a foreign site")
    frame = f'<!doctype html><iframe src="{html.escape(address)}"></iframe>'
    foreign.add_route("GET", "/", lambda _request: Response(frame, mimetype="text/html"))
    foreign.start()
    try:
        page.goto(foreign.base_url)
        page.wait_for_timeout(500)
        (framed,) = page.main_frame.child_frames
        assert framed.url.startswith("chrome-error:")
        assert any("frame-ancestors" in one for one in said)
    finally:
        foreign.stop()
