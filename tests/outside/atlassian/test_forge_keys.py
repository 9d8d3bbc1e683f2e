"""Forge's key set: fetched rarely, believed only as far as it holds keys, kept while it fails."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from app.errors import ServiceFailed, ServiceTimedOut, ServiceUnreachable
from app.outside import key_set
from app.outside.atlassian.forge_keys import ForgeKeyAddress
from app.outside.http import Answer
from tests.stand_ins.clock import StoppedClock
from tests.stand_ins.forge_tokens import FORGE_KEY_ID, ForgeSigner, jwk, rsa_key
from tests.stand_ins.key_server import short_rsa_key
from tests.stand_ins.wire import Reply

ADDRESS = "https://keys.example.com/.well-known/jwks.json"
FIRST, SECOND = ForgeSigner(), ForgeSigner(key_id="forge/second", number=2)


class Cdn:
    """Answers the same until it is told otherwise; counts the fetches."""

    def __init__(self) -> None:
        self.answer: object = FIRST.jwks()
        self.asked = 0

    def send(self, method: str, url: str, *, allowed_origin: str, **_: object) -> Answer:
        assert (method, url, allowed_origin) == ("GET", ADDRESS, ADDRESS)
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        reply = self.answer if isinstance(self.answer, Reply) else Reply(self.answer)
        return Answer(reply.status, {}, reply.content())


class World:
    def __init__(self) -> None:
        self.cdn, self.clock = Cdn(), StoppedClock()
        self.keys = ForgeKeyAddress(self.cdn, ADDRESS, self.clock)  # type: ignore[arg-type]

    def first(self) -> RSAPublicKey | None:
        return self.keys.key(FORGE_KEY_ID)


@pytest.fixture
def world() -> World:
    return World()


def of(signer: ForgeSigner) -> Any:
    return signer.signing_key.public_key().public_numbers()


def test_the_set_is_fetched_once_for_all_its_keys(world: World) -> None:
    world.cdn.answer = {"keys": FIRST.jwks()["keys"] + SECOND.jwks()["keys"]}
    for _ in range(3):
        found = world.first(), world.keys.key("forge/second")
        assert [key.public_numbers() for key in found if key] == [of(FIRST), of(SECOND)]
    assert world.cdn.asked == 1


def test_numbers_may_come_with_or_without_padding(world: World) -> None:
    key = FIRST.jwks()["keys"][0]
    assert key["n"].endswith("=")
    world.cdn.answer = {"keys": [key | {"n": key["n"].rstrip("=")}]}
    assert world.first()


def test_a_good_set_is_used_for_an_hour(world: World) -> None:
    world.first()
    world.clock.pass_(minutes=59, seconds=59)
    world.first()
    assert world.cdn.asked == 1
    world.clock.pass_(seconds=1)
    world.first()
    assert world.cdn.asked == 2


def test_a_key_that_left_the_set_is_no_key_after_an_hour(world: World) -> None:
    world.first()
    world.cdn.answer = SECOND.jwks()
    assert world.first()
    world.clock.pass_(hours=1)
    assert world.first() is None


def test_a_new_key_is_found_at_once(world: World) -> None:
    world.first()
    world.cdn.answer = SECOND.jwks()
    assert world.keys.key("forge/second")


FAILURES = [
    Reply(b"<html>"),
    Reply(b""),
    Reply(b"[" * 60_000),
    Reply(FIRST.jwks(), 403),
    Reply(FIRST.jwks(), 500),
    Reply(FIRST.jwks(), 201),
    Reply([]),
    Reply({}),
    Reply({"keys": {}}),
    Reply({"keys": []}),
    Reply({"keys": ["x", None, 7, []]}),
    Reply({"keys": FIRST.jwks()["keys"] * 101}),
    ServiceFailed("a redirect, or 5 MB"),
    ServiceTimedOut(),
    ServiceUnreachable(),
]


@pytest.mark.parametrize("answer", FAILURES)
def test_A12_a_failing_address_is_503_and_nothing_of_it_is_kept(
    world: World, answer: object
) -> None:
    good, world.cdn.answer = world.cdn.answer, answer
    with pytest.raises(ServiceUnreachable):
        world.first()
    world.cdn.answer = good
    assert world.first()


@pytest.mark.parametrize("answer", FAILURES)
def test_A12_a_failing_address_takes_no_good_key_away(world: World, answer: object) -> None:
    world.first()
    world.cdn.answer = answer
    world.clock.pass_(hours=23, minutes=59)
    assert world.first()
    with pytest.raises(ServiceUnreachable):
        world.keys.key("unknown")
    world.clock.pass_(minutes=1)
    with pytest.raises(ServiceUnreachable):
        world.first()


GOOD = FIRST.jwks()["keys"][0]


@pytest.mark.parametrize(
    "changes",
    [
        {"kty": "EC"},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": None},
        {"use": "enc"},
        {"use": None},
        {"alg": "RS512"},
        {"alg": "none"},
        {"kid": None},
        {"kid": ["forge"]},
        {"n": "x" * 1401},
        {"n": "not base64!"},
        {"n": "A"},
        {"n": ""},
        {"n": None},
        {"n": 7},
        {"n": jwk(short_rsa_key(512), "")["n"]},
        {"n": jwk(short_rsa_key(2047), "")["n"]},
        {"n": jwk(short_rsa_key(8193), "")["n"]},
        {"e": "AQ"},
        {"e": "Aw"},
        {"e": "AQAA"},
        {"e": None},
        {"e": "_" * 400},
    ],
)
def test_A12_what_is_no_good_key_is_no_key(world: World, changes: dict[str, Any]) -> None:
    world.cdn.answer = {"keys": [GOOD | changes, *SECOND.jwks()["keys"]]}
    assert world.first() is None
    assert world.keys.key("forge/second")


@pytest.mark.parametrize("missing", ["use", "alg"])
def test_what_a_key_is_for_need_not_be_said(world: World, missing: str) -> None:
    world.cdn.answer = {"keys": [{k: v for k, v in GOOD.items() if k != missing}]}
    assert world.first()


def test_of_two_keys_of_one_id_the_first_counts(world: World) -> None:
    twin = jwk(rsa_key(2).public_key(), FORGE_KEY_ID)
    world.cdn.answer = {"keys": [GOOD, twin]}
    key = world.first()
    assert key is not None
    assert key.public_numbers() == of(FIRST)


def test_A13_a_flood_of_unknown_ids_leads_to_bounded_fetches(world: World) -> None:
    for number in range(500):
        assert world.keys.key(f"unknown-{number}") is None
    assert world.cdn.asked == 10
    world.clock.pass_(minutes=1)
    for number in range(500):
        assert world.keys.key(f"unknown-{number}") is None
    assert world.cdn.asked == 16
    assert world.first()


def test_A13_a_new_key_is_found_in_a_flood(world: World) -> None:
    for number in range(50):
        world.keys.key(f"unknown-{number}")
    world.cdn.answer = SECOND.jwks()
    assert world.keys.key("forge/second") is None
    world.clock.pass_(seconds=10)
    assert world.keys.key("forge/second")


def test_A13_a_flood_while_the_address_fails_is_bounded_too(world: World) -> None:
    world.cdn.answer = ServiceTimedOut()
    for number in range(50):
        with pytest.raises(ServiceUnreachable):
            world.keys.key(f"unknown-{number}")
    assert world.cdn.asked == 10


class Gate(Cdn):
    """Lets a fetch begin, and end when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = threading.Event(), threading.Event()

    def send(self, method: str, url: str, **named: Any) -> Answer:
        self.begun.set()
        self.go.wait(10)
        return super().send(method, url, **named)


