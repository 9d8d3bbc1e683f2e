"""Connect tokens: the one good form of each, and everything that must be refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from app.callers import shared_secrets
from app.callers.connect import (
    HttpRequest,
    context_caller,
    lifecycle_caller,
    page_caller,
    page_signer,
)
from app.errors import Refused, ServiceUnreachable
from app.words import Secret
from tests.stand_ins.atlassian import (
    APP,
    AT,
    KEY_ID,
    NOW,
    SECRET,
    SIGNING_KEY,
    OneKey,
    claims,
    context_token,
    lifecycle_token,
    page_token,
)

PEM = SIGNING_KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


class Sites:
    """Two instances; remembers how often it was asked."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, ...]] = {
            "client-a": (SECRET,),
            "client-b": ("another-secret-" * 3,),
        }
        self.asked = 0
        self.newer: dict[str, tuple[str, ...]] = {}

    def find(self, client_key: str) -> str | None:
        self.asked += 1
        return client_key if client_key in self.known else None

    def secrets(self, client_key: str) -> Sequence[Secret]:
        return [Secret(value) for value in self.known[client_key]]

    def look_again(self, client_key: str) -> bool:
        newer, self.newer = self.newer, {}
        self.known |= newer
        return bool(newer)


def post(token: str | None, path: str = "/connect/installed", scheme: str = "JWT ") -> HttpRequest:
    header = None if token is None else scheme + token
    return HttpRequest("POST", path, "", "", header)


def get(path: str, query: str = "", token: str | None = None, *in_query: str) -> HttpRequest:
    header = None if token is None else f"JWT {token}"
    return HttpRequest("GET", path, query, "", header, in_query)


def refusal(request: HttpRequest, keys: OneKey | None = None) -> str:
    with pytest.raises(Refused) as caught:
        lifecycle_caller(request, keys or OneKey(), Sites(), APP, NOW)
    return caught.value.cause


def test_a_signed_install_token_names_its_client() -> None:
    caller = lifecycle_caller(post(lifecycle_token()), OneKey(), Sites(), APP, NOW)
    assert (caller.client_key, caller.issued_at) == ("client-a", AT)


@pytest.mark.parametrize("audience", [APP, [APP], APP + "/", [APP + "/"]])
def test_the_audience_is_this_app_with_or_without_a_slash(audience: object) -> None:
    assert lifecycle_caller(post(lifecycle_token(aud=audience)), OneKey(), Sites(), APP, NOW)


@pytest.mark.parametrize(
    "request_",
    [
        post(None),
        post("", scheme=""),
        post(""),
        post(lifecycle_token(), scheme="Bearer "),
        post(lifecycle_token(), scheme="jwt "),
        post(lifecycle_token() + " "),
        post(lifecycle_token() + "." + "a"),
        post("a.b.c"),
        post("e30.W10.x"),
        post("x" * 9000),
        HttpRequest(
            "POST", "/connect/installed", "jwt=a.b.c", "", f"JWT {lifecycle_token()}", ("a",)
        ),
    ],
)
def test_A1_no_token_or_no_tokens_shape_is_refused(request_: HttpRequest) -> None:
    refusal(request_)


def test_A2_a_token_signed_with_the_stored_shared_secret_is_refused() -> None:
    token = jwt.encode(claims(aud=APP, qsh="x"), SECRET, "HS256", headers={"kid": KEY_ID})
    assert refusal(post(token)) == "algorithm"


def test_A3_a_token_without_a_key_id_is_refused_without_a_fetch() -> None:
    keys = OneKey()
    assert refusal(post(lifecycle_token(header={})), keys) == "key id"
    assert keys.asked == []


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512", ["RS256"], None, "rs256"])
def test_A4_the_algorithm_is_pinned(algorithm: object) -> None:
    good = lifecycle_token()
    header = jwt.utils.base64url_encode(
        jwt.api_jws.json.dumps({"alg": algorithm, "kid": KEY_ID}).encode()
    ).decode()
    keys = OneKey()
    assert refusal(post(".".join([header, *good.split(".")[1:]])), keys) == "algorithm"
    assert keys.asked == []


