"""The commands as an operator runs them: results on stdout, faults on stderr, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sandbox.administrator import Member
from tests.end_to_end.conftest import Life

pytestmark = pytest.mark.live


def ahead(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).parent / "my-assets"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [command, *arguments], env=kept | environment, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("command", ["serve", "worker", "bootstrap", "schedule"])
def test_every_wrong_setting_is_named_at_once(command: str) -> None:
    ended = run(command, GRAPH_URL="http://graph.example.com", ENTRA_LOGIN_URL="https://127.0.0.1")
    assert ended.returncode == 2
    assert ended.stdout == ""
    named = [line.split(":")[0] for line in ended.stderr.splitlines()]
    assert sorted(named) == ["APP_BASE_URL", "ENTRA_LOGIN_URL", "GRAPH_URL"]


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["serve", "--port", "x"],
                                       ["serve", "--port", "99999"],
                                       ["schedule", "--now", "tomorrow"]])  # fmt: skip
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    ended = run(*arguments, APP_BASE_URL="https://app.example.com")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr


def test_now_is_for_the_sandbox_only() -> None:
    ended = run("schedule", "--now", "2027-01-01T00:00:00Z", APP_BASE_URL="https://app.example.com")
    assert ended.returncode == 2
    assert "sandbox" in ended.stderr


def test_a_worker_without_a_queue_is_2(life: Life) -> None:
    ended = life.app.run("worker")
    assert ended.returncode == 2
    assert "IMPORT_QUEUE_URL" in ended.stderr


def test_aws_that_does_not_answer_is_1() -> None:
    ended = run(
        "bootstrap",
        APP_ENVIRONMENT="sandbox",
        APP_BASE_URL="http://127.0.0.1:1",
        AWS_ENDPOINT_URL="http://127.0.0.1:9",
        AWS_ACCESS_KEY_ID="a",
        AWS_SECRET_ACCESS_KEY="b",
    )
    assert ended.returncode == 1
    assert "AWS" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_due_import_is_started_once_and_run_to_its_end(life: Life, admin: Member) -> None:
    rules = {"schedule": {"every": "day", "at": "03:00", "time_zone": "Europe/Berlin"}}
    admin.call("PUT", "/api/settings/import", rules)
    try:
        assert json.loads(life.app.run("schedule").stdout) == {"started": 0}
        due = life.app.run("schedule", "--now", ahead(days=2))
        assert (due.returncode, json.loads(due.stdout)) == (0, {"started": 1})
        again = life.app.run("schedule", "--now", ahead(days=2))
        assert json.loads(again.stdout) == {"started": 0}
        newest = admin.call("GET", "/api/imports")["runs"][0]
        assert (newest["state"], newest["mode"]) == ("succeeded", "delta")
        life.app.run("schedule", "--now", ahead(days=10))
        newest = admin.call("GET", "/api/imports")["runs"][0]
        assert (newest["state"], newest["ran_as"]) == ("succeeded", "full")
    finally:
        admin.call("PUT", "/api/settings/import", {})
