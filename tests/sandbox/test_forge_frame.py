"""A page as Forge shows it: another origin, a strict policy, and a bridge to the host."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, expect

from sandbox.frame import mount
from tests.sandbox.forge_world import ForgeWorld


@pytest.fixture(scope="module")
def framed() -> Iterator[ForgeWorld]:
    made = ForgeWorld()
    mount(made.site, made.app.base_url, made.forge)
    yield made
    made.close()


def address(framed: ForgeWorld, module: str, account: str) -> requests.Response:
    asked = {"module": module, "account": account, "loc": "de_DE", "tz": "Europe/Berlin"}
    return requests.get(f"{framed.site.base_url}/frame/ask/address", params=asked, timeout=5)


def test_a_page_lies_on_an_origin_of_its_own_and_may_do_little(framed: ForgeWorld) -> None:
    url = address(framed, "my-assets", framed.employee).json()["url"]
    assert not url.startswith((framed.site.base_url, framed.app.base_url))
    got = requests.get(url, timeout=5)
    policy = got.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe-inline" not in policy
    assert f"frame-ancestors {framed.site.base_url}" in policy
    assert got.text.index("__bridge.js") < got.text.index("<meta")


def test_only_the_bundles_own_files_are_served(framed: ForgeWorld) -> None:
    begin = framed.forge.cdn.address("mine").removesuffix("index.html")
    assert requests.get(f"{begin}page.js", timeout=5).status_code == 200
    for other in ("../../manifest.yml", "%2e%2e/%2e%2e/manifest.yml", "nothing.js"):
        assert requests.get(begin + other, timeout=5).status_code >= 400


def test_who_is_there_is_the_same_as_behind_the_other_door(framed: ForgeWorld) -> None:
    got = requests.get(f"{framed.site.base_url}/frame/ask/people", timeout=5).json()
    roles = [one["role"] for one in got["people"]]
    assert roles == ["administrator", "employee", "employee", "employee", "customer"]
    assert got["door"] == "forge"


def test_without_an_installation_or_a_bundle_the_host_says_so(framed: ForgeWorld) -> None:
    folders = framed.forge.cdn.folders
    framed.forge.cdn.folders = {}
    got = address(framed, "my-assets", framed.employee)
    framed.forge.cdn.folders = folders
    assert got.status_code == 409
    assert "make forge-bundle" in got.json()["error"]
    framed.forge.uninstall()
    got = address(framed, "my-assets", framed.employee)
    framed.forge.install()
    assert (got.status_code, got.json()["error"]) == (409, "The app is not installed.")


@pytest.mark.browser
def test_the_bridge_answers_what_pages_use_and_names_what_it_does_not(
    framed: ForgeWorld, chromium: Browser
) -> None:
    page = chromium.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    asked = f"as={framed.employee}&open=my-assets&loc=de_DE&mode=dark"
    page.goto(f"{framed.site.base_url}/jira?{asked}")
    inside = page.frame_locator("iframe")
    expect(inside.locator("output")).to_have_text(
        'true 200 /api/echo de-DE This Forge does not play "openModal".'
    )
    expect(inside.locator("html")).to_have_attribute("data-color-mode", "dark")
    page.select_option("#mode", "light")
    expect(inside.locator("html")).to_have_attribute("data-color-mode", "light")
    page.close()
    assert framed.app.heard[-1].claims["principal"] == framed.employee
    assert framed.app.heard[-1].body == {"from": framed.employee}
    assert [text for text in complaints if "Content Security Policy" in text] == []


@pytest.mark.browser
def test_a_message_from_elsewhere_is_not_answered(framed: ForgeWorld, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(f"{framed.site.base_url}/jira?as={framed.employee}&open=my-assets")
    inside = page.frame_locator("iframe")
    expect(inside.locator("output")).to_contain_text("true 200")
    before = len(framed.app.heard)
    ask = "{ channel: 'guessed', ask: 'invoke', id: 1, values: [{ path: '/api/echo' }] }"
    page.evaluate(f"() => window.postMessage({ask}, '*')")
    handle = page.wait_for_selector("iframe")
    assert handle is not None
    frame = handle.content_frame()
    assert frame is not None
    frame.evaluate(f"() => parent.postMessage({ask}, '*')")
    page.wait_for_timeout(200)
    page.close()
    assert len(framed.app.heard) == before
