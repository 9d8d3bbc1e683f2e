"""A report over HTTP: once a press, through both doors; an unknown outcome is never repeated."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Clash, OutcomeUnknown
from tests.doors.conftest import World
from tests.doors.forge_side import ask
from tests.doors.test_answers import api
from tests.stand_ins.atlassian import context_token

PATH = "/api/my-assets/17/report"
BODY = {"summary": "Broken", "description": ""}
MADE = {"request_key": "HELP-7", "url": None}


@pytest.fixture
def ready(world: World) -> World:
    world.install()
    world.feature.answer = MADE
    return world


def send(world: World, key: str = "press-1", body: Any = None, path: str = PATH) -> Any:
    token = context_token(sub="someone")
    headers = {"Authorization": f"JWT {token}", "Idempotency-Key": key}
    return world.client.post(path, json=body or BODY, headers=headers)


def made(world: World) -> list[tuple[Any, ...]]:
    return [parts for name, parts, _ in world.feature.calls if name == "report"]


def test_a_report_is_made_for_the_caller_of_the_token(ready: World) -> None:
    assert ask(ready, PATH, "POST", account="someone", json=BODY).status_code == 201
    assert api(ready, PATH, "POST", json=BODY, sub="someone").status_code == 201
    by_forge, by_connect = made(ready)
    assert by_forge[1:] == by_connect[1:] == ("someone", "17", BODY)


def test_the_same_press_makes_one_request_and_tells_its_key_again(ready: World) -> None:
    answers = [send(ready) for _ in range(3)]
    assert [(one.status_code, one.get_json()) for one in answers] == [(201, MADE)] * 3
    assert len(made(ready)) == 1
    again = [parts for name, parts, _ in ready.feature.calls if name == "reported"]
    assert [parts[1] for parts in again] == ["HELP-7", "HELP-7"]


def test_another_press_another_text_and_another_asset_are_others(ready: World) -> None:
    send(ready)
    assert send(ready, "press-2").status_code == 201
    assert send(ready, body={**BODY, "summary": "Other"}).status_code == 422
    assert send(ready, path="/api/my-assets/18/report").status_code == 422
    assert len(made(ready)) == 2


def test_an_unknown_outcome_is_told_and_the_same_press_sends_nothing_again(ready: World) -> None:
    ready.feature.answer = OutcomeUnknown("Look first.")
    first = send(ready)
    assert (first.status_code, first.get_json()["detail"]) == (503, "Look first.")
    assert first.get_json()["type"].endswith("/problems/outcome-unknown")
    assert send(ready).status_code == 409
    assert len(made(ready)) == 1
    ready.feature.answer = MADE
    assert send(ready, "press-2").status_code == 201


def test_what_was_refused_may_be_tried_again_under_the_same_key(ready: World) -> None:
    ready.feature.answer = Clash("not a customer")
    assert send(ready).status_code == 409
    ready.feature.answer = MADE
    assert send(ready).status_code == 201


@pytest.mark.parametrize("body", [[], "x", 7, None])
def test_a_body_that_is_no_object_is_refused(ready: World, body: Any) -> None:
    response = api(ready, PATH, "POST", json=body, sub="someone")
    assert response.status_code == 422
    assert made(ready) == []
