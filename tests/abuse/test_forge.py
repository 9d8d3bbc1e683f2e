"""Abuse of the Forge door (cases C): against the whole app, over HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from tests.abuse.forge_cloud import API, INSTALLED, JWKS, opaque_token
from tests.abuse.house import SECRET_B, SITE_A, SITE_B, House, build, two_sites
from tests.abuse.refusal import Attack, refused
from tests.abuse.routes import good_token, guarded
from tests.stand_ins.atlassian import AT, context_token
from tests.stand_ins.forge_tokens import (
    CLOUD,
    FORGE_KEY_ID,
    INSTALLATION,
    NULL,
    OTHER_CLOUD,
    OTHER_INSTALLATION,
    ForgeSigner,
    claims,
)
from tests.stand_ins.wire import Reply

EVENTS = ("/forge/lifecycle", "/forge/tick")
IMPORTS = tuple(f"/forge/import/{verb}" for verb in ("start", "stop", "status", "deleted"))
OWN = "/api/my-assets"
LEAVING = {"eventType": "preUninstall"}
IMPORT = {"importId": "import-1", "workspaceId": "workspace-1", "schemaId": "1"}
B = {"cloud_id": OTHER_CLOUD, "installation_id": OTHER_INSTALLATION, "site_url": SITE_B}


@pytest.fixture
def forge(house: House) -> House:
    """Beside the two Connect sites, two sites that installed through Forge; keys are known."""
    for site in ({}, B):
        cloud_id = site.get("cloud_id", CLOUD)
        token = house.forge.signer.event(**site)
        system = house.forge.system(cloud_id)
        answer = house.fit("POST", "/forge/lifecycle", token, system=system, json=INSTALLED)
        assert answer.status_code == 204
        opened = house.fit("GET", OWN, house.forge.signer.token(**site))
        assert opened.status_code == 409  # nothing is set up yet
    return house


def of(house: House, cloud_id: str = CLOUD) -> Any:
    (found,) = [e for e in house.table.all() if e.door == "forge" and e.cloud_id == cloud_id]
    return found


def test_C5_an_administrator_looks_as_another_with_their_own_token_only(forge: House) -> None:
    system = forge.forge.system(later=600)
    others = (None, forge.forge.user("employee"), forge.forge.user("admin-1", OTHER_CLOUD), system)
    for way in ("people", "preview", "effect"):
        for user in others:
            path, token = f"/api/settings/visibility/{way}", forge.forge.signer.token()
            assert forge.fit("POST", path, token, user=user, json={}).status_code == 403


def each_route(house: House) -> list[tuple[str, str]]:
    """Every route that takes a Forge token."""
    return [(each.method, each.path) for each in guarded(house, "context", "forge")]


def refused_everywhere(house: House, token: str, *, network: int | None = None) -> None:
    for method, path in each_route(house):
        refused(house, Attack(method, path, f"Bearer {token}", b"{}"), network=network)


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


WRONG: list[dict[str, Any]] = [
    {"iss": None},
    {"iss": "forge/invocation-token/"},
    {"iss": "https://evil.net"},
    {"iss": ["forge/invocation-token"]},
    {"aud": None},
    {"aud": "ari:cloud:ecosystem::app/00000000-0000-0000-0000-000000000000"},
    {"aud": []},
    {"aud": [None]},
    {"aud": 7},
    {"app.id": None},
    {"app.id": "ari:cloud:ecosystem::app/00000000-0000-0000-0000-000000000000"},
    {"app": None},
    {"app": "text"},
    {"app.environment.type": "DEVELOPMENT"},
    {"app.environment.type": None},
    {"app.environment": "PRODUCTION"},
    {"exp": None},
    {"exp": AT - 1},
    {"exp": AT + 400 * 86_400},
    {"exp": "soon"},
    {"iat": None},
    {"iat": AT + 3600},
    {"iat": True},
    {"nbf": None},
    {"nbf": AT + 3600},
    {"nbf": NULL},
    {"jti": None},
    {"jti": ""},
    {"jti": 7},
    {"jti": NULL},
    {"app.installationId": None},
    {"app.installationId": "text"},
    {"app.installationId": f"{INSTALLATION}/../x"},
    {"app.installation.id": OTHER_INSTALLATION},
    {"principal": ""},
    {"principal": 7},
    {"principal": "unidentified"},
    {"principal": "x" * 300},
    {"principal": "a\0b"},
]


def wrong(changes: dict[str, Any]) -> Callable[[House], list[str]]:
    """A page's and an event's token with such claims, signed with Forge's key."""

    def tokens(house: House) -> list[str]:
        event = claims(principal=None, from_page=False, from_event=True, changes=changes)
        made = [claims(changes=changes)] + ([event] if "principal" not in changes else [])
        return [signed(house, each) for each in made]

    return tokens


