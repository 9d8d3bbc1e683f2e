"""A site and a scripted app for the tests of the pages, and a fresh browser context for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from sandbox.frame import mount
from tests.pages.app_stub import AppStub
from tests.pages.fake_site import FakeSite
from tests.pages.framed_page import DESKTOP, FramedPage

PATIENCE_MS = 8_000


@pytest.fixture(scope="session")
def world() -> Iterator[tuple[FakeSite, AppStub]]:
    site = FakeSite()
    site.start()
    app = AppStub(site)
    app.start()
    mount(site, app.base_url)
    yield site, app
    app.stop()
    site.stop()


@pytest.fixture
def app(world: tuple[FakeSite, AppStub]) -> AppStub:
    world[1].reset()
    return world[1]


@pytest.fixture
def framed(chromium: Browser, world: tuple[FakeSite, AppStub]) -> Iterator[FramedPage]:
    size = {"width": DESKTOP[0], "height": DESKTOP[1]}
    context = chromium.new_context(viewport=size, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    made = FramedPage(world[0], context, context.new_page())
    yield made
    context.close()
    assert made.errors == []
