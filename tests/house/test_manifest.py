"""manifest.yml: valid by Atlassian's schema, by the rules it leaves out, and true of the app."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from jsonschema import Draft7Validator

from app.doors import forge_api, forge_events
from app.files import descriptor_text

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "node_modules" / "@forge" / "manifest" / "out" / "schema" / "manifest-schema.json"
MOST_OF_A_KEY = 23  # endpoints, functions, remotes and resources
TOKEN_SCOPES = {
    "appSystemToken": "read:app-system-token",
    "appUserToken": "read:app-user-token",
}
CALLED_BY_FORGE_ITSELF = {"lifecycle-calls", "tick-calls"}

Fields = dict[str, Any]


@cache
def manifest() -> Fields:
    return dict(yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8")))


def modules(kind: str) -> list[Fields]:
    return list(manifest()["modules"][kind])


def endpoints() -> dict[str, Fields]:
    return {one["key"]: one for one in modules("endpoint")}


def scopes() -> list[str]:
    return list(manifest()["permissions"]["scopes"])


def posted() -> set[str]:
    app = Flask("routes", static_folder=None)
    app.register_blueprint(forge_api.door)
    return {rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}


def tokens(auth: Fields) -> set[str]:
    return {name for name, setting in auth.items() if setting["enabled"]}


@pytest.mark.forge
def test_it_is_valid_by_the_schema_of_the_forge_tools() -> None:
    if not SCHEMA.is_file():
        raise FileNotFoundError("The package @forge/manifest is missing: run `bin/setup forge`.")
    found = Draft7Validator(json.loads(SCHEMA.read_text("utf-8"))).iter_errors(manifest())
    assert [f"{'.'.join(map(str, one.absolute_path))}: {one.message}" for one in found] == []


def test_there_is_one_global_page() -> None:
    assert len(modules("jira:globalPage")) == 1


def test_the_pages_have_the_keys_of_the_descriptor() -> None:
    connect = json.loads(descriptor_text())["modules"]
    twins = {
        "jira:globalPage": "generalPages",
        "jira:adminPage": "adminPages",
        "jiraServiceManagement:portalUserMenuAction": "serviceDeskPortalUserMenuActions",
    }
    for forge_kind, connect_kind in twins.items():
        keys = [one["key"] for one in connect[connect_kind]]
        assert [one["key"] for one in modules(forge_kind)] == keys


def test_the_app_has_the_name_it_has_there() -> None:
    titles = {one["title"] for one in modules("jira:globalPage") + modules("jira:adminPage")}
    assert titles == {"My Assets"}


def test_keys_are_short_and_each_is_there_once() -> None:
    found = [one["key"] for kind in manifest()["modules"].values() for one in kind]
    assert len(found) == len(set(found))
    short = [*endpoints(), *(one["key"] for one in modules("function"))]
    short += [one["key"] for one in manifest()["remotes"] + manifest()["resources"]]
    assert [key for key in short if len(key) > MOST_OF_A_KEY] == []


def test_customers_of_the_portal_and_unlicensed_people_may_open_theirs() -> None:
    (action,) = modules("jiraServiceManagement:portalUserMenuAction")
    assert set(action["unlicensedAccess"]) == {"customer", "unlicensed"}


def test_the_administration_is_the_page_to_configure_the_app() -> None:
    (page,) = modules("jira:adminPage")
    assert page["useAsConfig"] is True


def test_every_address_that_forge_calls_is_a_route_of_the_app() -> None:
    named = {one["route"]["path"] for one in endpoints().values() if "route" in one}
    passed = {f"/forge/import/{one['handler'].split('.')[1]}" for one in modules("function")}
    assert named | passed == posted()


def test_the_functions_are_those_of_the_source() -> None:
    source = (ROOT / "forge" / "index.js").read_text("utf-8")
    (kind,) = modules("jiraServiceManagement:assetsImportType")
    hooks = ("importStatus", "startImport", "stopImport", "onDeleteImport")
    handlers = {one["key"]: one["handler"] for one in modules("function")}
    used = [handlers[kind[hook]["function"]] for hook in hooks]
    assert used == ["index.status", "index.start", "index.stop", "index.deleted"]
    assert all(f"export const {name.split('.')[1]} " in source for name in used)


def test_the_functions_call_the_remote_of_the_manifest() -> None:
    (remote,) = manifest()["remotes"]
    source = (ROOT / "forge" / "index.js").read_text("utf-8")
    assert f"const REMOTE = '{remote['key']}';" in source
    assert {one["remote"] for one in endpoints().values()} == {remote["key"]}


def test_install_upgrade_hour_and_leaving_reach_the_app() -> None:
    (trigger,) = modules("trigger")
    assert trigger["events"] == ["avi:forge:installed:app", "avi:forge:upgraded:app"]
    assert trigger["key"] == forge_events.TRIGGER_KEY
    (hourly,) = modules("scheduledTrigger")
    assert hourly["interval"] == "hour"
    assert "filter" not in hourly  # an unlicensed site is still there
    (leaving,) = modules("preUninstall")
    paths = {
        one["endpoint"]: endpoints()[one["endpoint"]]["route"]["path"]
        for one in (trigger, hourly, leaving)
    }
    assert paths == {"lifecycle-calls": "/forge/lifecycle", "tick-calls": "/forge/tick"}
    assert leaving["endpoint"] == trigger["endpoint"]


def test_pages_carry_both_tokens_and_everything_else_the_system_token_alone() -> None:
    given = {key: tokens(one["auth"]) for key, one in endpoints().items()}
    assert given.pop("page-calls") == {"appSystemToken", "appUserToken"}
    assert given == {key: {"appSystemToken"} for key in CALLED_BY_FORGE_ITSELF}
    (remote,) = manifest()["remotes"]
    assert tokens(remote["auth"]) == {"appSystemToken"}


def test_each_token_has_its_scope_and_is_not_the_only_thing_asked_for() -> None:
    """Forge makes no token when the token scopes are all there is (facts 4.1)."""
    assert set(TOKEN_SCOPES.values()) < set(scopes())


def test_each_scope_is_there_once_and_says_why() -> None:
    assert len(scopes()) == len(set(scopes()))
    lines = (ROOT / "manifest.yml").read_text("utf-8").splitlines()
    for scope in scopes():
        (line,) = [one for one in lines if one.strip().startswith(f"- {scope} ")]
        assert line.partition(" # ")[2], scope


def test_no_scope_changes_jira_but_for_requests_assets_and_what_a_reader_likes() -> None:
    writing = {one for one in scopes() if one.split(":")[0] not in ("read", "storage")}
    assert writing == {
        "write:servicedesk-request",
        "write:user.property:jira",
        "write:cmdb-object:jira",
        "write:cmdb-attribute:jira",
        "delete:cmdb-object:jira",
        "import:import-configuration:cmdb",
    }


def test_the_remote_is_ready_for_regions_and_says_what_it_keeps() -> None:
    (remote,) = manifest()["remotes"]
    assert set(remote["baseUrl"]) >= {"default"}
    assert set(remote["operations"]) == {"compute", "storage"}
    assert remote["storage"] == {"inScopeEUD": False}


def test_nothing_leaves_for_another_host_and_nothing_inline_is_allowed() -> None:
    assert set(manifest()["permissions"]) == {"scopes"}


def test_a_licence_is_asked_for() -> None:
    assert manifest()["app"]["licensing"] == {"enabled": True}
