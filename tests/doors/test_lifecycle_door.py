"""Install and uninstall over HTTP: statuses, refusals that look alike, nothing leaked."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from app.instances.events import MAX_BODY_BYTES
from tests.doors.conftest import World
from tests.doors.test_every_route import without_id
from tests.stand_ins.atlassian import (
    AT,
    SECRET,
    context_token,
    install_body,
    lifecycle_token,
    page_token,
    uninstall_body,
)


def send(world: World, path: str, body: bytes, token: str) -> Any:
    return world.client.post(path, data=body, headers={"Authorization": f"JWT {token}"})


def uninstall(world: World, **token: Any) -> Any:
    signed = lifecycle_token("/connect/uninstalled", **token)
    return send(world, "/connect/uninstalled", uninstall_body(), signed)


def test_an_install_is_204_with_no_body(world: World) -> None:
    response = world.install()
    assert (response.status_code, response.data) == (204, b"")


def test_after_an_install_its_pages_open_and_after_an_uninstall_they_do_not(world: World) -> None:
    world.install()
    assert world.client.get(f"/my-assets?jwt={page_token('/my-assets')}").status_code == 200
    assert uninstall(world, iat=AT + 1).status_code == 204
    assert world.client.get(f"/my-assets?jwt={page_token('/my-assets')}").status_code == 401
    (reference,) = world.table.all()
    assert (reference.state, reference.connect_secret) == ("uninstalled", None)


def test_A5_A15_a_body_of_another_instance_is_refused_and_changes_nothing(world: World) -> None:
    world.install()
    world.install(clientKey="client-b")
    before = sorted(world.table.all(), key=lambda r: r.instance_id)
    token = lifecycle_token(iss="client-b", iat=AT + 1)
    assert send(world, "/connect/installed", install_body(), token).status_code == 401
    gone = lifecycle_token("/connect/uninstalled", iss="client-b", iat=AT + 1)
    assert send(world, "/connect/uninstalled", uninstall_body(), gone).status_code == 401
    assert sorted(world.table.all(), key=lambda r: r.instance_id) == before


def test_the_log_says_which_instance_went_though_an_uninstall_names_no_address(
    world: World, log_lines: io.StringIO
) -> None:
    world.install()
    uninstall(world, iat=AT + 1)
    (reference,) = world.table.all()
    told = [json.loads(line) for line in log_lines.getvalue().splitlines()]
    made = [(each["kind"], each["made"], each["instance_id"], each["site"]) for each in told
            if each["event"] == "lifecycle"]  # fmt: skip
    assert made == [
        ("installed", "create", reference.instance_id, reference.base_url),
        ("uninstalled", "uninstall", reference.instance_id, None),
    ]


def test_A16_the_uninstall_of_an_unknown_instance_is_204(world: World) -> None:
    assert uninstall(world).status_code == 204
    assert list(world.table.all()) == []


def test_refusals_look_the_same_whatever_is_wrong(world: World) -> None:
    world.install()
    tokens = [
        lifecycle_token(aud="https://other.example.com"),
        lifecycle_token(qsh="context-qsh"),
        lifecycle_token(exp=AT - 1),
        lifecycle_token(iss="client-b"),
        lifecycle_token(header={"kid": "unknown"}),
        context_token(),
        page_token("/connect/installed"),
        "a.b.c",
    ]
    bodies = []
    for token in tokens:
        response = send(world, "/connect/installed", install_body(), token)
        assert response.status_code == 401
        bodies.append(without_id(response))
    assert all(body == bodies[0] for body in bodies)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (install_body(sharedSecret=None), 400),
        (install_body(clientKey=7), 400),
        (b" " * (MAX_BODY_BYTES + 1), 413),
        (b" " * 2_000_000, 413),
        (b'{"a":' * 60_000, 413),
    ],
)
def test_A20_a_bad_body_behind_a_good_token_is_a_clear_error(
    world: World, body: bytes, status: int
) -> None:
    response = send(world, "/connect/installed", body, lifecycle_token())
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    assert list(world.table.all()) == []


def test_a_bad_body_behind_a_bad_token_is_refused_like_any_other(world: World) -> None:
    response = send(world, "/connect/installed", b"[]", "a.b.c")
    assert response.status_code == 401


def test_B17_no_token_and_no_secret_reaches_a_log_line(
    world: World, log_lines: io.StringIO
) -> None:
    world.install()
    send(world, "/connect/installed", install_body(clientKey="client-b"), lifecycle_token())
    page = page_token("/my-assets")
    world.client.get(f"/my-assets?jwt={page}")
    context = context_token()
    world.client.get("/api/my-assets", headers={"Authorization": f"JWT {context}"})
    text = log_lines.getvalue()
    assert text.count('"event": "request"') == 4
    for canary in (SECRET, page, context, "account-1", "eyJ"):
        assert canary not in text


def test_the_table_being_down_is_503(world: World) -> None:
    world.table.fail("read", "before")
    assert world.install().status_code == 503
