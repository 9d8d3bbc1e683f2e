"""The vendor's desk as a process beside the app, its staff's provider, and a real browser."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Frame, Page, expect

from sandbox.staff import STAFF
from sandbox.vendor_desk import VendorDesk
from tests.end_to_end.conftest import Life
from tests.pages.looks import look

pytestmark = [pytest.mark.live, pytest.mark.browser]

VERA, ANTON, _ = STAFF.values()


@dataclass
class Running:
    desk: VendorDesk
    log: Path


@pytest.fixture(scope="module")
def running(life: Life, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    log = tmp_path_factory.mktemp("desk") / "log"
    with log.open("w") as stream:
        desk = VendorDesk(life.world.environment() | {"LOG_LEVEL": "DEBUG"}, stream)
        try:
            desk.start()
            yield Running(desk, log)
        finally:
            desk.stop()


class Open:
    """The desk in a browser: what `look` asks of a page."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self._address = address
        self.said: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))

    @property
    def frame(self) -> Frame:
        return self.page.main_frame

    def width(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def theme(self, mode: str) -> None:
        self.page.emulate_media(color_scheme="dark" if mode == "dark" else "light")

    def go(self, path: str = "/") -> None:
        self.page.goto(self._address + path)

    def sign_in(self, name: str) -> None:
        self.go()
        self.page.get_by_role("button", name="Sign in at the provider").press("Enter")
        self.page.get_by_label(name).check()
        self.page.get_by_role("button", name="Sign in").press("Enter")
        expect(self.page.get_by_role("heading", name="What are you here for?")).to_be_visible()

    def say(self, cause: str, number: str) -> None:
        self.page.get_by_label("Cause").select_option(cause)
        self.page.get_by_label("Number of the case").fill(number)
        self.page.keyboard.press("Enter")


@pytest.fixture
def opened(running: Running, chromium: Browser) -> Iterator[Open]:
    context = chromium.new_context()
    yield Open(context.new_page(), running.desk.address)
    context.close()


def test_a_look_at_the_desk_from_the_sign_in_to_the_sign_out(
    life: Life, running: Running, opened: Open
) -> None:
    """With the keyboard, in both themes and widths, without a word of script."""
    page = opened.page
    opened.go()
    look(opened, "desk-sign-in")
    opened.sign_in(ANTON.name)
    opened.say("audit", "Mr Miller")
    expect(page.get_by_label("Number of the case")).to_be_focused()
    look(opened, "desk-case")
    opened.say("audit", "AUD-17")
    site = page.get_by_role("link", name=re.sub("^https?://", "", life.world.site.base_url))
    expect(site).to_be_visible()
    look(opened, "desk-instances")
    site.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(life.world.site.base_url)
    look(opened, "desk-instance")
    page.get_by_role("link", name="Receipts").press("Enter")
    look(opened, "desk-receipts")
    (cookie,) = page.context.cookies(running.desk.address)
    assert (cookie["name"], cookie["sameSite"]) == ("__Host-desk", "Strict")
    assert cookie["secure"]
    assert cookie["httpOnly"]
    assert page.evaluate("() => [document.scripts.length, document.cookie]") == [0, ""]
    page.get_by_role("button", name="Sign out").press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.context.cookies(running.desk.address) == []
    assert not any("Content Security Policy" in each for each in opened.said)
    assert "Miller" not in running.log.read_text()


def test_what_the_provider_ends_is_ended_in_the_open_browser(
    running: Running, opened: Open
) -> None:
    opened.sign_in(VERA.name)
    opened.say("support", "SUP-1")
    expect(opened.page.get_by_role("heading", name="Instances")).to_be_visible()
    assert running.desk.provider.sign_out(running.desk.client_id, VERA.subject) == 200
    opened.page.reload()
    expect(opened.page.get_by_role("heading", name="Sign in first")).to_be_visible()
    look(opened, "desk-signed-out")


def test_the_log_tells_who_looked_and_names_nobody(running: Running, opened: Open) -> None:
    opened.sign_in(VERA.name)
    opened.say("support", "SUP-2")
    expect(opened.page.get_by_role("heading", name="Instances")).to_be_visible()
    (cookie,) = opened.page.context.cookies(running.desk.address)
    told = running.log.read_text()
    assert '"reason": "support SUP-2"' in told
    secret = running.desk.environment()["DESK_CLIENT_SECRET"]
    for piece in ("eyJ", cookie["value"], secret, "code=", VERA.name, VERA.email, VERA.subject):
        assert piece not in told


def test_no_request_of_the_customers_app_reaches_the_desk(life: Life, running: Running) -> None:
    for path in ("/sign-in", "/signed-in", "/instances", "/receipts", "/back-channel-logout"):
        assert requests.get(life.world.app_base_url + path, timeout=5).status_code == 404
    for path in ("/atlassian-connect.json", "/health/live", "/api/settings", "/my-assets"):
        assert requests.get(running.desk.address + path, timeout=5).status_code == 404


def test_what_the_server_answers_itself_has_the_headers_too(running: Running) -> None:
    address = running.desk.address
    answer = requests.get(address, headers={"X-Long": "x" * 40_000}, timeout=5)
    assert answer.status_code == 431
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-cache, no-store"
    assert "Server" not in answer.headers


def test_without_its_variables_the_command_is_2_and_names_them_all() -> None:
    command = Path(sys.executable).parent / "my-assets"
    ended = subprocess.run(
        [command, "vendor", "desk"], env={"APP_BASE_URL": "https://app.vendor.example"},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (2, "")
    for name in ("BASE_URL", "ISSUER", "CLIENT_ID", "CLIENT_SECRET", "STAFF_KEY", "VIEWER_GROUPS"):
        assert f"DESK_{name}" in ended.stderr
    assert "Traceback" not in ended.stderr
