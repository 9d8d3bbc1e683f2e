"""Tokens before anybody checked them: no text and no bytes end in anything but a refusal."""

from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.callers.connect import ConnectCaller, HttpRequest, context_caller, page_caller
from app.callers.query_hash import CONTEXT_HASH, query_hash
from app.callers.tokens import (
    MAX_TOKEN_CHARACTERS,
    account_of,
    is_strong,
    peek,
    token_after,
    verify_shared,
)
from app.errors import Refused
from app.words import Secret, SignedClaims
from tests.stand_ins.atlassian import AT, NOW, SECRET, claims, context_token
from tests.stand_ins.forge_tokens import rsa_key
from tests.stand_ins.key_server import ec_key, short_rsa_key

anything = st.text(st.characters(exclude_categories=()), max_size=80)  # lone surrogates too
short = st.text(st.characters(exclude_categories=()), max_size=10)
plain = st.none() | st.booleans() | st.integers() | st.floats() | short
json_values = plain | st.lists(plain, max_size=3) | st.dictionaries(short, plain, max_size=3)


class OneSite:
    def find(self, client_key: str) -> str | None:
        client_key.encode("ascii")  # what no store could look up never comes here
        return client_key if client_key == "client-a" else None

    def secrets(self, client_key: str) -> list[Secret]:
        return [Secret(SECRET)]

    def look_again(self, client_key: str) -> bool:
        return False


def packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def peeked(token: str) -> bool:
    """Whether it had a token's shape. Anything but Refused is a fault."""
    try:
        header, body = peek(token)
    except Refused:
        return False
    assert isinstance(header, dict)
    assert isinstance(body, dict)
    return True


def called(authorization: str | None, method: str = "GET") -> ConnectCaller | None:
    request = HttpRequest(method, "/api/x", "", "", authorization)
    try:
        return context_caller(request, OneSite(), NOW)[0]
    except Refused:
        return None


@given(anything)
def test_any_text_is_peeked_at_or_refused(text: str) -> None:
    peeked(text)
    peeked(f"{text}.{text}.{text}")


@given(st.binary(max_size=400))
def test_any_bytes_are_peeked_at_or_refused(content: bytes) -> None:
    peeked(content.decode("latin-1"))


@given(st.binary(max_size=60), st.binary(max_size=60), st.binary(max_size=60))
def test_parts_of_any_bytes_are_peeked_at_or_refused(one: bytes, two: bytes, three: bytes) -> None:
    peeked(".".join(map(packed, (one, two, three))))


@given(json_values, json_values)
def test_a_token_is_two_objects_and_a_signature(header: Any, body: Any) -> None:
    token = ".".join(packed(json.dumps(part).encode()) for part in (header, body)) + "."
    assert peeked(token) is (isinstance(header, dict) and isinstance(body, dict))


@pytest.mark.parametrize(
    "part",
    [
        b"[" * 4000,
        b'{"a":' * 800,
        b'{"a":' + b"9" * 5000 + b"}",
        b"\xff\xfe",
        b"\xff\xfe{\x00}\x00",
        b'{"a":"\xff"}',
        b"",
        b"null",
        b'{"a":1}x',
    ],
)
def test_odd_json_is_peeked_at_or_refused(part: bytes) -> None:
    for token in (
        f"{packed(part)}.e30.",
        f"e30.{packed(part)}.",
        f"{packed(part)}.{packed(part)}.",
    ):
        peeked(token)
        assert called(f"JWT {token}") is None


def test_a_token_has_a_greatest_length() -> None:
    longest = "e30.e30." + "a" * (MAX_TOKEN_CHARACTERS - 8)
    assert peeked(longest)
    assert not peeked(longest + "a")


@given(anything)
def test_any_header_is_read_or_refused(text: str) -> None:
    for authorization in (text, f"JWT {text}", f"JWT{text}", f"{text} {context_token()}"):
        assert called(authorization) is None or authorization == f"JWT {context_token()}"


@given(anything, anything)
def test_only_the_schemes_own_token_is_read(scheme: str, text: str) -> None:
    try:
        found = token_after("JWT", f"{scheme} {text}")
    except Refused:
        assert scheme != "JWT" or not text
    else:
        assert f"{scheme} {text}" == f"JWT {found}"


def signed(payload: Any, **header: Any) -> str:
    return jwt.api_jws.encode(json.dumps(payload).encode(), SECRET.encode(), headers=header)


