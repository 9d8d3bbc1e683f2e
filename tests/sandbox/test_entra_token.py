"""The token address refuses what Entra refuses, in Entra's JSON, and signs what Graph reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
import requests

from sandbox.entra import CLIENT_ID, CLIENT_SECRET, READ_ROLES, ClientSecret, Registration
from tests.stand_ins.microsoft import START, Side, running

SAMPLE = Path(__file__).parents[3] / "shared/samples/graph/entra-token-errors.json"
FIELDS = {
    "error",
    "error_description",
    "error_codes",
    "timestamp",
    "trace_id",
    "correlation_id",
    "error_uri",
}


@pytest.fixture
def side() -> Iterator[Side]:
    with running(4) as started:
        yield started


def test_the_right_secret_gets_a_bearer_token_with_the_granted_roles(side: Side) -> None:
    reply = side.ask_token()
    body = reply.json()
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert (reply.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 3599)
    assert claims["aud"] == side.graph_url
    assert claims["roles"] == list(READ_ROLES)
    assert claims["appid"] == CLIENT_ID
    assert claims["exp"] - claims["iat"] == 3599


def test_a_tenant_is_also_known_by_its_domain(side: Side) -> None:
    assert side.ask_token(tenant="contoso.example").status_code == 200


def test_an_app_without_roles_still_gets_a_token(side: Side) -> None:
    side.register()
    token = side.ask_token().json()["access_token"]
    assert "roles" not in jwt.decode(token, options={"verify_signature": False})


@pytest.mark.parametrize(
    ("fields", "status", "error", "code"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_id": "00000000-0000-0000-0000-000000000000"}, 400, "unauthorized_client", 700016),
        ({"tenant": "nowhere.example"}, 400, "invalid_request", 90002),
        ({"tenant": "common"}, 400, "invalid_request", 9001023),
        ({"scope": "https://foo.example/.default"}, 400, "invalid_scope", 70011),
        ({"scope": "User.Read.All"}, 400, "invalid_scope", 70011),
        ({"scope": "https://graph.microsoft.us/.default"}, 400, "invalid_resource", 500011),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        ({"client_secret": None}, 400, "invalid_request", 900144),
        ({"scope": None}, 400, "invalid_request", 900144),
    ],
)
def test_a_wrong_request_is_refused_as_entra_does(
    side: Side, fields: dict[str, str], status: int, error: str, code: int
) -> None:
    reply = side.ask_token(**fields)
    body = reply.json()
    assert (reply.status_code, body["error"], body["error_codes"]) == (status, error, [code])
    assert body["error_description"].startswith(f"AADSTS{code}: ")
    assert set(body) == FIELDS


def test_the_scope_of_graph_with_a_path_is_not_accepted(side: Side) -> None:
    assert side.ask_token(scope=f"{side.graph_url}/v1.0/.default").json()["error_codes"] == [70011]


def test_an_expired_secret_has_its_own_code(side: Side) -> None:
    secrets = (ClientSecret(CLIENT_SECRET, START + timedelta(hours=1)), ClientSecret("newer"))
    side.microsoft.register(Registration(CLIENT_ID, secrets))
    assert side.ask_token().status_code == 200
    side.later(hours=1)
    reply = side.ask_token()
    assert (reply.status_code, reply.json()["error_codes"]) == (401, [7000222])
    assert side.ask_token(client_secret="newer").status_code == 200


@pytest.mark.parametrize(("code", "status"), [(53003, 400), (90033, 503)])
def test_an_app_may_be_blocked_or_in_trouble(side: Side, code: int, status: int) -> None:
    secrets = (ClientSecret(CLIENT_SECRET),)
    side.microsoft.register(Registration(CLIENT_ID, secrets, refused_with=code))
    reply = side.ask_token()
    assert (reply.status_code, reply.json()["error_codes"]) == (status, [code])


def test_a_body_that_is_not_a_form_is_refused(side: Side) -> None:
    url = f"{side.login_url}/contoso.example/oauth2/v2.0/token"
    reply = requests.post(url, json={"client_id": CLIENT_ID}, timeout=5)
    assert reply.status_code == 400


def test_no_refusal_shows_the_secret_that_was_sent(side: Side) -> None:
    for fields in ({"client_secret": "canary-77"}, {"tenant": "x", "client_secret": "canary-77"}):
        assert "canary-77" not in side.ask_token(**fields).text


def test_the_refusals_agree_with_the_collected_samples_where_present(side: Side) -> None:
    cases = json.loads(SAMPLE.read_text("utf-8"))["cases"] if SAMPLE.exists() else []
    asked = {
        7000215: {"client_secret": "wrong"},
        700016: {"client_id": "nobody"},
        90002: {"tenant": "nowhere"},
        70011: {"scope": "https://foo.microsoft.com/.default"},
    }
    for case in cases:
        if case["code"] in asked:
            reply = side.ask_token(**asked[case["code"]])
            assert (reply.status_code, reply.json()["error"]) == (case["http"], case["error"])
