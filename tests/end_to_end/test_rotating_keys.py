"""Other KMS keys on the running product: rewrapped, switched over, the former ones unlisted.

The embedded AWS enforces neither key states nor policies; the strict stand-in does that elsewhere.
"""

from __future__ import annotations

import base64
import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import boto3
import pytest

from sandbox.administrator import Member, member, run_import, save_settings
from sandbox.app_process import AppProcess
from sandbox.directory import generate
from sandbox.world import World

pytestmark = pytest.mark.live


class Rotation:
    """One site whose operator changes the keys twice: with a queue, and without."""

    def __init__(self, log: TextIO) -> None:
        self.world = World(generate(20, 7))
        self.world.start()
        self.log = log
        self.queue = {"IMPORT_QUEUE_URL": f"{self.world.aws_url}/123456789012/rotation.fifo"}

    @contextmanager
    def running(self, environment: dict[str, str]) -> Iterator[AppProcess]:
        """The app, and a worker where there is a queue."""
        app = AppProcess(self.world.environment() | environment, self.log)
        worker: subprocess.Popen[str] | None = None
        try:
            app.start()
            worker = app.begin("worker") if "IMPORT_QUEUE_URL" in environment else None
            yield app
        finally:
            if worker is not None:
                worker.kill()
                worker.wait()
            app.stop()

    @contextmanager
    def admin(self) -> Iterator[Member]:
        with member(self.world, self.world.site.cast.administrator) as one:
            yield one

    def arn(self, alias: str) -> str:
        kms = boto3.client("kms", endpoint_url=self.world.aws_url)
        found: str = kms.describe_key(KeyId=alias)["KeyMetadata"]["Arn"]
        return found

    def reference(self) -> str:
        """All that rests with the vendor, as text."""
        table = boto3.client("dynamodb", endpoint_url=self.world.aws_url)
        return repr(table.scan(TableName=self.world.table)["Items"])

    def inner_key(self) -> str:
        """The KMS key that the Encryption String in Jira names beside itself."""
        held = self.world.site.properties.held.items()
        (text,) = [str(value) for name, value in held if ".encryption-string." in name]
        return base64.b64decode(text.split(".")[2] + "==").decode()


@pytest.fixture
def rotation(tmp_path: Path) -> Iterator[Rotation]:
    with (tmp_path / "log").open("w") as log:
        one = Rotation(log)
        yield one
        one.world.stop()


def keys(number: int, *, previous: bool = False) -> dict[str, str]:
    chosen = {
        f"{lock}_KEY_ID": f"alias/{lock.lower()}-{number}" for lock in ("SETTINGS", "INSTANCE")
    }
    if previous:
        for lock in ("SETTINGS", "INSTANCE"):
            chosen[f"{lock}_KEY_PREVIOUS_IDS"] = f"alias/{lock.lower()}-{number - 1}"
    return chosen


def rewrapped(app: AppProcess, *arguments: str) -> dict[str, Any]:
    ended = app.run("vendor", "rewrap", *arguments)
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    assert found["left"] == []
    assert found["complete"] is True
    return found


def everything_reads(rotation: Rotation) -> None:
    with rotation.admin() as admin:
        state = admin.call("GET", "/api/settings")
        assert all(each.get("readable", True) for each in state.values())


def everything_opens(rotation: Rotation) -> None:
    """The worker's secrets too. An import's start also tidies what lies in Jira."""
    everything_reads(rotation)
    with rotation.admin() as admin:
        run = run_import(admin)
        assert run["state"] == "succeeded", run


def test_keys_are_changed_twice_and_nothing_is_lost(rotation: Rotation) -> None:
    with rotation.running(keys(1) | rotation.queue):
        rotation.world.site.install(rotation.world.app_base_url)
        with rotation.admin() as admin:
            save_settings(admin, rotation.world.credentials)
        everything_opens(rotation)
    first = (rotation.arn("alias/settings-1"), rotation.arn("alias/instance-1"))

    with rotation.running(keys(2, previous=True) | rotation.queue) as app:
        opened = rewrapped(app, "--json", "--as", "rewrap-open")
        rest = rewrapped(app, "--json", "--as", "rewrap-rest")
        assert opened["in_jira"] == {"asked": 1}
        assert rest["in_jira"] == {}
        assert opened["not_asked"] == rest["rewrapped"] > 0
        assert not any(arn in rotation.reference() for arn in first)
        until(lambda: rotation.inner_key() == rotation.arn("alias/settings-2"))
        again = rewrapped(app)
        assert (again["rewrapped"], again["not_asked"]) == (0, 0)
        assert again["current"] == opened["rewrapped"] + rest["rewrapped"]

    with rotation.running(keys(3, previous=True)) as app:
        everything_reads(rotation)  # and the first keys are not listed any more
        here = rewrapped(app, "--json")
        assert here["in_jira"] == {"rewrapped": 1, "current": 0, "left": []}
    with rotation.running(keys(3)) as app:
        everything_opens(rotation)
        assert rewrapped(app)["rewrapped"] == 0


def test_a_key_that_is_not_listed_is_named_and_the_work_counts_as_failed(
    rotation: Rotation,
) -> None:
    with rotation.running(keys(1)):
        rotation.world.site.install(rotation.world.app_base_url)
    app = AppProcess(rotation.world.environment() | keys(2), rotation.log)
    app.run("bootstrap")
    ended = app.run("vendor", "rewrap", "--json")
    assert ended.returncode == 1
    assert "2 keys were left" in ended.stderr
    left = json.loads(ended.stdout)["left"]
    assert {(each["document"], each["reason"]) for each in left} == {
        ("connect_secret", "key-not-listed")
    }


def until(holds: Any) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, "did not happen"
        time.sleep(0.05)
