"""What Forge itself sends: lifecycle events, the hourly tick, the functions of the import type."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.doors.forge_events import LEAVING_KEY, TRIGGER_KEY
from tests.doors.conftest import World
from tests.doors.forge_side import ask, event, function, headers, system_token
from tests.doors.test_every_route import without_id
from tests.stand_ins.atlassian import AT
from tests.stand_ins.forge_tokens import CLOUD, OTHER_CLOUD, OTHER_INSTALLATION

INSTALLED = {"eventType": "avi:forge:installed:app", "context": f"ari:cloud:jira::site/{CLOUD}"}
UPGRADED = {"eventType": "avi:forge:upgraded:app", "permissions": {"scopes": []}}
LEAVING = {"context": {"cloudId": CLOUD, "moduleKey": "leaving"}, "contextToken": "opaque"}
EVENTS = ["/forge/lifecycle", "/forge/tick"]
IMPORTS = [f"/forge/import/{name}" for name in ("start", "stop", "status", "deleted")]


@pytest.mark.parametrize("body", [INSTALLED, UPGRADED, {"payload": INSTALLED}])
def test_an_install_makes_an_instance_and_keeps_its_token_at_once(world: World, body: Any) -> None:
    token = system_token()
    for _ in range(3):  # Forge retries events up to four times
        response = event(world, "/forge/lifecycle", body, system=token)
        assert (response.status_code, response.data) == (204, b"")
    (reference,) = world.table.all()
    assert reference.state == "installed"
    assert world.site_tokens.token(reference).reveal_text() == token
    assert world.tried.asked == []  # nobody but Forge can send an event's token


@pytest.mark.parametrize(
    "body",
    [LEAVING, {"payload": LEAVING}, {"eventType": "avi:forge:uninstalled:app"},
     {"eventType": "preUninstall"}, {"eventType": "avi:forge:preUninstall:app"}],
)  # fmt: skip
def test_leaving_forgets_every_key_and_a_repeat_changes_nothing(world: World, body: Any) -> None:
    event(world, "/forge/lifecycle", INSTALLED, system=system_token())
    later = {"at": AT + 1}
    for _ in range(2):
        assert event(world, "/forge/lifecycle", body, claims=later).status_code == 204
    (reference,) = world.table.all()
    assert (reference.state, reference.site_token) == ("uninstalled", None)


@pytest.mark.parametrize("place", ["app.module.key", "context.moduleKey"])
@pytest.mark.parametrize("body", [b"", b"{}", b'{"context":{}}', b'{"contextToken":"opaque"}'])
def test_a_leaving_whose_body_tells_nothing_is_told_by_its_signed_module(
    world: World, body: bytes, place: str
) -> None:
    event(world, "/forge/lifecycle", INSTALLED, system=system_token())
    token = world.forge_keys.event(at=AT + 1, changes={place: LEAVING_KEY})
    assert (
        world.client.post("/forge/lifecycle", data=body, headers=headers(token)).status_code == 204
    )
    (reference,) = world.table.all()
    assert (reference.state, reference.site_token) == ("uninstalled", None)


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"eventType":"x"}', b'{"eventType":7}'])
def test_a_signed_module_makes_no_sense_of_what_has_none(world: World, body: bytes) -> None:
    event(world, "/forge/lifecycle", INSTALLED)
    token = world.forge_keys.event(at=AT + 1, module_key=LEAVING_KEY)
    assert (
        world.client.post("/forge/lifecycle", data=body, headers=headers(token)).status_code == 400
    )
    assert [each.state for each in world.table.all()] == ["installed"]


def test_an_install_is_one_whatever_module_calls(world: World) -> None:
    event(world, "/forge/lifecycle", INSTALLED, claims={"module_key": LEAVING_KEY})
    assert [each.state for each in world.table.all()] == ["installed"]


def test_a_late_install_of_a_site_that_left_is_204_and_changes_nothing(world: World) -> None:
    event(world, "/forge/lifecycle", INSTALLED)
    event(world, "/forge/lifecycle", LEAVING, claims={"at": AT + 1})
    before = list(world.table.all())
    late = event(world, "/forge/lifecycle", INSTALLED, system=system_token(), claims={"at": AT + 1})
    assert late.status_code == 204
    assert list(world.table.all()) == before


def test_the_log_says_which_instance_left(world: World, log_lines: io.StringIO) -> None:
    event(world, "/forge/lifecycle", INSTALLED)
    event(world, "/forge/lifecycle", LEAVING, claims={"at": AT + 1})
    (reference,) = world.table.all()
    told = [json.loads(line) for line in log_lines.getvalue().splitlines()]
    made = [(each["kind"], each["instance_id"], each["door"]) for each in told
            if each["event"] == "lifecycle"]  # fmt: skip
    assert made == [(kind, reference.instance_id, "forge") for kind in ("installed", "leaving")]


def test_the_leaving_of_an_unknown_site_is_204_and_writes_nothing(world: World) -> None:
    assert event(world, "/forge/lifecycle", LEAVING, system=system_token()).status_code == 204
    assert list(world.table.all()) == []


def test_the_site_in_the_body_is_never_believed(world: World) -> None:
    event(world, "/forge/lifecycle", INSTALLED)
    other = {"cloud_id": OTHER_CLOUD, "installation_id": OTHER_INSTALLATION, "at": AT + 1}
    event(world, "/forge/lifecycle", LEAVING, claims=other)  # names CLOUD, signed for another
    (reference,) = world.table.all()
    assert (reference.cloud_id, reference.state) == (CLOUD, "installed")


@pytest.mark.parametrize("path", EVENTS)
@pytest.mark.parametrize("claims", [{"principal": "admin-1"}, {"from_page": True}])
def test_a_token_that_a_person_can_have_is_no_events_token(
    world: World, path: str, claims: dict[str, Any]
) -> None:
    ask(world, "/api/my-assets")
    before = list(world.table.all())
    response = event(world, path, LEAVING, system=system_token(), claims={"at": AT + 1} | claims)
    assert response.status_code == 401
    assert without_id(response) == without_id(world.client.post(path))
    assert list(world.table.all()) == before


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"7", b"\xff", b"[" * 9000, b"{}", b'{"eventType":7}', b'{"eventType":"x"}',
     b'{"context":{"moduleKey":""}}', b'{"context":{"moduleKey":7}}', b'{"context":"leaving"}',
     b'{"eventType":"x","context":{"moduleKey":"leaving"}}',
     b'{"context":{"moduleKey":"' + TRIGGER_KEY.encode() + b'"}}',
     b'{"payload":{}}', b'{"payload":[]}'],
)  # fmt: skip
def test_an_event_that_is_not_known_is_400_and_changes_nothing(world: World, body: bytes) -> None:
    event(world, "/forge/lifecycle", INSTALLED)
    before = list(world.table.all())
    sent = headers(world.forge_keys.event(at=AT + 1))
    response = world.client.post("/forge/lifecycle", data=body, headers=sent)
    assert (response.status_code, response.content_type) == (400, "application/problem+json")
    assert list(world.table.all()) == before


def test_an_event_larger_than_events_are_is_413(world: World) -> None:
    sent = headers(world.forge_keys.event())
    for size in (70_000, 2_000_000):
        response = world.client.post("/forge/lifecycle", data=b" " * size, headers=sent)
        assert response.status_code == 413


def test_the_manifest_names_the_modules_that_the_door_tells_apart() -> None:
    manifest = Path(__file__).parents[2] / "manifest.yml"
    modules = yaml.safe_load(manifest.read_text(encoding="utf-8"))["modules"]
    (address,) = [
        each["key"] for each in modules["endpoint"]
        if each.get("route", {}).get("path") == "/forge/lifecycle"
    ]  # fmt: skip
    callers = {
        kind: [each["key"] for each in found if each.get("endpoint") == address]
        for kind, found in modules.items()
    }
    callers = {kind: keys for kind, keys in callers.items() if keys}
    assert callers == {"trigger": [TRIGGER_KEY], "preUninstall": [LEAVING_KEY]}


def test_a_tick_brings_a_token_and_shows_that_the_site_is_there(world: World) -> None:
    event(world, "/forge/lifecycle", INSTALLED)
    world.clock.pass_(hours=1)
    token = system_token("of the tick")
    claims = {"at": AT + 3600}
    for body in (None, LEAVING, [7]):  # whatever the body says
        assert event(world, "/forge/tick", body, system=token, claims=claims).status_code == 204
    (reference,) = world.table.all()
    assert reference.seen_at == "2026-11-21T13:00:00Z"
    assert world.site_tokens.token(reference).reveal_text() == token


def test_of_opaque_tokens_the_last_one_that_forge_sent_is_kept(world: World) -> None:
    event(world, "/forge/lifecycle", INSTALLED, system="opaque-1")
    for token in ("opaque-2", "opaque-3"):
        assert event(world, "/forge/tick", system=token).status_code == 204
        (reference,) = world.table.all()
        assert world.site_tokens.token(reference).reveal_text() == token
    ask(world, "/api/my-assets", system="from-a-browser")
    assert world.site_tokens.token(reference).reveal_text() == "opaque-3"


@pytest.mark.parametrize(
    ("name", "status", "answered"),
    [("start", 202, True), ("stop", 204, False), ("status", 200, True), ("deleted", 204, False)],
)
def test_a_function_of_the_import_type_reaches_its_feature(
    world: World, name: str, status: int, answered: bool
) -> None:
    world.feature.answer = "READY" if name == "status" else {"id": "run-1"}
    response = function(world, name)
    assert response.status_code == status
    ((called, (instance, *named), _),) = world.feature.calls
    assert (called, instance.cloud_id, named) == (name, CLOUD, ["7", "w"])
    assert bool(response.data) is answered
    if name == "status":
        assert response.get_json() == {"status": "READY"}


@pytest.mark.parametrize("path", IMPORTS)
def test_a_page_must_be_an_administrators_to_do_what_functions_do(world: World, path: str) -> None:
    body = {"importId": "7", "workspaceId": "w"}
    world.feature.answer = {}
    for account, user, allowed in (
        ("admin-1", "admin-1", True), ("admin-1", "", False), ("employee", "employee", False),
        (None, "admin-1", False),
    ):  # fmt: skip
        response = ask(world, path, "POST", account=account, user=user, json=body)
        assert (response.status_code < 300) is allowed
        assert allowed or response.status_code == 403
    assert len(world.feature.calls) == 1


def test_a_person_who_starts_an_import_in_assets_needs_no_user_token(world: World) -> None:
    assert function(world, "start", principal="employee").status_code == 202


@pytest.mark.parametrize("path", IMPORTS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"importId":7,"workspaceId":"w"}',
        b'{"importId":"","workspaceId":"w"}',
        json.dumps({"importId": "7", "workspaceId": "w" * 256}).encode(),
        b"[" * 9000,
    ],
)
def test_a_body_without_its_ids_is_400(world: World, path: str, body: bytes) -> None:
    sent = headers(world.forge_keys.function(principal=None))
    assert world.client.post(path, data=body, headers=sent).status_code == 400
    assert world.feature.calls == []


def test_the_table_being_down_is_503(world: World) -> None:
    for path in EVENTS:
        world.table.fail("read", "before")
        assert event(world, path, INSTALLED).status_code == 503
