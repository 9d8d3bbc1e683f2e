"""A site and a scripted app for the tests of the pages, and a fresh browser context for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

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


def _reader(chromium: Browser) -> BrowserContext:
    """Somebody's browser, in English and without motion."""
    size = {"width": DESKTOP[0], "height": DESKTOP[1]}
    context = chromium.new_context(viewport=size, locale="en-GB", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture(scope="session")
def reader(chromium: Browser) -> Iterator[BrowserContext]:
    """One reader for most tests, who has the pages' files already: they load in half the time."""
    context = _reader(chromium)
    yield context
    context.close()


@pytest.fixture
def framed(
    request: pytest.FixtureRequest, chromium: Browser, world: tuple[FakeSite, AppStub]
) -> Iterator[FramedPage]:
    """A page of its own; and a browser of its own for a `newcomer`, whose clock may be held."""
    alone = request.node.get_closest_marker("newcomer") is not None
    context = _reader(chromium) if alone else request.getfixturevalue("reader")
    made = FramedPage(world[0], context, context.new_page())
    yield made
    made.page.close()
    if alone:
        context.close()
    else:
        assert context.cookies() == []
        context.unroute_all()
        context.clear_permissions()
    assert made.errors == []


@pytest.fixture(scope="session")
def forge_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundled(tmp_path_factory.mktemp("forge")) / "static"


@pytest.fixture
def forge(chromium: Browser, app: AppStub, forge_build: Path) -> Iterator[ForgePage]:
    context = _reader(chromium)
    app.door = "forge"
    yield ForgePage(app, forge_build, context, context.new_page())
    context.close()