def test_A4_a_token_keyed_with_the_public_key_is_refused() -> None:
    body = lifecycle_token().split(".")[1]
    header = base64.urlsafe_b64encode(b'{"alg":"RS256","kid":"key-1"}').rstrip(b"=").decode()
    mac = hmac.digest(PEM, f"{header}.{body}".encode(), hashlib.sha256)
    signature = base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
    assert refusal(post(f"{header}.{body}.{signature}")) == "signature"


@pytest.mark.parametrize(
    "audience",
    [
        None,
        "https://other.example.com",
        "https://app.example.com.evil.net",
        "https://evil.net/?https://app.example.com",
        [APP, "https://other.example.com"],
        ["https://other.example.com", APP],
        [],
        [[APP]],
        f"x {APP}",
        7,
    ],
)
def test_A7_another_audience_is_refused(audience: object) -> None:
    assert refusal(post(lifecycle_token(aud=audience))) == "audience"


@pytest.mark.parametrize("qsh", [None, "context-qsh", "x", 7])
def test_A8_another_query_hash_is_refused(qsh: object) -> None:
    assert refusal(post(lifecycle_token(qsh=qsh))) == "query hash"


def test_A8_a_token_for_another_path_is_refused() -> None:
    assert refusal(post(lifecycle_token("/connect/uninstalled"))) == "query hash"


@pytest.mark.parametrize(
    "times",
    [
        {"exp": None},
        {"iat": None},
        {"exp": AT},
        {"exp": AT - 60},
        {"exp": AT + 365 * 86_400},
        {"iat": AT + 60},
        {"nbf": AT + 60},
        {"exp": True},
        {"exp": float("inf")},
        {"iat": -1},
        {"iat": 0.5},
    ],
)
def test_A9_a_token_outside_its_time_is_refused(times: dict[str, Any]) -> None:
    refusal(post(lifecycle_token(**times)))


@pytest.mark.parametrize("times", [{"exp": "9" * 20}, {"iat": "now"}, {"nbf": None, "exp": [AT]}])
def test_A9_times_that_are_no_numbers_are_refused(times: dict[str, Any]) -> None:
    body = claims(aud=APP, qsh="x") | times
    refusal(post(jwt.api_jws.encode(jwt.api_jws.json.dumps(body).encode(), SIGNING_KEY, "RS256",
                                    headers={"kid": KEY_ID})))  # fmt: skip


@pytest.mark.parametrize(
    "key_id",
    ["../x", "a/b", "x?y", "%2e%2e", "a\nb", "x" * 10_000, "ü", "", "a b", None, 7, ["a"]],
)
def test_A11_a_key_id_that_could_change_an_address_is_refused_without_a_fetch(
    key_id: object,
) -> None:
    header = jwt.utils.base64url_encode(
        jwt.api_jws.json.dumps({"alg": "RS256", "kid": key_id}).encode()
    ).decode()
    keys = OneKey()
    refusal(post(".".join([header, *lifecycle_token().split(".")[1:]])), keys)
    assert keys.asked == []


def test_a_known_instances_key_does_not_wait_behind_strangers() -> None:
    keys = OneKey()
    lifecycle_caller(post(lifecycle_token()), keys, Sites(), APP, NOW)
    lifecycle_caller(post(lifecycle_token(iss="a-new-client")), keys, Sites(), APP, NOW)
    assert keys.for_known == [True, False]


def test_a_token_signed_with_zeroes_proves_nothing_when_the_secret_is_gone() -> None:
    sites = Sites()
    sites.known["client-a"] = ()
    page_refusal(get("/a", "", page_token("/a", secret="\0" * 64)), sites)


