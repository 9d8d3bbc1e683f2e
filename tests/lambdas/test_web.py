"""The web function: an event of the REST API is the request that stood on the wire."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest

from lambdas.web import door_to
from tests.doors.conftest import World
from tests.lambdas.events import rest_event
from tests.stand_ins.atlassian import context_token, install_body, lifecycle_token, page_token

# A slash, a question mark and a percent sign inside values, and what else encoding may trip over.
QUERIES = (
    "a=%2F",
    "a=%3F&b=%25",
    "a=%252F",
    "xdm_e=https%3A%2F%2Facme.atlassian.net&cp=&lic=none&cv=1.1%2B2",
    "loc=de-DE&q=a+b&q=%2B&q=%20",
    "z=1&a=2&a=1&empty=&%C3%A4=%C3%B6%2C%E2%82%AC",
)


def answered(world: World, event: dict[str, Any]) -> Any:
    return door_to(world.app)(event, None)


def status(world: World, path: str, query: str, token: str) -> int:
    whole = f"{query}&jwt={token}" if query else f"jwt={token}"
    found: int = answered(world, rest_event("GET", path, whole))["statusCode"]
    return found


@pytest.mark.parametrize("query", QUERIES)
def test_a_pages_query_hash_holds_whatever_is_encoded_in_the_query(
    world: World, query: str
) -> None:
    world.install()
    assert status(world, "/my-assets", query, page_token("/my-assets", query)) == 200


@pytest.mark.parametrize("query", QUERIES)
def test_another_query_is_refused(world: World, query: str) -> None:
    world.install()
    token = page_token("/my-assets", query)
    assert status(world, "/my-assets", f"{query}&more=1", token) == 401
    assert status(world, "/my-assets", "", token) == 401


@pytest.mark.parametrize("path", ["/portal%2Fmy-assets", "/my%2Dassets", "/%6Dy-assets"])
def test_a_pages_query_hash_holds_for_an_encoded_path(world: World, path: str) -> None:
    world.install()
    assert status(world, path, "a=%2F", page_token(path, "a=%2F")) == 200


def test_a_gateway_that_decodes_the_path_would_break_it(world: World) -> None:
    """Why the API is a REST API: this is what an HTTP API would hand over."""
    world.install()
    path = "/portal%2Fmy-assets"
    assert status(world, unquote(path), "a=%2F", page_token(path, "a=%2F")) == 401


@pytest.mark.parametrize("path", ["/a%3Fb", "/a%25b", "/static%2F..%2Fx", "/%2Fadmin", "/a%23b"])
def test_an_encoded_sign_in_a_path_stays_part_of_the_path(world: World, path: str) -> None:
    assert answered(world, rest_event("GET", path))["statusCode"] in (401, 404)


def test_an_install_and_an_api_call_go_through(world: World) -> None:
    headers = {"Authorization": f"JWT {lifecycle_token()}", "Content-Type": "application/json"}
    body = install_body().decode()
    made = answered(world, rest_event("POST", "/connect/installed", "", headers, body))
    assert (made["statusCode"], made["body"]) == (204, "")
    headers = {"Authorization": f"JWT {context_token(sub='admin-1')}"}
    asked = answered(world, rest_event("GET", "/api/settings", "", headers))
    assert (asked["statusCode"], json.loads(asked["body"])) == (200, {"answered": True})


def test_a_body_in_base64_is_the_body(world: World) -> None:
    from base64 import b64encode

    headers = {"Authorization": f"JWT {lifecycle_token()}", "Content-Type": "application/json"}
    body = b64encode(install_body()).decode()
    event = rest_event("POST", "/connect/installed", "", headers, body)
    assert answered(world, event | {"isBase64Encoded": True})["statusCode"] == 204


def test_an_answer_carries_every_header_once_and_no_cookie(world: World) -> None:
    given = answered(world, rest_event("GET", "/api/settings"))
    assert given["statusCode"] == 401
    headers = given["multiValueHeaders"]
    for name in ("Strict-Transport-Security", "X-Content-Type-Options", "Content-Security-Policy",
                 "Referrer-Policy", "Cache-Control"):  # fmt: skip
        assert len(headers[name]) == 1
    assert "Set-Cookie" not in headers
    assert given["isBase64Encoded"] is False


def test_every_static_file_is_text_that_the_gateway_passes_on(world: World) -> None:
    from app.files import ui_folder

    kinds = {each.suffix for each in ui_folder().rglob("*") if each.is_file()}
    assert kinds == {".js", ".css", ".html"}
    given = answered(world, rest_event("GET", "/static/style/base.css"))
    assert given["statusCode"] == 200
    assert given["body"]
