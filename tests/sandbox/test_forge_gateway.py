"""What the platform lets an app do: its own token, a person's token, and the store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from sandbox.assets.seed import seed_hardware
from sandbox.forge.calls import APP_USER
from sandbox.forge.tokens import LEAST_SECONDS, LIFE_SECONDS
from tests.sandbox.forge_world import ForgeWorld


@pytest.fixture(scope="module")
def shared() -> Iterator[ForgeWorld]:
    made = ForgeWorld()
    yield made
    made.close()


@pytest.fixture
def forge_world(shared: ForgeWorld) -> ForgeWorld:
    """As after a fresh install."""
    if shared.forge.place is not None:
        shared.forge.uninstall()
    shared.forge.install()
    return shared


# --- tokens


def test_a_system_token_is_the_apps_own_user(forge_world: ForgeWorld) -> None:
    got = forge_world.ask(forge_world.token(), "/rest/api/3/myself").json()
    assert (got["accountId"], got["accountType"]) == (APP_USER, "app")


def test_a_user_token_is_that_person(forge_world: ForgeWorld) -> None:
    for account in (forge_world.employee, forge_world.admin):
        got = forge_world.ask(forge_world.token(account), "/rest/api/3/myself").json()
        assert got["accountId"] == account


def test_whether_someone_is_an_administrator_their_own_token_says(forge_world: ForgeWorld) -> None:
    path = "/rest/api/3/mypermissions?permissions=ADMINISTER"
    said = {}
    for name, token in {
        "administrator": forge_world.token(forge_world.admin),
        "employee": forge_world.token(forge_world.employee),
        "app": forge_world.token(),
    }.items():
        rows = forge_world.ask(token, path).json()["permissions"]
        said[name] = rows["ADMINISTER"]["havePermission"]
    assert said == {"administrator": True, "employee": False, "app": False}


def test_the_app_may_not_ask_for_the_permissions_of_another(forge_world: ForgeWorld) -> None:
    body = {"accountId": forge_world.admin, "globalPermissions": ["ADMINISTER"]}
    got = forge_world.ask(forge_world.token(), "/rest/api/3/permissions/check", body)
    assert got.status_code == 403


def test_a_token_is_handed_out_again_until_two_hours_are_left(forge_world: ForgeWorld) -> None:
    first = forge_world.token()
    forge_world.now += LIFE_SECONDS - LEAST_SECONDS
    assert forge_world.token() == first
    forge_world.now += 1
    second = forge_world.token()
    assert second != first
    assert forge_world.ask(first, "/rest/api/3/myself").status_code == 200
    forge_world.now += LEAST_SECONDS
    assert forge_world.ask(first, "/rest/api/3/myself").status_code == 401
    assert forge_world.ask(second, "/rest/api/3/myself").status_code == 200


def test_an_uninstall_voids_every_token(forge_world: ForgeWorld) -> None:
    tokens = [forge_world.token(), forge_world.token(forge_world.admin)]
    forge_world.forge.uninstall()
    assert [forge_world.ask(t, "/rest/api/3/myself").status_code for t in tokens] == [401, 401]


def test_an_invocation_token_opens_nothing(forge_world: ForgeWorld) -> None:
    headers = forge_world.forge.page_headers(forge_world.admin, "mine")
    token = headers["authorization"].removeprefix("Bearer ")
    assert forge_world.ask(token, "/rest/api/3/myself").status_code == 401


def test_a_token_opens_nothing_but_its_own_sites_gateway(forge_world: ForgeWorld) -> None:
    token = forge_world.token(forge_world.admin)
    headers = {"Authorization": f"Bearer {token}"}
    workspace = forge_world.site.workspace_id
    aql = f"{forge_world.cloud.base_url}/jsm/assets/workspace/{workspace}/v1/object/aql"
    refused = {
        f"{forge_world.site.base_url}/rest/api/3/myself": 401,
        f"{forge_world.cloud.base_url}/rest/api/3/myself": 404,
        f"{forge_world.cloud.base_url}/ex/jira/another-site/rest/api/3/myself": 404,
    }
    for address, status in refused.items():
        assert requests.get(address, headers=headers, timeout=5).status_code == status
    assert requests.post(aql, headers=headers, json={}, timeout=5).status_code == 401


def test_a_call_without_its_scope_is_refused(forge_world: ForgeWorld) -> None:
    got = forge_world.ask(forge_world.token(), "/rest/api/3/group/bulk?groupId=a")
    assert (got.status_code, got.json()["message"]) == (401, "Unauthorized; scope does not match")


def test_a_call_that_is_not_played_is_named(forge_world: ForgeWorld) -> None:
    got = forge_world.ask(forge_world.token(), "/rest/api/3/issue/HELP-1")
    assert got.status_code == 501
    assert "GET" in got.json()["error"]


# --- Assets


def test_the_app_sees_what_an_administrator_grants_its_user(forge_world: ForgeWorld) -> None:
    schema = seed_hardware(forge_world.cloud, [forge_world.employee])
    path = f"/jsm/assets/workspace/{forge_world.site.workspace_id}/v1/object/aql"
    asked = {"qlQuery": f"objectSchemaId = {schema.id}"}
    assert forge_world.ask(forge_world.token(), path, asked).json()["values"] == []
    forge_world.cloud.roles.grant(schema.id, APP_USER)
    assert forge_world.ask(forge_world.token(), path, asked).json()["values"]
    own = forge_world.ask(forge_world.token(forge_world.employee), path, asked)
    assert own.json()["values"] == [], "a person sees what their own roles allow"
    forge_world.cloud.roles.deny(schema.id, APP_USER)
    assert forge_world.ask(forge_world.token(), path, asked).json()["values"] == []


# --- the store


def test_a_value_is_kept_read_listed_and_forgotten(forge_world: ForgeWorld) -> None:
    assert forge_world.store("set", {"key": "g1.a", "value": "x"}).status_code == 204
    assert forge_world.store("set", {"key": "g1.a", "value": {"n": [1]}}).status_code == 204
    assert forge_world.store("get", {"key": "g1.a"}).json() == {"key": "g1.a", "value": {"n": [1]}}
    assert forge_world.store("delete", {"key": "g1.a"}).status_code == 204
    for call in ("get", "delete"):
        got = forge_world.store(call, {"key": "g1.a"})
        assert (got.status_code, got.json()["code"]) == (404, "KEY_NOT_FOUND")


def test_a_list_comes_in_pages(forge_world: ForgeWorld) -> None:
    for number in range(5):
        forge_world.store("set", {"key": f"g{number}", "value": number})
    forge_world.store("set", {"key": "other", "value": 0})
    found: list[str] = []
    asked: dict[str, object] = {
        "limit": 2,
        "where": [{"property": "key", "condition": "BEGINS_WITH", "values": ["g"]}],
    }
    while True:
        page = forge_world.store("query", asked).json()
        found += [row["key"] for row in page["data"]]
        if "cursor" not in page:
            break
        asked["after"] = page["cursor"]
    assert found == ["g0", "g1", "g2", "g3", "g4"]


def nested(depth: int) -> object:
    value: object = "x"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("call", "body", "code"),
    [
        ("set", {"key": "", "value": 1}, "KEY_TOO_SHORT"),
        ("set", {"key": "k" * 501, "value": 1}, "KEY_TOO_LONG"),
        ("set", {"key": "a/b", "value": 1}, "INVALID_KEY"),
        ("set", {"key": "  ", "value": 1}, "INVALID_KEY"),
        ("set", {"key": "a", "value": "x" * (240 * 1024)}, "MAX_SIZE"),
        ("set", {"key": "a", "value": nested(32)}, "MAX_DEPTH"),
        ("set", {"key": "a"}, "INVALID_VALUE"),
        ("query", {"limit": 100}, "LIST_QUERY_LIMIT_EXCEEDED"),
        ("transaction", {"set": [{"key": "a", "value": 1}] * 2}, "BAD_REQUEST"),
        ("set", [], "BAD_REQUEST"),
    ],
)
def test_the_stores_limits_are_those_published(
    forge_world: ForgeWorld, call: str, body: object, code: str
) -> None:
    got = forge_world.store(call, body)
    assert (got.status_code, got.json()["code"]) == (400, code)


def test_just_within_the_limits_is_kept(forge_world: ForgeWorld) -> None:
    for body in (
        {"key": "k" * 500, "value": "x" * (240 * 1024 - 2)},
        {"key": "a b:c-d_e#f.g", "value": nested(31)},
    ):
        assert forge_world.store("set", body).status_code == 204


def test_a_value_can_go_by_itself_and_a_key_can_be_taken_once(forge_world: ForgeWorld) -> None:
    ttl = {"ttl": {"value": 1, "unit": "HOURS"}}
    forge_world.store("set", {"key": "a", "value": 1, "options": ttl})
    once = {"key": "a", "value": 2, "options": {"keyPolicy": "FAIL_IF_EXISTS"}}
    assert forge_world.store("set", once).status_code == 409
    forge_world.now += 3600
    assert forge_world.store("get", {"key": "a"}).status_code == 404
    assert forge_world.store("set", once).status_code == 204


def test_a_transaction_is_done_as_a_whole(forge_world: ForgeWorld) -> None:
    forge_world.store("set", {"key": "old", "value": 1})
    both = {"set": [{"key": "new", "value": 2}], "delete": [{"key": "old"}]}
    assert forge_world.store("transaction", both).status_code == 204
    assert forge_world.forge.storage.held == {"new": "2"}


def test_a_persons_token_does_not_open_the_store(forge_world: ForgeWorld) -> None:
    got = forge_world.store("get", {"key": "a"}, forge_world.token(forge_world.admin))
    assert got.status_code == 403
    assert forge_world.store("get", {"key": "a"}, "no-such-token").status_code == 401


def test_a_store_call_that_is_not_played_is_named(forge_world: ForgeWorld) -> None:
    assert forge_world.store("secret/get", {"key": "a"}).status_code == 501