def test_a_page_token_opens_its_own_address() -> None:
    query = "lic=none&loc=en-US&x=%2F"
    caller, instance = page_caller(
        get("/my-assets", query, page_token("/my-assets", query)), Sites(), NOW
    )
    assert (caller.account_id, instance) == ("account-1", "client-a")


def page_refusal(request: HttpRequest, sites: Sites | None = None) -> str:
    with pytest.raises(Refused) as caught:
        page_caller(request, sites or Sites(), NOW)
    return caught.value.cause


def test_B1_a_page_token_of_one_address_is_refused_on_another() -> None:
    token = page_token("/my-assets")
    assert page_refusal(get("/admin", "", token)) == "query hash"
    assert page_refusal(get("/my-assets", "x=1", token)) == "query hash"


def test_B2_each_route_takes_its_own_kind_of_token() -> None:
    assert page_refusal(get("/my-assets", "", context_token())) == "query hash"
    with pytest.raises(Refused):
        context_caller(get("/api/settings", "", page_token("/api/settings")), Sites(), NOW)
    with pytest.raises(Refused):
        context_caller(get("/api/settings", "", lifecycle_token()), Sites(), NOW)
    assert page_refusal(get("/my-assets", "", lifecycle_token("/my-assets"))) == "signature"


def test_B3_two_tokens_are_refused() -> None:
    token = page_token("/my-assets")
    assert page_refusal(get("/my-assets", "", token, token)) == "no token, or two"
    assert page_refusal(get("/my-assets", "", None, token, token)) == "no token, or two"
    with pytest.raises(Refused):
        context_caller(get("/api/x", "jwt=1", context_token(), "1"), Sites(), NOW)


@pytest.mark.parametrize("qsh", ["ü" * 64, "x" * 9000, None, "context-qsh", 1])
def test_B6_an_odd_query_hash_is_refused(qsh: object) -> None:
    page_refusal(get("/my-assets", "", page_token("/my-assets", qsh=qsh)))


def test_B7_unknown_issuers_and_foreign_secrets_are_refused() -> None:
    assert page_refusal(get("/a", "", page_token("/a", iss="nobody"))) == "signature"
    assert page_refusal(get("/a", "", page_token("/a", iss="client-b"))) == "signature"
    for issuer in ("", None, "x" * 300):
        page_refusal(get("/a", "", page_token("/a", iss=issuer)))


def test_a_token_signed_with_nobodys_secret_is_refused_all_the_same() -> None:
    token = page_token("/a", iss="nobody", secret="\0" * 64)
    assert page_refusal(get("/a", "", token)) == "instance unknown"


class Unopened(Sites):
    """The instances are known, but no secret can be opened just now."""

    def secrets(self, client_key: str) -> Sequence[Secret]:
        raise ServiceUnreachable


@pytest.mark.parametrize("secret", [SECRET, "a-strangers-secret-0123456789-0123456789"])
def test_D11_a_known_instance_is_told_to_come_back_whatever_signed_its_token(secret: str) -> None:
    with pytest.raises(ServiceUnreachable):
        page_caller(get("/a", "", page_token("/a", secret=secret)), Unopened(), NOW)


def test_D11_strangers_are_refused_although_no_secret_can_be_opened() -> None:
    assert page_refusal(get("/a", "", page_token("/a", iss="nobody")), Unopened()) == "signature"


