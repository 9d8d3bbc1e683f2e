"""How Forge calls an app: tokens, tries, limits, and what it takes for an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests

from sandbox import demo
from sandbox.directory import generate
from sandbox.forge import ManifestRefused, read_manifest
from sandbox.forge.bodies import INSTALLED, UPGRADED
from sandbox.forge.pages import NotAsked
from sandbox.forge.remote import BAD_ANSWER, BAD_TOKEN, TIMEOUT, send
from sandbox.http import Fault
from sandbox.site import InstallRefused
from sandbox.world import World
from tests.sandbox.forge_world import APP, ForgeWorld

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT.parent / "shared" / "samples" / "atlassian"


@pytest.fixture
def forge_world() -> Iterator[ForgeWorld]:
    made = ForgeWorld()
    yield made
    made.close()


def shape(value: Any) -> Any:
    """The names inside a document, without its values."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else None


def test_an_invocation_token_is_signed_with_a_key_of_the_published_set(
    forge_world: ForgeWorld,
) -> None:
    token = forge_world.app.heard[0].headers["Authorization"].removeprefix("Bearer ")
    address = f"{forge_world.forge.cdn.base_url}/.well-known/jwks.json"
    keys = requests.get(address, timeout=5).json()["keys"]
    key = jwt.PyJWK(next(k for k in keys if k["kid"] == jwt.get_unverified_header(token)["kid"]))
    options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
    app_id = forge_world.forge.deployment.app_id
    claims = jwt.decode(token, key, algorithms=["RS256"], audience=app_id, options=options)
    assert claims["iss"] == "forge/invocation-token"
    assert (claims["exp"] - claims["iat"], claims["nbf"]) == (25, claims["iat"])


@pytest.mark.parametrize("kind", ["page", "event"])
def test_claims_have_the_names_of_the_documented_sample(forge_world: ForgeWorld, kind: str) -> None:
    path = SAMPLES / "forge-fit-claims-sample.json"
    if not path.exists():
        return  # the samples lie beside the repository, where there are any
    sample = json.loads(path.read_text())["claims"]
    sample.pop("icLabel")  # of isolated clouds only
    sample["context"]["extension"] = {"type": "x"}
    if kind == "event":
        del sample["context"], sample["principal"]
        found = forge_world.app.heard[0].claims
    else:
        forge_world.forge.invoke_remote(
            forge_world.employee, "mine", {"method": "GET", "path": "/api/echo"}
        )
        found = forge_world.app.heard[-1].claims
    assert shape(found) == shape(sample)
    assert set(found["app"]["installation"]["contexts"][0]) == {"name", "apiBaseUrl", "cloudId"}


def test_only_calls_of_a_page_name_a_person_and_a_context(forge_world: ForgeWorld) -> None:
    forge = forge_world.forge
    forge.tick()
    forge.import_call("status", "an-import")
    forge.pre_uninstall()
    for heard in forge_world.app.heard:
        assert not {"principal", "context"} & set(heard.claims)
        assert "X-Forge-Oauth-User" not in heard.headers
        assert "X-Forge-Oauth-System" in heard.headers
    forge.invoke_remote(forge_world.employee, "mine", {"method": "GET", "path": "/api/echo"})
    last = forge_world.app.heard[-1]
    assert last.claims["principal"] == forge_world.employee
    assert last.claims["context"]["siteUrl"] == forge_world.site.base_url
    assert {"X-Forge-Oauth-User", "X-Forge-Oauth-System"} <= set(last.headers)


def test_each_call_has_a_new_token_and_each_try_too(forge_world: ForgeWorld) -> None:
    forge_world.app.statuses = [500, 302, 401]
    forge_world.forge.tick()
    ids = [heard.claims["jti"] for heard in forge_world.app.heard]
    assert len(set(ids)) == len(ids) == 5


def test_the_licence_stands_in_the_token_unless_nothing_is_known(forge_world: ForgeWorld) -> None:
    states: list[object] = []
    for state in ("active", "inactive", "none"):
        forge_world.forge.licence(state)
        forge_world.forge.tick()
        claims = forge_world.app.heard[-1].claims
        states.append(claims["app"].get("license", {}).get("active", "not said"))
    assert states == [True, False, "not said"]


# --- events


