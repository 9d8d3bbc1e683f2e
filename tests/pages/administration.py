"""What the tests of the administration share: opening a part, reading what was sent."""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Locator, Page

from tests.pages.app_stub import AppStub


def part(inside: FrameLocator | Page, title: str) -> Locator:
    """A part of the settings, opened."""
    found = inside.locator(".part").filter(has=inside.get_by_role("heading", name=title))
    opener = found.get_by_role("button", name=title).first
    if opener.get_attribute("aria-expanded") == "false":
        opener.click()
    return found


def last_body(app: AppStub, method: str, path: str) -> object:
    return next(b for m, p, b in reversed(app.bodies) if (m, p) == (method, path))