@pytest.mark.parametrize("issuer", ["client-a", "client-b", "nobody"])
def test_A22_known_and_unknown_issuers_cost_the_same_work(
    issuer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[int] = []
    verify = shared_secrets.verify_shared

    def counted(token: str, secret: Secret, now: Any) -> Any:
        checked.append(len(secret))
        return verify(token, secret, now)

    monkeypatch.setattr(shared_secrets, "verify_shared", counted)
    token = page_token("/a", iss=issuer, secret="a-strangers-secret-0123456789-0123456789")
    assert page_refusal(get("/a", "", token)) == "signature"
    assert len(checked) == 1
    assert checked[0] >= 32


def test_whose_page_was_refused_is_told_by_the_secret_alone() -> None:
    sites = Sites()
    sites.known["client-a"] = ("the-secret-before-this-one-0123456789", SECRET)
    late = NOW + timedelta(days=1)
    for token in (
        page_token("/a"),
        page_token("/another"),
        page_token("/a", secret="the-secret-before-this-one-0123456789"),
    ):
        assert page_signer(get("/a", "", token), sites, late) == "client-a"
        assert page_signer(get("/a", "", None, token), sites, NOW) == "client-a"


@pytest.mark.parametrize(
    "request_",
    [
        get("/a"),
        get("/a", "", "a.b.c"),
        get("/a", "", page_token("/a"), page_token("/a")),
        get("/a", "", page_token("/a", iss=None)),
        get("/a", "", page_token("/a", iss="client-b")),
        get("/a", "", page_token("/a", iss="nobody")),
        get("/a", "", page_token("/a", iss="nobody", secret="\0" * 64)),
        get("/a", "", page_token("/a", secret="a-strangers-secret-0123456789-0123456789")),
        get("/a", "", lifecycle_token("/a")),
    ],
)
def test_a_refused_page_is_nobodys_if_no_known_secret_signed_its_token(
    request_: HttpRequest,
) -> None:
    assert page_signer(request_, Sites(), NOW) is None


def test_the_secret_before_works_while_it_is_in_force() -> None:
    sites = Sites()
    sites.known["client-a"] = ("the-secret-before-this-one-0123456789", SECRET)
    old = page_token("/a", secret="the-secret-before-this-one-0123456789")
    assert page_caller(get("/a", "", old), sites, NOW)
    assert page_caller(get("/a", "", page_token("/a")), sites, NOW)


@pytest.mark.parametrize("issuer", ["client-a", "client-new"])
def test_a_secret_that_just_came_is_looked_up_once_before_refusing(issuer: str) -> None:
    sites = Sites()
    sites.newer = {issuer: ("a-secret-another-process-has-taken-0123",)}
    token = page_token("/a", iss=issuer, secret="a-secret-another-process-has-taken-0123")
    assert page_caller(get("/a", "", token), sites, NOW)[1] == issuer
    stranger = page_token("/a", iss=issuer, secret="nobody-knows-this-one-01234567890123456")
    before = sites.asked
    assert page_refusal(get("/a", "", stranger), sites) == "signature"
    assert sites.asked == before + 1


def test_an_expired_token_is_refused_whichever_secret_signed_it() -> None:
    sites = Sites()
    sites.known["client-a"] = (SECRET, "a-newer-secret-0123456789012345678901")
    with pytest.raises(Refused):
        page_caller(get("/a", "", page_token("/a")), sites, NOW + timedelta(minutes=4))


def test_a_context_token_speaks_for_its_person() -> None:
    caller, _ = context_caller(get("/api/x", "", context_token()), Sites(), NOW)
    assert caller.account_id == "account-1"


@pytest.mark.parametrize("subject", [7, "", "x" * 300, ["a"]])
def test_a_subject_that_is_no_account_is_refused(subject: object) -> None:
    token = jwt.api_jws.encode(
        jwt.api_jws.json.dumps(claims(qsh="context-qsh", sub=subject)).encode(), SECRET.encode()
    )
    with pytest.raises(Refused):
        context_caller(get("/api/x", "", token), Sites(), NOW)


@given(st.text(max_size=200))
def test_no_text_is_too_odd_to_be_refused(text: str) -> None:
    with pytest.raises(Refused):
        context_caller(get("/api/x", "", text), Sites(), NOW)
    with pytest.raises(Refused):
        lifecycle_caller(post(text), OneKey(), Sites(), APP, NOW)
