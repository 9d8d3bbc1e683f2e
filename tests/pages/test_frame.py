"""The stand-in of Jira's frame: what it puts into an address, whom it answers, whom it does not."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from playwright.sync_api import expect

from sandbox.frame import CONNECT_SCRIPT, HOME, mount
from sandbox.site import Site
from tests.pages.app_stub import AppStub
from tests.pages.fake_site import ADMINISTRATOR, CUSTOMER, EMPLOYEE, digest
from tests.pages.framed_page import FramedPage


def address(app: AppStub, module: str, account: str = EMPLOYEE) -> requests.Response:
    asked = {"module": module, "account": account, "loc": "de_DE", "tz": "Europe/Berlin"}
    return requests.get(f"{app.site.base_url}/frame/ask/address", params=asked, timeout=5)


def test_an_address_carries_what_jira_adds_and_a_token_over_all_of_it(app: AppStub) -> None:
    url = address(app, "my-assets").json()["url"]
    assert url.startswith(f"{app.base_url}/pages/my-assets?from=jira&")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query, True).items()}
    assert asked["xdm_e"] == app.site.base_url
    assert (asked["loc"], asked["tz"], asked["cp"]) == ("de_DE", "Europe/Berlin", "")
    assert {"xdm_c", "lic"} <= asked.keys()
    signed = url.removeprefix(app.base_url).rpartition("&jwt=")[0]
    assert asked["jwt"] == f"page.{EMPLOYEE}.{digest('GET', signed)}"


def test_each_frame_has_a_channel_of_its_own(app: AppStub) -> None:
    channels = {address(app, "admin").json()["channel"] for _ in range(2)}
    assert len(channels) == 2


def test_a_module_the_app_does_not_have_is_404(app: AppStub) -> None:
    assert address(app, "no-such-module").status_code == 404


def test_the_switcher_knows_an_administrator_employees_and_a_customer(app: AppStub) -> None:
    got = requests.get(f"{app.site.base_url}/frame/ask/people", timeout=5).json()
    roles = [(one["account"], one["role"]) for one in got["people"]]
    assert roles[0] == (ADMINISTRATOR, "administrator")
    assert roles[-1] == (CUSTOMER, "customer")
    assert [role for _, role in roles].count("employee") == 3


@pytest.mark.parametrize("name", ["../mount.py", "%2e%2e/mount.py", "nothing.js"])
def test_only_the_frames_own_files_are_served(app: AppStub, name: str) -> None:
    got = requests.get(f"{app.site.base_url}/frame/{name}", timeout=5)
    assert got.status_code >= 400


def test_it_stands_on_the_real_site_and_says_when_nothing_is_installed(app: AppStub) -> None:
    site = Site()
    site.start()
    home = mount(site, app.base_url)
    assert home == f"{site.base_url}{HOME}"
    assert requests.get(home, timeout=5).status_code == 200
    assert requests.get(f"{site.base_url}{CONNECT_SCRIPT}", timeout=5).status_code == 200
    roles = requests.get(f"{site.base_url}/frame/ask/people", timeout=5).json()["people"]
    assert {one["role"] for one in roles} == {"administrator", "employee", "customer"}
    asked = {"module": "my-assets", "account": roles[0]["account"], "loc": "", "tz": ""}
    got = requests.get(f"{site.base_url}/frame/ask/address", params=asked, timeout=5)
    assert got.status_code == 409
    site.stop()


@pytest.mark.browser
def test_a_customer_is_offered_the_portal_page_only(app: AppStub, framed: FramedPage) -> None:
    framed.open("admin", person=CUSTOMER)
    expect(framed.page.get_by_role("navigation").get_by_role("button")).to_have_text(["My Assets"])
    expect(framed.inside.locator(".row")).to_have_count(7)


@pytest.mark.browser
def test_a_message_on_another_channel_gets_no_token(app: AppStub, framed: FramedPage) -> None:
    inside = framed.open()
    expect(inside.locator(".row")).to_have_count(7)
    asked = [one for one in framed.requests if "/frame/ask/token" in one.url]
    framed.frame.evaluate(
        "() => parent.postMessage({ channel: 'guessed', ask: 'token', id: 1, values: [] }, '*')"
    )
    inside.get_by_label("Sort by").select_option("Type")
    expect(inside.locator("h2.rows-type")).to_have_count(3)
    tokens = [one for one in framed.requests if "/frame/ask/token" in one.url]
    assert len(tokens) == len(asked) + 1