def test_an_event_is_tried_four_times_with_a_gap_and_says_why(forge_world: ForgeWorld) -> None:
    forge_world.app.statuses = [500, 302, 401, 404, 204]
    delivery = forge_world.forge.tick()
    assert not delivery.done
    assert [o.reason for o in delivery.outcomes] == [BAD_ANSWER, BAD_ANSWER, BAD_TOKEN, BAD_ANSWER]
    assert forge_world.waits == [60.0, 60.0, 60.0]
    again = [h.body.get("payload", {}).get("retryContext") for h in forge_world.app.heard[1:]]
    assert again[0] is None
    assert [(a["retryCount"], a["retryReason"]) for a in again[1:]] == [
        (1, BAD_ANSWER), (2, BAD_ANSWER), (3, BAD_TOKEN)
    ]  # fmt: skip


def test_a_try_that_is_accepted_is_the_last(forge_world: ForgeWorld) -> None:
    forge_world.app.statuses = [500]
    assert forge_world.forge.tick().done
    assert len(forge_world.forge.deliveries[-1].outcomes) == 2


def test_an_answer_that_takes_too_long_is_a_timeout(forge_world: ForgeWorld) -> None:
    forge_world.app.fail_next("POST", "/events", Fault.late(0.4))
    outcome = send("POST", f"{forge_world.app.base_url}/events", {}, b"{}", 0.2)
    assert (outcome.status, outcome.reason) == (0, TIMEOUT)


def test_a_redirect_is_not_followed(forge_world: ForgeWorld) -> None:
    forge_world.app.fail_next("POST", "/events", Fault.redirect("/api/echo"))
    delivery = forge_world.forge.pre_uninstall()
    assert delivery.outcomes[0].reason == BAD_ANSWER
    assert forge_world.app.calls_to("GET", "/api/echo") == []


def test_pre_uninstall_is_told_once_and_the_uninstall_goes_on(forge_world: ForgeWorld) -> None:
    forge_world.app.statuses = [500]
    token = forge_world.token()
    delivery = forge_world.forge.uninstall()
    assert delivery is not None
    assert (delivery.done, len(delivery.outcomes)) == (False, 1)
    assert forge_world.store("get", {"key": "a"}, token).status_code == 401
    with pytest.raises(InstallRefused):
        forge_world.forge.tick()


@pytest.mark.parametrize("event", ["installed_as_delivered_to_remote", "upgraded", "preUninstall"])
def test_bodies_have_the_names_of_the_documented_samples(
    forge_world: ForgeWorld, event: str
) -> None:
    path = SAMPLES / "lifecycle-samples.json"
    if not path.exists():
        return
    sample = json.loads(path.read_text())[f"forge_{event}"]
    if event == "upgraded":
        sample |= {"context": None, "eventType": None}  # as the installed one is delivered
        forge_world.forge.upgrade()
        assert forge_world.app.heard[-1].body["eventType"] == UPGRADED
    elif event == "preUninstall":
        forge_world.forge.pre_uninstall()
    else:
        assert forge_world.app.heard[-1].body["eventType"] == INSTALLED
    assert set(forge_world.app.heard[-1].body) == set(sample)


def test_what_happens_to_an_installation_never_shares_a_second(forge_world: ForgeWorld) -> None:
    forge_world.forge.uninstall()
    forge_world.forge.install()
    times = [heard.claims["iat"] for heard in forge_world.app.heard]
    assert times == sorted(set(times))


def test_a_reinstall_has_a_new_id_on_the_same_site_and_an_empty_store(
    forge_world: ForgeWorld,
) -> None:
    old = forge_world.forge.installed
    forge_world.store("set", {"key": "a", "value": "1"})
    forge_world.forge.uninstall()
    forge_world.forge.install()
    new = forge_world.forge.installed
    assert new.installation_id != old.installation_id
    assert new.cloud_id == old.cloud_id
    assert forge_world.forge.storage.held == {}


# --- pages


def asked(forge_world: ForgeWorld, path: str, **more: Any) -> dict[str, Any]:
    sent = {"method": "GET", "path": path, **more}
    return forge_world.forge.invoke_remote(forge_world.employee, "mine", sent)


