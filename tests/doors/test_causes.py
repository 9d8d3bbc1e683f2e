"""What the guards tell the log, and a person: which rule was broken, never the token."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from tests.doors.conftest import World
from tests.stand_ins.atlassian import context_token, page_token


def told(world: World, log_lines: io.StringIO, method: str, path: str, authorization: str) -> Any:
    """The answer, and the cause that the log names for it."""
    mark = log_lines.tell()
    headers = {"Authorization": authorization}
    response = world.client.open(path, method=method, headers=headers, data=b"{}")
    lines = [json.loads(line) for line in log_lines.getvalue()[mark:].splitlines()]
    causes = [line["cause"] for line in lines if line["event"] == "refused"]
    return response, causes


@pytest.mark.parametrize(
    ("authorization", "cause"),
    [
        ("", "no token"),
        ("Basic YTpi", "no token"),
        ("XXXX a.b.c", "no token"),
        ("JWT a b", "shape"),
        ("Bearer a b", "shape"),
        (f"JWT {context_token(sub=None)}", "nobody named"),  # type: ignore[arg-type]
    ],
)
def test_an_api_call_is_refused_for_its_own_cause(
    world: World, log_lines: io.StringIO, authorization: str, cause: str
) -> None:
    world.install()
    response, causes = told(world, log_lines, "GET", "/api/my-assets", authorization)
    assert (response.status_code, causes) == (401, [cause])


def test_a_page_for_nobody_is_refused_for_that(world: World, log_lines: io.StringIO) -> None:
    world.install()
    token = page_token("/my-assets", sub=None)  # type: ignore[arg-type]
    assert told(world, log_lines, "GET", "/my-assets", f"JWT {token}")[1] == ["nobody named"]


def test_a_persons_token_on_an_events_route_is_refused_for_that(
    world: World, log_lines: io.StringIO
) -> None:
    for token in (world.forge_keys.token(), world.forge_keys.token(principal=None)):
        _, causes = told(world, log_lines, "POST", "/forge/tick", f"Bearer {token}")
        assert causes == ["not an event's token"]


def test_a_forge_call_with_nobody_in_session_is_refused_for_that(
    world: World, log_lines: io.StringIO
) -> None:
    token = world.forge_keys.token(principal=None)
    _, causes = told(world, log_lines, "GET", "/api/my-assets", f"Bearer {token}")
    assert causes == ["nobody named"]


def test_a_page_without_a_person_is_told_who_may_use_the_import_type(
    world: World, log_lines: io.StringIO
) -> None:
    token = world.forge_keys.token(principal=None)
    response, _ = told(world, log_lines, "POST", "/forge/import/status", f"Bearer {token}")
    assert response.status_code == 403
    assert response.get_json()["detail"] == "Only a Jira administrator may do this."


def test_the_lines_of_a_verified_caller_name_instance_and_door(
    world: World, log_lines: io.StringIO
) -> None:
    world.install()
    world.feature.answer = {"assets": []}
    (reference,) = world.table.all()
    for authorization in (f"JWT {context_token()}", f"Bearer {world.forge_keys.token()}"):
        mark = log_lines.tell()
        headers = {"Authorization": authorization}
        assert world.client.get("/api/my-assets", headers=headers).status_code == 200
        line = json.loads(log_lines.getvalue()[mark:].splitlines()[-1])
        assert line["door"] == ("connect" if authorization.startswith("JWT") else "forge")
        assert (line["instance_id"] == reference.instance_id) == (line["door"] == "connect")
