"""Both addresses of keys on a hostile network: real sockets, each bad answer, counted requests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from app.errors import AppError, ServiceUnreachable
from app.outside.atlassian import install_keys
from app.outside.atlassian.forge_keys import ForgeKeyAddress
from app.outside.atlassian.install_keys import InstallKeyAddress
from app.outside.http import HttpCaller
from tests.stand_ins.clock import StoppedClock
from tests.stand_ins.forge_tokens import jwk, rsa_key
from tests.stand_ins.key_server import (
    FIVE_MB,
    Answer,
    KeyServer,
    body,
    bomb,
    cut,
    document,
    ec_key,
    nothing,
    pem,
    redirect,
    short_rsa_key,
    status,
)

KEY = rsa_key().public_key()


@dataclass(frozen=True)
class Source:
    """One of the two: how it is asked, and how its address answers with a key."""

    key: Callable[[str], Any]
    good: Answer
    as_answer: Callable[[Any], Answer]
    of_set: bool


@pytest.fixture
def http() -> Iterator[HttpCaller]:
    caller = HttpCaller()
    yield caller
    caller.close()


@pytest.fixture
def server() -> Iterator[KeyServer]:
    with KeyServer() as running:
        yield running


@pytest.fixture(params=["install keys", "key set"])
def source(
    request: pytest.FixtureRequest,
    http: HttpCaller,
    server: KeyServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Source:
    monkeypatch.setattr(install_keys, "_READ_SECONDS", 0.1)
    monkeypatch.setattr("app.outside.key_set._READ_SECONDS", 0.1)
    if request.param == "key set":
        keys = ForgeKeyAddress(http, f"{server.url}/.well-known/jwks.json", StoppedClock())

        def key_set(key: Any) -> Answer:
            return document({"keys": [jwk(key, "a")]})

        return Source(keys.key, key_set(KEY), key_set, of_set=True)
    install = InstallKeyAddress(http, server.url, StoppedClock())
    return Source(
        lambda key_id: install.key(key_id, issuer_known=False),
        body(pem(KEY)),
        lambda key: body(pem(key)),
        of_set=False,
    )


def outcome(source: Source, key_id: str = "a") -> str:
    try:
        return "no key" if source.key(key_id) is None else "a key"
    except ServiceUnreachable:
        return "503"
    except AppError as error:
        return f"{error.status}"


BAD: dict[str, Answer] = {
    "403 html": body(b"<html>Forbidden", 403, Content_Type="text/html"),
    "200 html": body(b"<!doctype html><html>Sign in", Content_Type="text/html"),
    "empty": body(b""),
    "no content": status(204),
    "500": status(500),
    "429": status(429),
    "5 MB": body(b"x" * FIVE_MB),
    "5 MB of blanks, packed": bomb(),
    "bytes": body(bytes(range(256))),
    "nothing": nothing,
    "cut off": cut,
    "a symmetric key": document({"keys": [{"kty": "oct", "kid": "a", "k": "c2VjcmV0"}]}),
    "an elliptic key": body(pem(ec_key())),
    "an elliptic key in a set": document(
        {"keys": [{"kty": "EC", "kid": "a", "crv": "P-256", "x": "AA", "y": "AA"}]}
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_A12_a_bad_answer_is_no_key_or_503_and_nothing_of_it_is_kept(
    server: KeyServer, source: Source, name: str
) -> None:
    server.answer = BAD[name]
    assert outcome(source) in ("no key", "503")
    server.answer = source.good
    assert outcome(source) == "a key"
    assert len(server.asked) == 2


@pytest.mark.parametrize("bits", [512, 1024, 2047])
def test_A12_a_short_key_is_no_key(server: KeyServer, source: Source, bits: int) -> None:
    server.answer = source.as_answer(short_rsa_key(bits))
    assert outcome(source) in ("no key", "503")


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_A12_a_redirect_is_not_followed_and_its_target_hears_nothing(
    server: KeyServer, source: Source, code: int
) -> None:
    with KeyServer() as target:
        target.answer = source.good
        server.answer = redirect(f"{target.url}/a", code)
        assert outcome(source) in ("no key", "503")
        assert target.asked == []


def test_A12_a_redirect_within_the_address_is_not_followed_either(
    server: KeyServer, source: Source
) -> None:
    server.answer = redirect("/another")
    assert outcome(source) in ("no key", "503")
    assert "/another" not in server.asked


@pytest.mark.parametrize("pace", ["slow", "drip"])
def test_A12_a_slow_address_is_given_up(server: KeyServer, source: Source, pace: str) -> None:
    server.answer = getattr(server, pace)
    before = time.monotonic()
    assert outcome(source) == "503"
    assert time.monotonic() - before < 5


def test_A12_nobody_there_is_503(server: KeyServer, source: Source) -> None:
    server.close()
    assert outcome(source) == "503"


def test_A13_a_flood_of_unknown_ids_leads_to_bounded_fetches(
    server: KeyServer, source: Source
) -> None:
    server.answer = source.good if source.of_set else status(404)
    for number in range(200):
        outcome(source, f"unknown-{number}")
    assert len(server.asked) <= 30


def test_the_address_of_keys_is_told_nothing(server: KeyServer, source: Source) -> None:
    server.answer = source.good
    assert outcome(source) == "a key"
    for headers in server.headers:
        assert "authorization" not in headers
        assert "cookie" not in headers
