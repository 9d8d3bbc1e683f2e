"""The Entra ID login: one POST, each refusal with its number, no secret in any error."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import requests

from app.errors import (
    AppError,
    InputRefused,
    ServiceFailed,
    ServiceTimedOut,
    ServiceUnreachable,
    SlowDown,
)
from app.outside.microsoft.entra import EntraLogin, EntraRefused, EntraToken
from app.words import Secret
from tests.stand_ins.wire import Reply, Wire

LOGIN = "https://login.a.example"
SECRET = "canary+secret&of=entra"
SCOPE = "https://graph.a.example/.default"
SAMPLES = Path(__file__).parents[3] / "shared/samples/graph/entra-token-errors.json"


def access_token(claims: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJ0eXAi.{payload}.c2ln"


def granted(claims: object, **changes: object) -> Reply:
    body = {"token_type": "Bearer", "expires_in": 3599, "access_token": access_token(claims)}
    return Reply({**body, **changes})


def ask(wire: Wire, tenant: str = "t-1.example", client: str = "c-1") -> EntraToken:
    return EntraLogin(wire.caller(), LOGIN + "/").token(tenant, client, Secret(SECRET), SCOPE)


def test_a_token_comes_with_its_life_and_its_roles() -> None:
    wire = Wire(granted({"roles": ["User.Read.All", "Device.Read.All"], "ünicode": "ÿ?"}))
    token = ask(wire)
    assert token.expires_in == 3599
    assert token.roles == {"User.Read.All", "Device.Read.All"}
    assert "eyJ" not in repr(token)


def test_the_secret_is_sent_encoded_and_only_in_the_body() -> None:
    wire = Wire(granted({}))
    ask(wire)
    (sent,) = wire.sent
    assert sent.url == f"{LOGIN}/t-1.example/oauth2/v2.0/token"
    assert sent.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert isinstance(sent.body, bytes)
    assert parse_qs(sent.body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["c-1"],
        "client_secret": [SECRET],
        "scope": [SCOPE],
    }


def test_a_token_without_roles_has_none() -> None:
    assert ask(Wire(granted({"aud": "graph"}))).roles == frozenset()


def test_a_life_written_as_text_is_read() -> None:
    assert ask(Wire(granted({}, expires_in="3599"))).expires_in == 3599


@pytest.mark.parametrize(
    ("tenant", "client", "fields"),
    [
        ("../x", "c", ["tenant_id"]),
        ("a/b", "c", ["tenant_id"]),
        ("a?b", "c", ["tenant_id"]),
        ("a\n", "c", ["tenant_id"]),
        ("", "c#", ["tenant_id", "client_id"]),
    ],
)
def test_ids_that_could_alter_the_address_make_no_call(
    tenant: str, client: str, fields: list[str]
) -> None:
    wire = Wire()
    with pytest.raises(InputRefused) as refused:
        ask(wire, tenant, client)
    assert [problem.field for problem in refused.value.problems] == fields
    assert wire.sent == []


@pytest.mark.parametrize(
    "said",
    [
        {"error_codes": [7000215]},
        {"error_codes": [7000215, 1], "error_description": "AADSTS1: no"},
        {"error_uri": "https://login.microsoftonline.com/error?code=7000215"},
        {"error_description": "AADSTS7000215: Invalid client secret provided."},
    ],
)
def test_a_refusal_has_its_number_wherever_it_stands(said: dict[str, object]) -> None:
    with pytest.raises(EntraRefused) as refused:
        ask(Wire(Reply({"error": "invalid_client", **said}, 401)))
    assert (refused.value.code, refused.value.error) == (7000215, "invalid_client")


def test_a_refusal_may_have_no_number() -> None:
    with pytest.raises(EntraRefused) as refused:
        ask(Wire(Reply({"error": "invalid_client", "error_description": "no"}, 400)))
    assert refused.value.code is None


def test_every_published_refusal_is_read() -> None:
    published = json.loads(SAMPLES.read_text())["cases"] if SAMPLES.exists() else []
    for case in published:
        with pytest.raises(EntraRefused) as refused:
            ask(Wire(Reply({k: v for k, v in case.items() if k.startswith("error")}, case["http"])))
        assert refused.value.code == case["code"]


@pytest.mark.parametrize("code", [90033, 90006, 90024, 90012])
def test_a_temporary_refusal_is_a_service_that_is_down(code: int) -> None:
    reply = Reply({"error": "invalid_request", "error_codes": [code]}, 400)
    with pytest.raises(ServiceUnreachable):
        ask(Wire(reply))


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply({"error": "temporarily_unavailable"}, 400), ServiceUnreachable),
        (Reply(status=500), ServiceUnreachable),
        (Reply(b"<html>", 503), ServiceUnreachable),
        (Reply(b"<html>", 400), ServiceFailed),
        (Reply({"message": "no"}, 400), ServiceFailed),
        (Reply({"error": {"code": 1}}, 400), ServiceFailed),
        (Reply(b"<html>"), ServiceFailed),
        (Reply(b""), ServiceFailed),
        (Reply([]), ServiceFailed),
        (Reply({}), ServiceFailed),
        (Reply(status=302, headers={"Location": "https://evil.example"}), ServiceFailed),
        (granted({}, access_token=""), ServiceFailed),
        (granted({}, access_token=None), ServiceFailed),
        (granted({}, access_token="a\nb.c.d"), ServiceFailed),
        (granted({}, access_token="opaque"), ServiceFailed),
        (granted({}, access_token="a.!!!.c"), ServiceFailed),
        (granted({}, access_token="a.bm90IGpzb24.c"), ServiceFailed),
        (granted([]), ServiceFailed),
        (granted({"roles": "User.Read.All"}), ServiceFailed),
        (granted({"roles": [5]}), ServiceFailed),
        (granted({}, expires_in=0), ServiceFailed),
        (granted({}, expires_in=True), ServiceFailed),
        (granted({}, expires_in=None), ServiceFailed),
        (requests.ConnectionError(SECRET), ServiceUnreachable),
        (requests.ReadTimeout(), ServiceTimedOut),
    ],
)
def test_a_bad_answer_is_never_a_token(reply: Reply | Exception, error: type[AppError]) -> None:
    with pytest.raises(error) as raised:
        ask(Wire(reply))
    assert "canary" not in f"{raised.value!r} {raised.value.detail} {raised.value.__cause__!r}"


def test_a_429_passes_on_how_long_to_wait() -> None:
    with pytest.raises(SlowDown) as slow:
        ask(Wire(Reply(status=429, headers={"Retry-After": "12"})))
    assert slow.value.retry_after == 12


def test_what_entra_writes_is_not_repeated() -> None:
    reply = Reply({"error": "invalid_client", "error_description": f"AADSTS1234: {SECRET}"}, 401)
    with pytest.raises(EntraRefused) as refused:
        ask(Wire(reply))
    assert "canary" not in f"{refused.value!r} {refused.value.detail} {vars(refused.value)}"
