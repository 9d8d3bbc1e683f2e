"""A base URL with a path: routes and query hashes hold whether a proxy keeps or strips it."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from app.files import ui_release
from app.settings import read_settings
from tests.doors.conftest import World
from tests.stand_ins.atlassian import (
    APP,
    APP_KEY,
    context_token,
    install_body,
    lifecycle_token,
    page_token,
)


@pytest.fixture(params=["/prefix", "/two/deep", "/my-assets", "/static", "/api", "/a.b~c"])
def prefix(request: Any) -> str:
    return str(request.param)


@pytest.fixture
def below(prefix: str, log_lines: io.StringIO) -> World:
    return World(read_settings({"APP_BASE_URL": APP + prefix}, descriptor_key=APP_KEY))


@pytest.fixture(params=["kept", "stripped"])
def wire(request: Any, prefix: str) -> str:
    """What stands on the wire before the app's own path."""
    return prefix if request.param == "kept" else ""


def install(world: World, wire: str) -> Any:
    token = lifecycle_token(aud=world.settings.app_base_url)
    return world.client.post(
        f"{wire}/connect/installed",
        data=install_body(),
        headers={"Authorization": f"JWT {token}"},
    )


def test_the_token_of_an_install_holds(below: World, wire: str) -> None:
    assert install(below, wire).status_code == 204


@pytest.mark.parametrize("path", ["/my-assets", "/portal/my-assets", "/admin"])
def test_a_pages_token_holds_for_its_own_address(below: World, wire: str, path: str) -> None:
    install(below, wire)
    for asked in (path, "/admin"):
        token = page_token(path, "a=%2F&b=+", sub="admin-1")
        status = below.client.get(f"{wire}{asked}?b=+&a=%2f&jwt={token}").status_code
        assert status == (200 if asked == path else 401), asked


@pytest.mark.parametrize("path", ["/my-assets", "/portal/my-assets", "/admin"])
def test_a_slash_at_the_end_changes_neither_page_nor_hash(
    below: World, wire: str, path: str
) -> None:
    install(below, wire)
    for end, status in (("", 200), ("/", 200), ("//", 404), ("%2F", 401)):
        token = page_token(path, "a=1", sub="admin-1")
        response = below.client.get(f"{wire}{path}{end}?a=1&jwt={token}")
        assert response.status_code == status, end


def test_an_install_may_end_in_a_slash(below: World, wire: str) -> None:
    token = lifecycle_token(aud=below.settings.app_base_url)
    sent = {"Authorization": f"JWT {token}"}
    path = f"{wire}/connect/installed/"
    assert below.client.post(path, data=install_body(), headers=sent).status_code == 204


def test_the_api_answers(below: World, wire: str) -> None:
    install(below, wire)
    headers = {"Authorization": f"JWT {context_token(sub='admin-1')}"}
    assert below.client.get(f"{wire}/api/settings", headers=headers).status_code == 200


def test_what_a_page_loads_lies_below_the_base_url(below: World, wire: str, prefix: str) -> None:
    install(below, wire)
    token = page_token("/my-assets")
    text = below.client.get(f"{wire}/my-assets?jwt={token}").get_data(as_text=True)
    local = re.findall(r'(?:href|src)="(/[^"]*)"', text)
    assert len(local) > 6
    for link in local:
        assert link.startswith(f"{prefix}/static/")
        with below.client.get(wire + link.removeprefix(prefix)) as response:
            assert response.status_code == 200, link


def test_a_page_of_trouble_loads_from_there_too(below: World, wire: str, prefix: str) -> None:
    install(below, wire)
    token = page_token("/admin", sub="employee")
    response = below.client.get(f"{wire}/admin?jwt={token}")
    assert response.status_code == 403
    text = response.get_data(as_text=True)
    assert f'href="{prefix}/static/{ui_release()}/style/base.css"' in text


def test_the_descriptor_names_the_whole_base_url(below: World, wire: str, prefix: str) -> None:
    body = below.client.get(f"{wire}/atlassian-connect.json").get_json()
    assert body["baseUrl"] == APP + prefix
    assert body["links"]["self"] == f"{APP}{prefix}/atlassian-connect.json"


def test_a_word_that_only_begins_like_the_prefix_is_another_address(below: World) -> None:
    prefix = below.settings.app_base_url.removeprefix(APP)
    assert below.client.get(f"{prefix}x/health/live").status_code == 404


@pytest.mark.parametrize("asked", ["https://app.example.com/health/live", "/health/live#part"])
def test_the_request_line_may_name_a_whole_address(world: World, asked: str) -> None:
    for name in ("REQUEST_URI", "RAW_URI"):
        environ = {name: asked, "PATH_INFO": "/health/live", "REQUEST_METHOD": "GET"}
        assert world.client.open("/health/live", environ_overrides=environ).status_code == 200


def test_a_server_without_a_raw_path_answers_too(world: World) -> None:
    assert (
        world.client.get("/health/live", environ_overrides={"REQUEST_URI": ""}).status_code == 200
    )
    world.install()
    path = f"/my-assets?jwt={page_token('/my-assets')}"
    overrides = {"REQUEST_URI": ""}
    assert world.client.get(path, environ_overrides=overrides).status_code == 200
