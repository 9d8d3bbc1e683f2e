"""Uninstall and reinstall on the running product, with a queue and a worker as in production."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from sandbox.administrator import Member, member, run_import, save_settings
from sandbox.app_process import AppProcess
from sandbox.directory import generate
from sandbox.doors import DOORS
from sandbox.faults import Fault
from sandbox.world import World

pytestmark = pytest.mark.live
# What is about the queue and the worker alone; it takes long, and no door has a part in it.
on_one_door = pytest.mark.parametrize("deployed", ["connect"], indirect=True)


class Deployment:
    """Web and worker as two processes over one queue."""

    def __init__(self, folder: Path, door: str) -> None:
        self.world = World(generate(60, 7), door)
        self.world.start()
        # One embedded AWS for all: a worker of the other door that is gone may still hold a poll.
        self.queue = f"imports-{door}"
        queue = f"{self.world.aws_url}/123456789012/{self.queue}.fifo"
        self.environment = self.world.environment() | {"IMPORT_QUEUE_URL": queue}
        self._lines = folder / "log"
        self._log = self._lines.open("w")
        self.app = AppProcess(self.environment, self._log)
        self.workers: list[subprocess.Popen[str]] = []

    def start_worker(self) -> None:
        """Start one more and wait until it works: before that, a signal would just end it."""
        self.workers.append(self.app.begin("worker"))
        ready = '"event": "working"'
        _until(lambda: self._lines.read_text().count(ready) == len(self.workers))

    def stop(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()
        self.app.stop()
        self.world.stop()
        self._log.close()

    def references(self) -> list[dict[str, Any]]:
        table = boto3.client("dynamodb", endpoint_url=self.world.aws_url)
        items = table.scan(TableName=self.world.table)["Items"]
        return [item for item in items if not item["instance_id"]["S"].startswith("claim#")]

    def outbound(self) -> int:
        world = self.world
        services = (world.site, world.assets, world.microsoft.entra, world.microsoft.graph)
        return sum(service.arrived for service in services)


@pytest.fixture(scope="module", params=DOORS)
def deployed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    one = Deployment(tmp_path_factory.mktemp("queue"), request.param)
    try:
        one.app.start()
        one.start_worker()
        yield one
    finally:
        one.stop()


@pytest.fixture
def admin(deployed: Deployment) -> Iterator[Member]:
    deployed.world.door.install()
    with member(deployed.world, deployed.world.site.cast.administrator) as one:
        save_settings(one, deployed.world.credentials)
        yield one


@on_one_door
def test_bootstrap_made_the_queue_and_makes_nothing_twice(deployed: Deployment) -> None:
    again = deployed.app.run("bootstrap")
    assert (again.returncode, json.loads(again.stdout)) == (0, {"made": []})
    queues = boto3.client("sqs", endpoint_url=deployed.world.aws_url).list_queues()["QueueUrls"]
    names = {url.rsplit("/", 1)[-1] for url in queues}
    assert {f"{deployed.queue}-dead.fifo", f"{deployed.queue}.fifo"} <= names


def test_the_worker_takes_what_the_web_queued(deployed: Deployment, admin: Member) -> None:
    run = run_import(admin)
    assert run["state"] == "succeeded"


@on_one_door
def test_a_killed_worker_is_followed_by_another_that_ends_the_run(
    deployed: Deployment, admin: Member
) -> None:
    graph = deployed.world.microsoft.graph
    graph.fail_next("GET", ".*", Fault.late(1.5), times=2)
    before = len(graph.calls)
    run = admin.call("POST", "/api/imports", {"mode": "full"})
    _until(lambda: len(graph.calls) > before)
    deployed.workers[-1].kill()
    deployed.start_worker()
    deadline = time.monotonic() + 100
    while run["state"] in ("queued", "running") and time.monotonic() < deadline:
        time.sleep(0.5)
        run = admin.call("GET", f"/api/imports/{run['id']}")
    assert run["state"] == "succeeded"
    labels = [thing.label for thing in deployed.world.assets.workspace.things.values()]
    assert labels.count("NB-JOERG-01") == 1


@on_one_door
def test_the_worker_ends_on_sigterm(deployed: Deployment) -> None:
    worker = deployed.workers[-1]
    worker.send_signal(signal.SIGTERM)
    try:
        assert worker.wait(timeout=15) == 0
    finally:
        deployed.start_worker()


def test_an_uninstall_stops_a_run_forgets_the_keys_and_sets_the_erase_date(
    deployed: Deployment, admin: Member
) -> None:
    world = deployed.world
    world.microsoft.graph.fail_next("GET", ".*", Fault.late(1.0), times=20)
    before = len(world.microsoft.graph.calls)
    admin.call("POST", "/api/imports", {"mode": "full"})
    _until(lambda: len(world.microsoft.graph.calls) > before)
    stolen = world.door.headers(world.site.cast.administrator)
    world.door.uninstall()
    time.sleep(2)
    calls = deployed.outbound()
    (reference,) = deployed.references()
    assert reference["state"]["S"] == "uninstalled"
    assert reference["part_keys"]["M"] == {}
    assert {"connect_secret", "site_token", "run"} & set(reference) == set()
    assert reference["erase_due_at"]["S"] > reference["uninstalled_at"]["S"]
    assert admin.ask_with(stolen, "GET", "/api/settings").status_code == 401
    time.sleep(2)
    assert deployed.outbound() == calls
    world.microsoft.graph.heal()


def test_a_reinstall_sees_nothing_of_before(deployed: Deployment, admin: Member) -> None:
    old = deployed.references()[0]["generation"]["S"]
    kept = deployed.world.door.stored()
    deployed.world.door.uninstall()
    deployed.world.door.install()
    deployed.world.door.restore(kept)
    (reference,) = deployed.references()
    assert reference["generation"]["S"] != old
    assert reference["state"]["S"] == "installed"
    state = admin.call("GET", "/api/settings")
    assert {part: each["set"] for part, each in state.items()} == dict.fromkeys(state, False)
    assert admin.call("GET", "/api/imports") == {"runs": []}
    assert admin.ask("GET", "/api/my-assets").status_code == 409


def _until(holds: Any) -> None:
    # A message that a worker took along when it was killed is visible again after a minute.
    deadline = time.monotonic() + 80
    while not holds():
        assert time.monotonic() < deadline, "did not happen"
        time.sleep(0.05)
