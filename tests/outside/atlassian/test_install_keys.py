"""Install keys: fetched once, bounded for strangers, believed only when they are keys."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from app.errors import ServiceFailed, ServiceTimedOut, ServiceUnreachable
from app.outside.atlassian.install_keys import InstallKeyAddress
from app.outside.http import Answer
from tests.stand_ins.clock import StoppedClock

ADDRESS = "https://keys.example.com"


def pem(key: Any) -> bytes:
    public: bytes = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return public


GOOD = pem(rsa.generate_private_key(65537, 2048))


class Cdn:
    """Answers by key id; counts the fetches."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Exception] = {}
        self.asked: list[str] = []

    def send(self, method: str, url: str, **_: object) -> Answer:
        assert method == "GET"
        key_id = url.removeprefix(ADDRESS + "/")
        self.asked.append(key_id)
        found = self.answers.get(key_id, Answer(403, {}, b"<html>"))
        if isinstance(found, Exception):
            raise found
        return found


class World:
    def __init__(self) -> None:
        self.cdn, self.clock = Cdn(), StoppedClock()
        self.keys = InstallKeyAddress(self.cdn, ADDRESS, self.clock)  # type: ignore[arg-type]

    def key(self, key_id: str, known: bool = False) -> Any:
        return self.keys.key(key_id, issuer_known=known)


@pytest.fixture
def world() -> World:
    return World()


def test_a_key_is_fetched_once(world: World) -> None:
    world.cdn.answers["a"] = Answer(200, {}, GOOD)
    assert world.key("a") == world.key("a") is not None
    assert world.cdn.asked == ["a"]


@pytest.mark.parametrize(
    "answer",
    [
        Answer(403, {}, b"<html>Forbidden"),
        Answer(404, {}, b""),
        Answer(200, {}, b"<html>"),
        Answer(200, {}, b""),
        Answer(200, {}, b"\xff" * 100),
        Answer(200, {}, pem(ec.generate_private_key(ec.SECP256R1()))),
        Answer(200, {}, pem(rsa.generate_private_key(65537, 1024))),
        ServiceFailed("a redirect, or 5 MB"),
    ],
)
def test_A12_what_is_no_good_key_is_no_key(world: World, answer: Answer | Exception) -> None:
    world.cdn.answers["a"] = answer
    assert world.key("a") is None


@pytest.mark.parametrize(
    "answer",
    [Answer(500, {}, b""), Answer(429, {}, b""), ServiceTimedOut(), ServiceUnreachable()],
)
def test_A12_a_failing_address_is_503_and_nothing_is_remembered(
    world: World, answer: Answer | Exception
) -> None:
    world.cdn.answers["a"] = answer
    with pytest.raises(ServiceUnreachable):
        world.key("a")
    world.cdn.answers["a"] = Answer(200, {}, GOOD)
    assert world.key("a") is not None


def test_A13_a_flood_of_unknown_ids_leads_to_bounded_fetches(world: World) -> None:
    refused = 0
    for number in range(200):
        try:
            world.key(f"unknown-{number}")
        except ServiceUnreachable:
            refused += 1
    assert len(world.cdn.asked) == 30
    assert refused == 170


def test_A12_what_was_no_key_a_moment_ago_may_be_one_now(world: World) -> None:
    assert world.key("a") is None
    world.cdn.answers["a"] = Answer(200, {}, GOOD)
    assert world.key("a") is not None


def test_A13_the_same_unknown_id_again_and_again_is_bounded_too(world: World) -> None:
    for _ in range(30):
        assert world.key("unknown") is None
    with pytest.raises(ServiceUnreachable):
        world.key("unknown")
    assert len(world.cdn.asked) == 30


def test_A13_a_flood_of_strangers_does_not_keep_a_known_instance_out(world: World) -> None:
    for number in range(30):
        world.key(f"unknown-{number}")
    world.cdn.answers["genuine"] = Answer(200, {}, GOOD)
    with pytest.raises(ServiceUnreachable):
        world.key("genuine")
    assert world.key("genuine", known=True) is not None
    assert world.key("genuine") is not None  # now everybody's


def test_after_a_minute_strangers_are_heard_again(world: World) -> None:
    for number in range(30):
        world.key(f"unknown-{number}")
    world.clock.pass_(minutes=1)
    world.cdn.answers["genuine"] = Answer(200, {}, GOOD)
    assert world.key("genuine") is not None
