"""`my-assets worker` ended by kill -9 in the middle of a call: another one finishes the run.

A message is back after 45 seconds, so the gate kills at one call; KILLS=all kills at all of them.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from sandbox.administrator import ENDED, Member, member, save_settings
from sandbox.app_process import AppProcess
from sandbox.directory import generate
from sandbox.faults import Fault
from sandbox.http import Service
from sandbox.world import World

pytestmark = pytest.mark.live

PEOPLE = 30
STUCK = 20.0  # seconds that the call takes in which the worker dies
# After a kill a message is visible again within 60 s (contract); then the run needs a moment.
RESUMED = 100.0
AT = r"/jsm/(assets|insight)/workspace/[^/]+/v1/importsource/[^/]+"
POINTS = {
    "reading people": ("graph", "GET", r"/v1\.0/users/delta"),
    "starting the execution": ("assets", "POST", rf"{AT}/executions"),
    "sending a chunk": ("assets", "POST", rf"{AT}/executions/[^/]+/data"),
    "waiting for assets": ("assets", "GET", rf"{AT}/executions/[^/]+/status"),
    "sending the mapping": ("assets", "(PUT|PATCH)", rf"{AT}/mapping"),
}
KILLED_AT = list(POINTS) if os.environ.get("KILLS") == "all" else ["starting the execution"]


@pytest.fixture
def world() -> Iterator[World]:
    made = World(generate(PEOPLE, 7))
    made.start()
    yield made
    made.stop()


def _stuck(service: Service, method: str, path: str) -> None:
    for each in method.strip("()").split("|"):
        service.fail_next(each, path, Fault.late(STUCK))


def _arrived(service: Service) -> bool:
    return any(each.times == 0 for each in service._faults)


def _wait(condition: object, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to pass in time")


def _ended(admin: Member, run_id: str) -> bool:
    return admin.call("GET", f"/api/imports/{run_id}")["state"] in ENDED


@pytest.mark.timeout(240)
@pytest.mark.parametrize("point", KILLED_AT)
def test_a_run_outlives_the_worker_that_worked_on_it(
    world: World, point: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = tmp_path_factory.mktemp("killed") / "log"
    queue = {"IMPORT_QUEUE_URL": f"{world.aws_url}/123456789012/imports-{os.urandom(4).hex()}.fifo"}
    with log.open("w") as stream:
        app = AppProcess(world.environment() | queue, stream)
        workers = []
        try:
            app.start()
            world.site.install(world.app_base_url)
            with member(world, world.site.cast.administrator) as admin:
                save_settings(admin, world.credentials)
                name, method, path = POINTS[point]
                service = world.microsoft.graph if name == "graph" else world.assets
                _stuck(service, method, path)
                workers.append(app.begin("worker"))
                run_id = admin.call("POST", "/api/imports", {"mode": "full"})["id"]
                _wait(lambda: _arrived(service), 60)
                workers[0].send_signal(signal.SIGKILL)
                workers[0].wait(10)
                killed = time.monotonic()
                service.heal()
                workers.append(app.begin("worker"))
                _wait(lambda: _ended(admin, run_id), RESUMED)
                run = admin.call("GET", f"/api/imports/{run_id}")
                assert (run["state"], run["reason"]) == ("succeeded", None)
                assert time.monotonic() - killed < RESUMED
                _whole(world)
        finally:
            for each in workers:
                each.kill()
                each.wait()
            app.stop()


def _whole(world: World) -> None:
    """Everybody once, and no execution is left open."""
    space = world.assets.workspace
    people = next(t.id for t in space.types.values() if t.name == "Person")
    held = [thing for thing in space.things.values() if thing.type_id == people]
    users = world.directory.users
    members = [one for one in users if users.value(one, "userType") != "Guest"]
    assert len(held) == len({str(thing.values) for thing in held}) == len(members)
    sources = world.assets.imports.sources.values()
    states = [each.state for source in sources for each in source.executions.values()]
    assert "DONE" in states
    assert set(states) <= {"DONE", "CANCELLED"}