@pytest.fixture
def gated(world: World) -> Gate:
    world.cdn = gate = Gate()
    world.keys = ForgeKeyAddress(gate, ADDRESS, world.clock)  # type: ignore[arg-type]
    return gate


class Queue:
    """A lock that tells how many have come to it."""

    def __init__(self) -> None:
        self._lock, self._come = threading.Lock(), threading.Semaphore(0)
        self.release = self._lock.release

    def acquire(self, timeout: float) -> bool:
        self._come.release()
        return self._lock.acquire(timeout=timeout)

    def wait_for(self, many: int) -> bool:
        return all(self._come.acquire(timeout=10) for _ in range(many))


@pytest.mark.parametrize("answer", [FIRST.jwks(), ServiceTimedOut()])
def test_those_who_ask_at_the_same_time_share_one_fetch(
    world: World, gated: Gate, answer: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_set, "_PATIENCE_SECONDS", 30)
    world.keys._fetching = queue = Queue()  # type: ignore[assignment]
    gated.answer = answer
    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(world.first) for _ in range(8)]
        assert queue.wait_for(8)
        gated.go.set()
        outcomes = {type(each.exception()) for each in asking}
    assert outcomes == {type(None) if isinstance(answer, dict) else ServiceUnreachable}
    assert gated.asked == 1


def test_nobody_waits_long_for_anothers_fetch(
    world: World, gated: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_set, "_PATIENCE_SECONDS", 0.05)
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(world.first)
        assert gated.begun.wait(5)
        with pytest.raises(ServiceUnreachable):
            world.first()
        gated.go.set()
        assert asking.result()


def test_an_old_key_is_used_while_another_call_fetches(world: World, gated: Gate) -> None:
    gated.go.set()
    world.first()
    gated.begun.clear()
    gated.go.clear()
    world.clock.pass_(hours=2)
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(world.first)
        assert gated.begun.wait(5)
        assert world.first()
        gated.go.set()
        assert asking.result()
    assert gated.asked == 2