def test_a_page_gets_status_headers_and_the_answers_json(forge_world: ForgeWorld) -> None:
    got = asked(forge_world, "/api/echo?a=%2F", method="PUT", body={"b": 1})
    assert got["success"]
    assert got["payload"]["status"] == 200
    assert got["payload"]["body"] == {"path": "/api/echo?a=%2F", "body": {"b": 1}}
    assert got["payload"]["headers"]["content-type"] == ["application/json;charset=UTF-8"]


@pytest.mark.parametrize("path", ["/api/html", "/api/large", "/api/302", "/api/401"])
def test_an_answer_that_forge_does_not_take_is_an_error(forge_world: ForgeWorld, path: str) -> None:
    got = asked(forge_world, path)
    assert not got["success"]
    assert "status" not in got["error"]


@pytest.mark.parametrize(("path", "status"), [("/api/503", 503), ("/api/problem", 422)])
def test_the_apps_own_errors_reach_the_page(
    forge_world: ForgeWorld, path: str, status: int
) -> None:
    assert asked(forge_world, path)["payload"]["status"] == status


@pytest.mark.parametrize(
    "sent",
    [
        {"path": "https://elsewhere.example"},
        {"path": "//elsewhere.example"},
        {"method": "TRACE"},
        {"method": "PUT", "body": {"text": "x" * 600_000}},
    ],
)
def test_a_call_that_forge_does_not_make_never_reaches_the_app(
    forge_world: ForgeWorld, sent: dict[str, Any]
) -> None:
    before = len(forge_world.app.calls)
    assert not asked(forge_world, **{"path": "/api/echo", **sent})["success"]
    assert len(forge_world.app.calls) == before


def test_a_page_cannot_put_its_own_tokens_on_a_call(forge_world: ForgeWorld) -> None:
    mine = {"Authorization": "Bearer mine", "X-Forge-OAuth-System": "mine", "X-Other": "kept"}
    asked(forge_world, "/api/echo", headers=mine)
    heard = forge_world.app.heard[-1]
    assert heard.claims["principal"] == forge_world.employee
    assert heard.headers["X-Forge-Oauth-System"] != "mine"
    assert heard.headers["X-Other"] == "kept"


def test_a_customer_opens_the_portals_page_only_with_or_without_a_token(
    forge_world: ForgeWorld,
) -> None:
    forge = forge_world.forge
    with pytest.raises(NotAsked):
        forge.page_headers(forge_world.customer, "mine")
    assert "x-forge-oauth-user" in forge.page_headers(forge_world.customer, "portal")
    forge.customers_have_tokens = False
    assert "x-forge-oauth-user" not in forge.page_headers(forge_world.customer, "portal")
    assert forge.module_for(forge_world.customer) == "portal"


# --- manifest


def test_the_apps_own_manifest_can_be_deployed() -> None:
    manifest = read_manifest(ROOT / "manifest.yml")
    assert len(manifest.pages) == 3
    assert manifest.imports.system


def test_a_token_without_its_scope_cannot_be_deployed(tmp_path: Path) -> None:
    text = (APP / "manifest.yml").read_text().replace("read:app-user-token, ", "")
    (tmp_path / "manifest.yml").write_text(text)
    with pytest.raises(ManifestRefused, match="read:app-user-token"):
        read_manifest(tmp_path / "manifest.yml")


def test_a_missing_manifest_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ManifestRefused, match=r"manifest\.yml"):
        read_manifest(tmp_path / "manifest.yml")


# --- the world


def test_there_is_no_third_door() -> None:
    with pytest.raises(ValueError, match="connect, forge"):
        World(generate(3, 7), "window")


def test_the_demo_names_a_door_that_is_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEMO_DOOR", "window")
    assert demo.main() == 2
    assert capsys.readouterr().err == "DEMO_DOOR must be connect or forge.\n"


def test_each_door_gives_the_app_its_own_variables_and_no_address_of_the_real_world() -> None:
    for door in ("connect", "forge"):
        world = World(generate(3, 7), door)
        world.site.start()
        world.door.start()
        given = world.door.environment()
        world.door.stop()
        world.site.stop()
        assert ("FORGE_APP_ID" in given) == (door == "forge")
        addresses = [value for name, value in given.items() if name.endswith("_URL")]
        assert all(address.startswith("http://127.0.0.1:") for address in addresses)
        assert {"CONNECT_INSTALL_KEYS_URL", "CONNECT_JS_URL"} <= set(given)
