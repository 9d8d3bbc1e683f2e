"""A site and a scripted app for the tests of the pages, and a fresh browser context for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from sandbox.frame import mount
from tests.pages.app_stub import AppStub
from tests.pages.fake_site import FakeSite
from tests.pages.forge_page import ForgePage
from tests.pages.framed_page import DESKTOP, FramedPage
from tests.stand_ins.forge_build import bundled

PATIENCE_MS = 8_000


@pytest.fixture(scope="session")
def world() -> Iterator[tuple[FakeSite, AppStub]]:
    site = FakeSite()
    site.start()
    app = AppStub(site)
    app.start()
    mount(site, app.base_url, kept=site.kept)
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


@pytest.fixture(scope="session")
def forge_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundled(tmp_path_factory.mktemp("forge")) / "static"


@pytest.fixture
def forge(chromium: Browser, app: AppStub, forge_build: Path) -> Iterator[ForgePage]:
    size = {"width": DESKTOP[0], "height": DESKTOP[1]}
    context = chromium.new_context(viewport=size, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    app.door = "forge"
    yield ForgePage(app, forge_build, context, context.new_page())
    context.close()