@given(st.sampled_from(["iss", "sub", "iat", "exp", "nbf", "qsh", "aud", "context"]), json_values)
def test_any_value_of_a_signed_claim_is_believed_or_refused(name: str, value: Any) -> None:
    payload: dict[str, Any] = claims(sub="account-1", qsh=CONTEXT_HASH)
    caller = called(f"JWT {signed(payload | {name: value})}")
    if caller is not None:
        assert caller.client_key == "client-a"
        assert caller.account_id is None or str(caller.account_id).isprintable()
        assert 0 < caller.issued_at <= AT + 5


@given(st.sampled_from(["alg", "typ", "kid", "b64", "crit", "jwk", "x5u", "zip"]), json_values)
def test_any_header_over_a_token_is_harmless(name: str, value: Any) -> None:
    head = packed(json.dumps({"alg": "HS256", "typ": "JWT"} | {name: value}).encode())
    _, body, signature = context_token().split(".")
    called(f"JWT {head}.{body}.{signature}")


@given(json_values, json_values)
def test_any_unsigned_token_is_refused(header: Any, body: Any) -> None:
    token = ".".join(packed(json.dumps(part).encode()) for part in (header, body))
    assert called(f"JWT {token}.") is None
    assert called(f"JWT {token}.{packed(b'x' * 32)}") is None


@given(st.integers(0, 2), st.integers(0, 10_000), st.integers(1, 255))
def test_a_token_with_any_byte_changed_is_refused(part: int, place: int, change: int) -> None:
    parts = context_token().split(".")
    content = bytearray(base64.urlsafe_b64decode(parts[part] + "=="))
    content[place % len(content)] ^= change
    parts[part] = packed(bytes(content))
    assert called("JWT " + ".".join(parts)) is None


@pytest.mark.parametrize("issuer", ["\ud800", "ü", "a b", "a\n", "\0", "x" * 256, "", 7, ["a"]])
def test_B7_an_issuer_that_no_site_can_have_is_never_looked_up(issuer: object) -> None:
    assert called(f"JWT {signed(claims(iss=issuer, qsh=CONTEXT_HASH))}") is None


@given(anything | json_values)
def test_B6_any_query_hash_but_the_right_one_is_refused(qsh: Any) -> None:
    right = query_hash("GET", "/a", "")
    token = signed(claims(sub="account-1") | {"qsh": qsh})
    request = HttpRequest("GET", "/a", "", "", f"JWT {token}")
    try:
        page_caller(request, OneSite(), NOW)
    except Refused:
        assert qsh != right
    else:
        assert qsh == right


@pytest.mark.parametrize("qsh", ["\ud800" * 64, "é" * 64, "0" * 63, "0" * 65, "0" * 5000])
def test_B6_a_query_hash_of_odd_letters_or_length_is_refused(qsh: str) -> None:
    token = signed(claims(sub="account-1", qsh=qsh))
    with pytest.raises(Refused) as caught:
        page_caller(HttpRequest("GET", "/a", "", "", f"JWT {token}"), OneSite(), NOW)
    assert caught.value.cause == "query hash"


def test_a_query_hash_in_capitals_is_another_one() -> None:
    token = signed(claims(sub="account-1", qsh=query_hash("GET", "/a", "").upper()))
    with pytest.raises(Refused):
        page_caller(HttpRequest("GET", "/a", "", "", f"JWT {token}"), OneSite(), NOW)


def test_a_secret_that_looks_like_a_key_file_signs_nothing() -> None:
    with pytest.raises(Refused):
        verify_shared(context_token(), Secret("-----BEGIN PUBLIC KEY-----\nAAAA"), NOW)


@pytest.mark.parametrize("value", [None, "account-1", "5b10:x-y", "x" * 255])
def test_an_account_is_named_or_not(value: str | None) -> None:
    assert account_of(SignedClaims({"sub": value}), "sub") == value


@pytest.mark.parametrize("value", ["", "x" * 256, "a\0", "\ud800", 7, True, [], "unidentified"])
def test_an_account_of_another_shape_is_refused(value: object) -> None:
    with pytest.raises(Refused):
        account_of(SignedClaims({"sub": value}), "sub")


def test_only_strong_rsa_keys_may_check_signatures() -> None:
    assert is_strong(rsa_key().public_key())
    for weak in (rsa_key(), ec_key(), short_rsa_key(2047), short_rsa_key(8193), None, b""):
        assert not is_strong(weak)
