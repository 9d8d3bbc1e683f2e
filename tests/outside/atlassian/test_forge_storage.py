"""Site storage in Forge: whatever way a missing key is told, and no answer taken for a yes."""

from __future__ import annotations

import json

import pytest
import requests

from app.errors import Clash, CredentialRefused, ServiceFailed, ServiceUnreachable
from app.instances.lifecycle import generation_of
from app.outside.atlassian.forge_storage import FIRST_LETTER, ForgeStorage
from app.outside.credentials import Bearer
from app.words import Secret
from tests.stand_ins.forge_kvs import API, KvsAtTheWire, Missing
from tests.stand_ins.wire import Reply, Wire

MISSING: list[Missing] = ["404", "400", "400 as the library", "200"]


def storage(kvs: KvsAtTheWire, token: str = "token-a") -> ForgeStorage:
    return ForgeStorage(kvs.caller(), API, Bearer(Secret(token)))


def test_a_text_comes_back_as_it_was_written() -> None:
    kvs = KvsAtTheWire()
    storage(kvs).write("g1.entra.1-a", "sealed \u2713")
    assert storage(kvs).read("g1.entra.1-a") == "sealed \u2713"
    storage(kvs).write("g1.entra.1-a", "again")
    assert storage(kvs).read("g1.entra.1-a") == "again"


@pytest.mark.parametrize("missing", MISSING)
def test_a_missing_one_is_none_however_it_is_told(missing: Missing) -> None:
    assert storage(KvsAtTheWire(missing)).read("g1.entra.1-a") is None


@pytest.mark.parametrize("missing", MISSING)
def test_deleting_what_is_not_there_is_no_failure(missing: Missing) -> None:
    kvs = KvsAtTheWire(missing)
    storage(kvs).write("g1.a.1-a", "x")
    storage(kvs).delete("g1.a.1-a")
    storage(kvs).delete("g1.a.1-a")
    assert kvs.tokens["token-a"] == {}


def test_the_token_says_whose_storage_it_is() -> None:
    kvs = KvsAtTheWire()
    storage(kvs, "token-a").write("g1.a.1-a", "of a")
    assert storage(kvs, "token-b").read("g1.a.1-a") is None
    assert storage(kvs, "token-b").names() == []


def test_names_are_ours_of_all_generations_over_all_pages() -> None:
    kvs = KvsAtTheWire(page=2)
    ours = [f"g{number}.entra.1-a" for number in range(5)]
    kvs.tokens["token-a"] = dict.fromkeys([*ours, "somebody-else"], "x")
    assert storage(kvs).names() == ours
    assert len(kvs.sent) == 3


def test_every_generation_begins_with_the_letter_that_is_asked_for() -> None:
    assert generation_of(1_790_000_000).startswith(FIRST_LETTER)


@pytest.mark.parametrize(
    "body",
    [b'{"key":"a","value":7}', b'{"key":"a","value":{"a":1}}', b'{"key":"a"}', b"[]",
     b"", b'{"value":' + b"[" * 5000 + b"]" * 5000 + b"}"],
)  # fmt: skip
def test_what_is_no_text_of_ours_counts_as_none(body: bytes) -> None:
    kvs = KvsAtTheWire()
    kvs.down = [(200, body, {})]
    assert storage(kvs).read("a") is None


def asks() -> list[object]:
    return [
        lambda s: s.read("a"), lambda s: s.delete("a"), lambda s: s.write("a", "x"),
        lambda s: s.names(),
    ]  # fmt: skip


@pytest.mark.parametrize("status", [429, 500, 503, 418])
@pytest.mark.parametrize("ask", asks())
def test_when_forge_does_not_answer_nobody_can_say(ask: object, status: int) -> None:
    kvs = KvsAtTheWire()
    kvs.down = [(status, b'{"code":"RATE_LIMIT_EXCEEDED","message":"no"}', {"Retry-After": "7"})]
    with pytest.raises(ServiceUnreachable) as failed:
        ask(storage(kvs))  # type: ignore[operator]
    assert failed.value.retry_after == (7 if status in (429, 503) else None)


@pytest.mark.parametrize("ask", asks())
def test_a_token_that_is_not_accepted_is_told_apart(ask: object) -> None:
    with pytest.raises(CredentialRefused):
        ask(storage(KvsAtTheWire(), "a-token-of-nobody"))  # type: ignore[operator]


@pytest.mark.parametrize("code", ["INVALID_KEY", "NO_SUCH_CODE", None])
def test_another_bad_request_is_not_taken_for_a_missing_key(code: str | None) -> None:
    kvs = KvsAtTheWire()
    kvs.down = [(400, json.dumps({"code": code}).encode(), {}), (400, b"<html>", {})]
    for _ in range(2):
        with pytest.raises(ServiceUnreachable):
            storage(kvs).read("a")


def test_what_is_too_large_is_told_to_the_administrator() -> None:
    with pytest.raises(Clash, match="larger"):
        storage(KvsAtTheWire()).write("g1.a.1-a", "x" * 250_000)


def test_a_list_without_an_end_is_given_up() -> None:
    kvs = KvsAtTheWire()
    page = json.dumps({"data": [{"key": "g1"}], "cursor": "again"}).encode()
    kvs.down = [(200, page, {})] * 200
    with pytest.raises(ServiceFailed, match="end"):
        storage(kvs).names()
    assert len(kvs.sent) == 100


@pytest.mark.parametrize(
    "reply", [Reply(b"<html>Maintenance"), Reply(b"", 302), requests.ReadTimeout()]
)
def test_a_page_a_redirect_and_silence_are_no_answer(reply: Reply | Exception) -> None:
    def kept() -> ForgeStorage:
        return ForgeStorage(Wire(reply).caller(), API, Bearer(Secret("token-a")))

    for ask in (
        lambda: kept().read("a"), lambda: kept().write("a", "x"), lambda: kept().delete("a"),
        lambda: kept().names(),
    ):  # fmt: skip
        with pytest.raises(ServiceUnreachable):
            ask()
