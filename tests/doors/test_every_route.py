"""A walk over the route table: nothing answers without the token it names."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest

from app.doors.route_table import PUBLIC_ENDPOINTS, check_every_route, taken_by
from tests.doors.conftest import World
from tests.stand_ins.atlassian import context_token, lifecycle_token, page_token

PUBLIC = {
    "/atlassian-connect.json",
    "/health/live",
    "/health/ready",
    "/trust.json",
    "/static/<path:filename>",
}
KIND_OF = {
    "connect": "lifecycle",
    "my-assets": "page",
    "portal": "page",
    "admin": "page",
    "api": "api",
    "forge": "forge",
}
# What a route of an address may take: the import type's calls are judged by more than their kind.
TAKEN = {
    "connect": {"lifecycle"},
    "my-assets": {"page"},
    "portal": {"page"},
    "admin": {"page"},
    "api": {"api", "api of Forge"},
    "forge": {"forge event", "api of Forge"},
}


def guarded(world: World) -> list[tuple[str, str]]:
    return [
        (method, re.sub(r"<[^>]+>", "x", rule.rule))
        for rule in world.app.url_map.iter_rules()
        if rule.endpoint not in PUBLIC_ENDPOINTS
        for method in sorted(rule.methods or ())
        if method != "HEAD"
    ]


def without_id(response: Any) -> dict[str, Any]:
    body = dict(response.get_json())
    assert body.pop("request_id")
    return body


def test_the_public_list_is_the_contracts(world: World) -> None:
    found = {r.rule for r in world.app.url_map.iter_rules() if r.endpoint in PUBLIC_ENDPOINTS}
    assert found == PUBLIC


def test_B8_a_route_without_a_guard_stops_the_app(world: World) -> None:
    world.app.view_functions["settings.overview"] = lambda: "open"
    with pytest.raises(RuntimeError, match=r"settings\.overview"):
        check_every_route(world.app)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "JWT"},
        {"Authorization": "JWT a.b.c"},
        {"Authorization": "Bearer a.b.c"},
        {"Authorization": "Basic YTpi"},
        {"Cookie": "jwt=a.b.c"},
        {"X-Forwarded-User": "admin"},
    ],
)
def test_every_guarded_route_refuses_alike_without_its_token(
    world: World, headers: dict[str, str]
) -> None:
    world.install()
    routes = guarded(world)
    assert len(routes) > 12
    bodies = []
    for method, path in routes:
        response = world.client.open(path, method=method, headers=headers)
        assert response.status_code == 401, (method, path)
        assert response.content_type == "application/problem+json"
        bodies.append(without_id(response))
    assert all(body == bodies[0] for body in bodies)
    assert world.feature.calls == []


def test_every_route_is_marked_with_the_token_of_its_address(world: World) -> None:
    """The kind of token can be told from the address: there is no route of two kinds."""
    for rule in world.app.url_map.iter_rules():
        kind = (taken_by(world.app, rule.endpoint) or "").partition(" ")[0] or None
        assert kind == KIND_OF.get(rule.rule.split("/")[1]), rule.rule
        assert (kind is None) == (rule.rule in PUBLIC)


def test_B2_C7_every_route_refuses_tokens_of_another_kind(world: World) -> None:
    world.install()
    person, event = {"principal": "admin-1"}, {"principal": None, "from_page": False}
    for method, path in guarded(world):
        door = path.split("/")[1]
        kinds = {
            "lifecycle": f"JWT {lifecycle_token(path)}",
            "page": f"JWT {page_token(path, sub='admin-1')}",
            "api": f"JWT {context_token(sub='admin-1')}",
            "api of Forge": f"Bearer {world.forge_keys.token(**person)}",
            "forge event": f"Bearer {world.forge_keys.event(**event)}",
            "api in Forge's scheme": f"Bearer {context_token(sub='admin-1')}",
            "Forge's in the other scheme": f"JWT {world.forge_keys.token(**person)}",
        }
        for kind in kinds.keys() - TAKEN[door]:
            response = world.client.open(
                path, method=method, headers={"Authorization": kinds[kind]}
            )
            assert response.status_code == 401, (method, path, kind)
    assert world.feature.calls == []


def test_B4_a_token_in_a_cookie_or_body_is_never_read(world: World) -> None:
    world.install()
    token = context_token(sub="admin-1")
    world.client.set_cookie("jwt", token)
    assert world.client.get("/api/settings").status_code == 401
    sent = world.client.put("/api/settings/entra", json={"jwt": token})
    assert sent.status_code == 401


def test_options_and_unknown_addresses_answer_no_question(world: World) -> None:
    assert world.client.options("/api/settings").status_code == 405
    assert world.client.options("/static/door.js").status_code == 405
    assert world.client.get("/nothing").status_code == 404
    assert world.client.get("/static/../pyproject.toml").status_code == 404


def test_A21_get_on_a_lifecycle_address_is_405(world: World) -> None:
    response = world.client.get("/connect/installed")
    assert response.status_code == 405
    assert response.content_type == "application/problem+json"


def test_B8_no_header_or_setting_opens_a_door(world: World) -> None:
    fields = {field.name for field in dataclasses.fields(world.settings)}
    assert not [name for name in fields if re.search("auth|debug|insecure|skip", name)]
    for header in ("X-Debug", "X-Forge-Oauth-System", "X-Original-Url", "X-Http-Method-Override"):
        assert world.client.get("/api/settings", headers={header: "1"}).status_code == 401
