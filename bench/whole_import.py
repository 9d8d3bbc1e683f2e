"""The whole product on the sandbox: 100,000 people with 150,000 devices, imported by `worker`.

The worker is a process of its own; its memory is read from the system while it works.
"""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path

from bench.measure import SMALL, Figure
from sandbox.administrator import member, run_import, save_settings
from sandbox.app_process import AppProcess
from sandbox.directory import generate
from sandbox.world import World

PEOPLE = 300 if SMALL else 100_000
MOST_MIB = 300


def figures() -> list[Figure]:
    world = World(generate(PEOPLE, 7))
    world.start()
    with tempfile.TemporaryFile("w+") as log:
        queue = {"IMPORT_QUEUE_URL": f"{world.aws_url}/123456789012/imports.fifo"}
        app = AppProcess(world.environment() | queue, log)
        try:
            app.start()
            return _measured(world, app)
        finally:
            app.stop()
            world.stop()


def _measured(world: World, app: AppProcess) -> list[Figure]:
    world.site.install(world.app_base_url)
    worker = app.begin("worker")
    with member(world, world.site.cast.administrator) as admin:
        save_settings(admin, world.credentials)
        peaks: list[float] = []
        over = threading.Event()
        watcher = threading.Thread(target=_watch, args=(worker.pid, peaks, over))
        watcher.start()
        took, states = [], []
        for _ in range(2):
            began = time.monotonic()
            run = run_import(admin)
            took.append(time.monotonic() - began)
            states.append(f"{run['state']} {run['reason'] or ''}".strip())
        over.set()
        watcher.join()
    worker.terminate()
    worker.wait(30)
    devices, count = len(world.directory.devices), len(world.directory.users)
    note = f"{count:,} people, {devices:,} devices: {', '.join(states)}"
    return [
        Figure("scale", "the worker's memory at its peak", max(peaks), "MiB", MOST_MIB, note=note),
        Figure("scale", "first import, everything new", took[0], "s"),
        Figure("scale", "second import, nothing new", took[1], "s",
               note="sandbox and app on the same machine"),
    ]  # fmt: skip


def _watch(pid: int, peaks: list[float], over: threading.Event) -> None:
    while not over.wait(0.2):
        status = Path(f"/proc/{pid}/status").read_text()
        (peak,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
        peaks.append(int(peak.split()[1]) / 1024)