def unsigned(house: House) -> list[str]:
    """Good claims under every signature but the one that counts."""
    signer, made = house.forge.signer, claims()
    pem = signer.signing_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    tokens = [
        jwt.encode(made, "a-guess-that-is-long-enough-0123456789", "HS256", signer_header()),
        jwt.encode(made, signer.signing_key, "RS512", signer_header()),
        jwt.encode(made, signer.signing_key, "PS256", signer_header()),
        ForgeSigner(number=2).token(),  # another key under the same id
        signer.token(header={}),
        "a.b.c",
    ]
    for algorithm in ("none", "HS256", "RS256", ["RS256"], None):
        head = f"{encoded({'alg': algorithm, 'kid': FORGE_KEY_ID})}.{encoded(made)}"
        mac = base64.urlsafe_b64encode(hmac.digest(pem, head.encode(), hashlib.sha256))
        tokens += [f"{head}.", f"{head}.{mac.rstrip(b'=').decode()}"]
    return tokens


FORGED = {"signature": unsigned} | {
    # The same names in every process: a test is known by its name.
    repr(changes).replace(repr(NULL), "null"): wrong(changes)
    for changes in WRONG
}


@pytest.mark.parametrize("tokens", FORGED.values(), ids=FORGED)
def test_C1_a_token_that_is_not_forges_own_for_this_app_now_is_refused(
    forge: House, tokens: Callable[[House], list[str]]
) -> None:
    for token in tokens(forge):
        refused_everywhere(forge, token, network=0)
    assert forge.fit("GET", OWN, forge.forge.signer.token()).status_code == 409


def signed(house: House, made: dict[str, Any]) -> str:
    """Signed with Forge's key, even where a library would not sign such claims."""
    key = house.forge.signer.signing_key
    return jwt.api_jws.encode(json.dumps(made).encode(), key, "RS256", signer_header())


def signer_header() -> dict[str, str]:
    return {"kid": FORGE_KEY_ID}


