"""Idempotency-Key: the first answer again, nothing of the caller or the body kept."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Clash, ServiceUnreachable
from tests.doors.conftest import World
from tests.stand_ins.atlassian import context_token

RUN = {"id": "run-1", "state": "queued"}


@pytest.fixture
def ready(world: World) -> World:
    world.install()
    world.jira.administrators.add("admin-2")
    world.feature.answer = RUN
    return world


def start(world: World, key: str, mode: str = "full", sub: str = "admin-1") -> Any:
    headers = {"Authorization": f"JWT {context_token(sub=sub)}", "Idempotency-Key": key}
    return world.client.post("/api/imports", json={"mode": mode}, headers=headers)


def starts(world: World) -> int:
    return [name for name, _, _ in world.feature.calls].count("start")


def test_the_same_write_again_has_no_second_effect(ready: World) -> None:
    answers = [start(ready, "k-1") for _ in range(3)]
    assert [(each.status_code, each.get_json()) for each in answers] == [(202, RUN)] * 3
    assert starts(ready) == 1


def test_another_body_under_the_same_key_is_422(ready: World) -> None:
    start(ready, "k-1")
    assert start(ready, "k-1", mode="preview").status_code == 422
    assert starts(ready) == 1


def test_another_callers_key_is_another_key(ready: World) -> None:
    start(ready, "k-1")
    assert start(ready, "k-1", sub="admin-2").status_code == 202
    assert starts(ready) == 2


def test_without_the_header_every_write_counts(ready: World) -> None:
    headers = {"Authorization": f"JWT {context_token(sub='admin-1')}"}
    for _ in range(2):
        ready.client.post("/api/imports", json={"mode": "full"}, headers=headers)
    assert starts(ready) == 2
    assert ready.claims.kept == {}


def test_after_a_day_the_key_is_new_again(ready: World) -> None:
    start(ready, "k-1")
    (claim,) = ready.claims.kept.values()
    assert claim.expires_at - ready.clock().timestamp() == 24 * 3600
    assert ready.claims.put(claim, claim.expires_at - 1) == claim
    assert ready.claims.put(claim, claim.expires_at) is None


def test_a_process_that_died_blocks_its_caller_for_minutes_only(ready: World) -> None:
    start(ready, "k-1")
    for name, claim in list(ready.claims.kept.items()):
        soon = int(ready.clock().timestamp()) + 5 * 60
        ready.claims.kept[name] = type(claim)(claim.name, claim.digest, soon)
    assert start(ready, "k-1").status_code == 409
    ready.clock.pass_(minutes=2)
    assert start(ready, "k-1").status_code == 409


@pytest.mark.parametrize("fault", [Clash("no"), ServiceUnreachable("down")])
def test_a_write_that_failed_may_be_tried_again(ready: World, fault: Exception) -> None:
    ready.feature.answer = fault
    assert start(ready, "k-1").status_code >= 400
    ready.feature.answer = RUN
    assert start(ready, "k-1").status_code == 202
    assert starts(ready) == 2


def test_while_the_first_is_under_way_the_second_is_409(ready: World) -> None:
    start(ready, "k-1")
    for name, claim in list(ready.claims.kept.items()):
        ready.claims.kept[name] = type(claim)(claim.name, claim.digest, claim.expires_at)
    assert start(ready, "k-1").status_code == 409


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_of_a_wrong_length_is_422(ready: World, key: str) -> None:
    assert start(ready, key).status_code == 422


def test_a_forgotten_part_answers_204_again(ready: World) -> None:
    headers = {"Authorization": f"JWT {context_token(sub='admin-1')}", "Idempotency-Key": "k"}
    codes = [ready.client.delete("/api/settings/entra", headers=headers).status_code for _ in "ab"]
    assert codes == [204, 204]
    assert [name for name, _, _ in ready.feature.calls] == ["forget"]


def test_nothing_of_caller_key_or_body_can_be_read_from_a_claim(ready: World) -> None:
    start(ready, "canary-key")
    text = repr(ready.claims.kept)
    for canary in ("canary-key", "admin-1", "full", "client-a"):
        assert canary not in text
