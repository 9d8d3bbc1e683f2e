"""Install, settings, import, My Assets: each employee sees exactly their own."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import boto3
import pytest

from app.instances.reference import ATTRIBUTES
from sandbox.administrator import Member, run_import
from sandbox.directory import CAST
from tests.end_to_end.conftest import Life

pytestmark = pytest.mark.live

# The contract's table of calls. Anything else that reaches a stand-in is a defect.
SITE_CALLS = [
    ("POST", r"/rest/api/3/permissions/check"),
    ("GET", r"/rest/api/3/(user|user/groups|groups/picker|group/bulk|user/search)"),
    ("GET", r"/rest/api/3/(myself|mypermissions)"),
    ("GET|PUT|DELETE", r"/rest/atlassian-connect/1/addons/[^/]+(/properties(/[^/]+)?)?"),
    ("GET", r"/_edge/tenant_info"),
    ("GET", r"/rest/servicedeskapi/assets/workspace"),
    ("GET", r"/rest/servicedeskapi/servicedesk(/[^/]+/requesttype(/[^/]+/field)?)?"),
    ("POST", r"/rest/servicedeskapi/request"),
    ("GET", r"/(jira|frame/.*)"),  # the frame's own pages, asked by a browser
    ("POST", r"/frame/ask/jira"),  # and what a reader likes, asked as the reader
]
ASSETS = r"/jsm/(assets|insight)/workspace/[^/]+/v1"
ASSETS_CALLS = [
    ("GET", ASSETS + r"/objectschema/(list|\d+|\d+/objecttypes/flat)"),
    ("GET", ASSETS + r"/objecttype/\d+(/attributes)?"),
    ("POST", ASSETS + r"/objecttypeattribute/\d+"),
    ("POST", ASSETS + r"/object/aql(/totalcount)?"),
    ("GET|PUT|DELETE", ASSETS + r"/object/\d+"),
    ("GET", ASSETS + r"/(config/statustype|usage|importsource/[^/]+)"),
    ("GET", r"/jsm/assets/v1/imports/info"),
    ("GET", ASSETS + r"/importsource/[^/]+/(configstatus|mapping/progress/[^/]+)"),
    ("PUT|PATCH", ASSETS + r"/importsource/[^/]+/mapping"),
    ("POST", ASSETS + r"/importsource/[^/]+/executions(/[^/]+/data)?"),
    ("GET", ASSETS + r"/importsource/[^/]+/executions/[^/]+/status"),
    ("PUT", ASSETS + r"/importsource/[^/]+/executions/[^/]+/progress"),
    ("DELETE", ASSETS + r"/importsource/[^/]+/executions/[^/]+"),
]
ENTRA_CALLS = [("POST", r"/[^/]+/oauth2/v2\.0/token")]
GRAPH_CALLS = [
    ("GET", r"/v1\.0/(users|groups|devices)(/delta)?"),
    ("GET", r"/v1\.0/devices/[^/]+/registeredOwners"),
    ("GET", r"/v1\.0/groups/[^/]+/transitiveMembers(/microsoft\.graph\.user)?"),
    ("GET", r"/v1\.0/(deviceManagement/managedDevices|applications|servicePrincipals)"),
    ("GET", r"/v1\.0/directory/deletedItems/microsoft\.graph\.user"),
    ("POST", r"/v1\.0/\$batch"),
]
KEY_CALLS = [("GET", r"/[A-Za-z0-9_-]+")]


def mine(member: Member, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = member.call("GET", f"/api/my-assets{query}")
    return found


def owned(life: Life, number: int) -> set[str]:
    """The labels that a cast member owns: from the directory, and from the seeded hardware."""
    cast = life.world.site.cast
    account = (cast.administrator, *cast.employees, cast.customer)[number]
    devices = {device.name for device in CAST[number].devices} if number < len(CAST) else set()
    space = life.world.assets.workspace
    hardware = {
        thing.label
        for thing in space.things.values()
        if any(account in values for values in thing.values.values())
        and thing.key.startswith("HW-")
    }
    return devices | hardware


def references(life: Life) -> list[dict[str, Any]]:
    """The items of the table but claims, as they rest there."""
    table = boto3.client("dynamodb", endpoint_url=life.world.aws_url)
    items = table.scan(TableName=life.world.table)["Items"]
    return [each for each in items if not each["instance_id"]["S"].startswith("claim#")]


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4])
def test_each_person_sees_exactly_their_own(life: Life, number: int) -> None:
    one = life.member(number)
    found = mine(one)
    one.close()
    assert {asset["label"] for asset in found["assets"]} == owned(life, number)
    assert found["total"] == len(found["assets"])


def test_a_device_shows_what_entra_says_about_it(life: Life) -> None:
    one = life.member(1)
    (asset,) = mine(one, "?search=NB-JOERG-01")["assets"]
    one.close()
    shown = {each["name"]: each["values"] for each in asset["attributes"]}
    assert shown["Manufacturer"] == ["Fabrikam"]
    assert shown["Assigned To"] == [CAST[1].display_name]
    assert asset["object_type"]["name"] == "Device"


def test_a_second_import_without_change_creates_and_updates_nothing(admin: Member) -> None:
    run = run_import(admin)
    assert run["state"] == "succeeded"
    assert (run["counts"]["create"], run["counts"]["update"]) == (0, 0)
    assert run["progress"]["done"] == run["progress"]["total"]


def test_a_preview_writes_nothing(life: Life, admin: Member) -> None:
    before = len(life.world.assets.calls_to("POST", ".*/data"))
    run = run_import(admin, "preview")
    assert (run["state"], run["mode"]) == ("succeeded", "preview")
    assert len(life.world.assets.calls_to("POST", ".*/data")) == before


def test_a_run_tells_its_story_without_a_person(admin: Member) -> None:
    run = admin.call("GET", "/api/imports")["runs"][0]
    assert set(run) == {
        "id", "mode", "ran_as", "ran_because", "state", "phase", "progress", "counts", "reason",
        "more", "next_step", "filter", "why_full", "started_at", "updated_at", "ended_at",
    }  # fmt: skip
    text = json.dumps(admin.call("GET", "/api/imports"))
    for member in CAST:
        assert member.email not in text
        assert member.entra_id not in text


def test_a_saved_visibility_holds_at_the_next_request(life: Life, admin: Member) -> None:
    one = life.member(1)
    laptops = next(
        asset for asset in mine(one)["assets"] if asset["object_type"]["name"] == "Laptop"
    )
    hidden = {"hidden_object_types": [laptops["object_type"]["id"]]}
    try:
        admin.call("PUT", "/api/settings/visibility", hidden)
        kinds = {asset["object_type"]["name"] for asset in mine(one)["assets"]}
        assert "Laptop" not in kinds
        assert "Device" in kinds
        assert mine(one, "?search=" + laptops["label"][:6])["total"] == 0
        admin.call("PUT", "/api/settings/visibility", {"access": {"mode": "allow"}})
        assert one.ask("GET", "/api/my-assets").status_code == 403
    finally:
        admin.call("DELETE", "/api/settings/visibility")
        one.close()
    assert admin.call("GET", "/api/settings")["visibility"] == {"set": False}


def test_an_encryption_string_can_be_given_and_forgotten_and_all_stays_readable(
    life: Life, admin: Member
) -> None:
    given = {"encryption_string": "a long string of the customer"}
    admin.call("PUT", "/api/settings/encryption-string", given)
    state = admin.call("GET", "/api/settings")
    assert state["encryption-string"]["set"] is True
    assert "hint" not in json.dumps(state["encryption-string"])
    assert state["assets-access"]["set"] is True
    (reference,) = references(life)
    keys = reference["part_keys"]["M"]
    current = keys["encryption-string"]["M"]["version"]["S"]
    under = {name: key["M"]["string_version"]["S"] for name, key in keys.items()}
    assert under.pop("encryption-string") == "given"
    assert under == dict.fromkeys(under, current), "each part lies under the new string"
    assert run_import(admin, "preview")["state"] == "succeeded"
    assert admin.ask("DELETE", "/api/settings/encryption-string").status_code == 204
    assert run_import(admin, "preview")["state"] == "succeeded"


def test_everybody_but_the_administrator_is_kept_out(life: Life) -> None:
    for number in (1, 4):
        one = life.member(number)
        assert one.ask("GET", "/api/settings").status_code == 403
        assert one.ask("POST", "/api/imports", {"mode": "full"}).status_code == 403
        one.close()


def test_without_consent_nothing_is_asked_of_graph(life: Life, admin: Member) -> None:
    graph = life.world.microsoft.graph
    try:
        admin.call("PUT", "/api/settings/consent", {"entra_import": False, "metrics": False})
        before = len(graph.calls)
        response = admin.ask("POST", "/api/imports", {"mode": "full"})
        assert response.status_code == 409
        time.sleep(1)
        assert len(graph.calls) == before
    finally:
        admin.call("PUT", "/api/settings/consent", {"entra_import": True, "metrics": False})


def test_no_call_outside_the_contracts_table(life: Life) -> None:
    world = life.world
    for service, allowed in (
        (world.site, SITE_CALLS),
        (world.assets, ASSETS_CALLS),
        (world.keys, KEY_CALLS),
        (world.microsoft.entra, ENTRA_CALLS),
        (world.microsoft.graph, GRAPH_CALLS),
    ):
        assert service.calls
        for call in service.calls:
            fits = [
                re.fullmatch(path, call.path) and re.fullmatch(method, call.method)
                for method, path in allowed
            ]
            assert any(fits), (call.method, call.path)


def test_only_declared_attributes_and_no_person_rest_in_the_table(life: Life) -> None:
    (reference,) = references(life)
    assert set(reference) <= ATTRIBUTES
    text = str(reference)
    given = life.world.credentials
    for canary in (given.email, given.api_token, given.client_secret, given.container_token):
        assert canary not in text
    for member in CAST:
        for canary in (member.email, member.display_name, member.entra_id):
            assert canary not in text


def test_what_rests_in_jira_is_sealed(life: Life) -> None:
    stored = "".join(str(text) for text in life.world.site.properties.held.values())
    given = life.world.credentials
    assert stored
    for canary in (given.email, given.api_token, given.client_secret, given.container_token,
                   given.tenant_id, CAST[1].email, "api_token", "hidden_schemas"):  # fmt: skip
        assert canary not in stored


def test_no_secret_and_no_person_is_in_the_log(life: Life) -> None:
    text = life.log.read_text()
    for line in text.splitlines():
        json.loads(line)
    given = life.world.credentials
    canaries = [given.email, given.api_token, given.client_secret, given.container_token, "eyJ"]
    for member in CAST:
        canaries += [member.email, member.display_name, member.entra_id]
    canaries += list(life.world.site.users)
    assert text.count('"event": "request"') >= 6  # install, four parts, the start of an import
    assert [canary for canary in canaries if canary in text] == []