STAGING = [
    "https://api.stg.atlassian.com/ex/jira/" + CLOUD,
    "https://evil.net/ex/jira/" + CLOUD,
    "https://api.atlassian.com.evil.net/ex/jira/" + CLOUD,
    "https://api.atlassian.com@evil.net/ex/jira/" + CLOUD,
    "http://api.atlassian.com/ex/jira/" + CLOUD,
    "https://api.atlassian.com:8443/ex/jira/" + CLOUD,
    "https://api.atlassian.com/ex/jira/../" + CLOUD,
    f"https://api.atlassian.com/ex/jira/{CLOUD}/rest",
    "https://api.atlassian.com/",
    "",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("address", STAGING)
def test_C2_a_tokens_api_address_moves_no_key_host(empty: House, address: str) -> None:
    signer = empty.forge.signer
    for changes in (
        {"app.apiBaseUrl": address},
        {"app.installation.contexts.0.apiBaseUrl": address},
        {"context.apiBaseUrl": address},
        {"jku": address, "x5u": address},
    ):
        token = signer.token(changes=changes)
        if "jku" not in changes:
            refused(empty, Attack("GET", OWN, f"Bearer {token}"))
    header = {"kid": FORGE_KEY_ID, "jku": f"https://evil.net/{address}", "x5u": address}
    made = jwt.encode(claims(), ForgeSigner(number=2).signing_key, "RS256", header)
    refused(empty, Attack("GET", OWN, f"Bearer {made}"))
    asked = [f"https://{JWKS}/.well-known/jwks.json"]
    assert [request.url for request in empty.internet.sent] == asked


@pytest.mark.parametrize(
    "label",
    ["../", "evil.com/", "x" * 51, "", ".", "A", "a b", "a\n", "ü", "a%2fb", 7, ["gov"], {"a": 1}],
)
def test_C3_an_isolated_clouds_label_picks_no_address(empty: House, label: object) -> None:
    signer = empty.forge.signer
    for changes in ({"icLabel": label},):
        refused_everywhere(empty, signer.token(changes=changes), network=0)
        refused_everywhere(empty, signer.event(changes=changes), network=0)
    # A well-shaped one is ignored: the same one address is asked.
    token = signer.event(changes={"icLabel": "gov-1"})
    assert empty.fit("POST", "/forge/lifecycle", token, json=INSTALLED).status_code == 204
    assert empty.internet.hosts_asked() == {JWKS}


def test_C4_a_token_that_mixes_two_sites_is_refused(forge: House) -> None:
    signer = forge.forge.signer
    forge.site_a.fault = lambda path: (
        Reply({"cloudId": CLOUD}) if path == "/_edge/tenant_info" else None
    )
    forge.site_b.fault = lambda path: (
        Reply({"cloudId": OTHER_CLOUD}) if path == "/_edge/tenant_info" else None
    )
    later = {"at": AT + 5}
    forge.clock.pass_(seconds=5)
    mixed = [
        {"cloud_id": OTHER_CLOUD, "site_url": SITE_B},  # A's installation, B's cloud
        {"installation_id": OTHER_INSTALLATION},  # B's installation, A's cloud
        {"changes": {"context.cloudId": OTHER_CLOUD}},
        {"changes": {"app.installation.contexts.0.cloudId": OTHER_CLOUD}},
        {"changes": {"app.apiBaseUrl": f"https://{API}/ex/jira/{OTHER_CLOUD}"}},
        {"changes": {"app.installation.contexts.0.apiBaseUrl":
                     f"https://{API}/ex/jira/{OTHER_CLOUD}"}},
        {"changes": {"app.installation.id": OTHER_INSTALLATION}},
        {"site_url": SITE_B},
    ]  # fmt: skip
    for each in mixed:
        made = later | each
        token = signer.token(**made)
        user = forge.forge.user("admin-1")
        headers = {"x-forge-oauth-user": user, "x-forge-oauth-system": opaque_token("x", AT + 9999)}
        for path in (OWN, "/api/settings", "/api/site"):
            refused(forge, Attack("GET", path, f"Bearer {token}", headers=headers))
        if "site_url" not in each:  # no event names the site's address
            event = signer.event(**made)
            refused(forge, Attack("POST", "/forge/tick", f"Bearer {event}", b"{}", headers))
    # An address that no site of ours may have says nothing, is not asked and not believed.
    for host in ("https://evil.net", "https://acme.atlassian.net.evil.net", "http://10.0.0.1"):
        bearer = f"Bearer {signer.token(**later, site_url=host)}"
        answer = forge.send("GET", OWN, headers={"Authorization": bearer})
        assert answer.status_code != 401
    asked = {urlsplit(request.url or "").netloc for request in forge.internet.sent}
    assert asked <= {JWKS, API, SITE_A[8:], SITE_B[8:], "connect-install-keys.atlassian.com"}
    assert {each.state for each in forge.table.all()} == {"installed"}
    assert {each.base_url for each in forge.table.all()} <= {SITE_A, SITE_B}


def test_C5_nobody_in_session_is_nobody_and_never_the_app(forge: House) -> None:
    signer = forge.forge.signer
    system = forge.forge.system(later=600)
    headers = {"x-forge-oauth-system": system, "x-forge-oauth-user": forge.forge.user("admin-1")}
    for token in (signer.event(), signer.token(principal=None), signer.function(principal=None)):
        for method, path in [each for each in each_route(forge) if each[1].startswith("/api/")]:
            refused(forge, Attack(method, path, f"Bearer {token}", b"{}", headers), network=0)
    # An event's route takes no person's token, and no page's: a browser could send it.
    for token in (signer.token(), signer.token(principal=None), signer.function()):
        for path in EVENTS:
            body = json.dumps(LEAVING).encode()
            refused(forge, Attack("POST", path, f"Bearer {token}", body, headers), network=0)
    # Behind a page's token on the import type's routes must stand an administrator of this site.
    for user in (None, forge.forge.user("employee"), forge.forge.user("admin-1", OTHER_CLOUD)):
        for path in IMPORTS:
            answer = forge.fit("POST", path, signer.token(), user=user, json=IMPORT)
            assert answer.status_code == 403
        answer = forge.fit("GET", "/api/settings", signer.token(), user=user)
        assert answer.status_code == 403
    # The app's own token is no user's, whoever is in session.
    for path in ("/api/settings", "/api/site", "/api/imports"):
        answer = forge.fit("GET", path, signer.token(principal="admin-1"), user=system)
        assert answer.status_code == 403
    shown = forge.fit("GET", "/api/site", signer.token(), user=forge.forge.user("admin-1"))
    assert (shown.status_code, shown.get_json()["door"]) == (200, "forge")


def test_C6_calls_go_to_the_api_of_the_verified_tokens_site_only(forge: House) -> None:
    signer = forge.forge.signer
    start = len(forge.internet.sent)
    for token in unsigned(forge)[:3]:
        user = forge.forge.user("admin-1")
        forge.fit("GET", "/api/settings", token, user=user, system=opaque_token("x"))
    assert len(forge.internet.sent) == start
    asked_before = len(forge.forge.questions)
    for site in ({}, B):
        cloud_id = site.get("cloud_id", CLOUD)
        admin = {
            "user": forge.forge.user("admin-1", cloud_id),
            "system": forge.forge.system(cloud_id, later=600),
        }
        token = signer.token(principal="admin-1", **site)
        hostile = {"X-Forwarded-Host": "evil.net", "Host": "evil.net", "Origin": "https://evil.net"}
        query = f"?cloudId={OTHER_CLOUD}"
        body = {"entra_import": True, "metrics": True}
        forge.fit("GET", "/api/site", token, **admin, headers=hostile)
        forge.fit("GET", f"/api/settings{query}", token, **admin, headers=hostile)
        forge.fit("PUT", "/api/settings/consent", token, **admin, headers=hostile, json=body)
        forge.fit("GET", OWN, token, **admin, headers=hostile)
        forge.fit("POST", "/forge/import/status", signer.function(**site), **admin, json=IMPORT)
        for request in forge.internet.sent[start:]:
            parts = urlsplit(request.url or "")
            allowed = (f"/ex/jira/{cloud_id}/", "/forge/storage/kvs/v1/")
            assert (parts.scheme, parts.netloc) == ("https", API)
            assert parts.path.startswith(allowed), request.url
        start = len(forge.internet.sent)
        owners = {owner for _, owner, _ in forge.forge.questions[asked_before:]}
        asked_before = len(forge.forge.questions)
        assert owners == {cloud_id}
    assert forge.internet.stray == []


def test_C7_a_token_of_one_door_opens_nothing_of_the_other(
    forge: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = forge.forge.signer
    for route in guarded(forge):
        connect = [good_token(route, kind) for kind in ("lifecycle", "page", "context")]
        fits = [signer.token(), signer.event(), signer.function()]
        sent = [f"Bearer {token}" for token in connect] + [f"JWT {token}" for token in fits]
        if route.kind == "forge":
            sent += [f"JWT {token}" for token in connect]
        if route.kind in ("lifecycle", "page"):
            sent += [f"Bearer {token}" for token in fits]
        for authorization in sent:
            refused(forge, Attack(route.method, route.path, authorization, b"{}"))
        for token in fits:
            refused(forge, Attack(route.method, f"{route.path}?jwt={token}"))
    # A FIT's claims in the name of a Connect client key.
    made = claims() | {"iss": "client-a", "qsh": "context-qsh", "sub": "admin-1"}
    for secret in (SECRET_B, "a-guess-that-is-long-enough-0123456789"):
        token = jwt.encode(made, secret, "HS256")
        refused(forge, Attack("GET", "/api/settings", f"JWT {token}"))
        refused(forge, Attack("GET", "/api/settings", f"Bearer {token}"))
    assert_the_door_can_be_shut(build(monkeypatch, FORGE_APP_ID=""), signer)


def assert_the_door_can_be_shut(house: House, signer: ForgeSigner) -> None:
    """Without an app id nothing of Forge is taken, whatever is sent; Connect is."""
    two_sites(house)
    for method, path in each_route(house):
        for token in (signer.token(), signer.event()):
            refused(house, Attack(method, path, f"Bearer {token}", b"{}"), network=0)
    assert house.send("GET", OWN, context_token()).status_code == 409


def test_C8_a_call_may_come_again_and_an_event_has_one_effect(forge: House) -> None:
    signer = forge.forge.signer
    token = signer.token()
    answers = [forge.fit("GET", OWN, token) for _ in range(5)]
    assert {each.status_code for each in answers} == {409}
    # Every event again, four times, with the same token and with a fresh one of the same second.
    forge.clock.pass_(seconds=10)
    at = AT + 10

    def again(path: str, body: dict[str, Any], **site: Any) -> list[str]:
        states = []
        for made in (
            signer.event(at=at, **site),
            signer.event(at=at, changes={"jti": "2"}, **site),
        ):
            for _ in range(2):
                system = forge.forge.system(later=10)
                answer = forge.fit("POST", path, made, system=system, json=body)
                assert answer.status_code == 204
                states.append(forge.rests())
        return states

    for path, body in (("/forge/lifecycle", INSTALLED), ("/forge/tick", {})):
        states = again(path, body)
        assert states == [states[0]] * 4
    generation = of(forge).generation
    left = again("/forge/lifecycle", LEAVING)
    assert left == [left[0]] * 4
    gone = of(forge)
    assert (gone.state, gone.generation, dict(gone.part_keys)) == ("uninstalled", generation, {})
    assert gone.site_token is None
    # In that second nothing begins anew; a later call begins one new life, however often it comes.
    refused(forge, Attack("GET", OWN, f"Bearer {signer.token(at=at)}"))
    forge.clock.pass_(seconds=5)
    for _ in range(3):
        assert forge.fit("GET", OWN, signer.token(at=at + 5)).status_code == 409
    reborn = of(forge)
    assert (reborn.state, reborn.generation != generation) == ("installed", True)
    # The old goodbye, sent again late, ends nothing of it.
    late = signer.event(at=at)
    assert forge.fit("POST", "/forge/lifecycle", late, json=LEAVING).status_code == 204
    assert of(forge) == reborn
    assert of(forge, OTHER_CLOUD).state == "installed"
