"""C13: a run whose downloads and uploads take 200 ms each: what it takes over the larger sum."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from app.imports.legs.worker import ImportWorker
from app.imports.run.ports import ExecutionLinks
from app.site_settings.documents import ImportRules
from bench.import_world import PAGE, EndlessDirectory
from bench.measure import SMALL, Figure
from tests.stand_ins.import_world import ImportWorld

PAGES = 6 if SMALL else 30
DELAY = 0.2


class Uploads:
    """Takes chunks as the stand-in does, after a while; knows how many were under way at once."""

    def __init__(self, world: ImportWorld) -> None:
        self.count = self.most = self._now = 0
        self._submit = world.connected.imports.submit
        self._lock = threading.Lock()

    def __call__(self, execution: ExecutionLinks, chunk: bytes) -> None:
        data = b'"data"' in chunk[:10]
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        if data:
            self.count += 1
            time.sleep(DELAY)
        self._submit(execution, chunk)
        with self._lock:
            self._now -= 1


def figures() -> list[Figure]:
    world = ImportWorld(ImportRules(missing_objects="ignore", objects={"groups": False,
                        "devices": False}))  # fmt: skip
    world.clock = lambda: datetime.now(UTC)  # type: ignore[assignment]
    directory = EndlessDirectory(PAGES * PAGE, lambda: time.sleep(DELAY))
    world.connected.graph = directory  # type: ignore[assignment]
    uploads = world.connected.imports.submit = Uploads(world)  # type: ignore[method-assign]
    world.connected.imports._apply = lambda running: None  # type: ignore[method-assign]
    threads = ThreadPoolExecutor(4)
    world.worker = ImportWorker(
        world.runs, world.connected, world.clock, os.urandom, time.sleep, threads
    )
    world.runs._clock = world.desk._clock = world.clock
    began = time.monotonic()
    run_id = world.start()
    world.worker.work(world.queue.messages[0])
    wall = time.monotonic() - began
    threads.shutdown()
    larger = DELAY * max(directory.asked, uploads.count)
    state = world.desk.get(world.instance, run_id)["state"]
    note = f"{PAGES} pages, {uploads.count} chunks, {state}; one after the other: 2x"
    return [
        Figure("C13", "wall / larger of downloads and uploads", wall / larger, "x", 1.15,
               note=note),
        Figure("C13", "unfinished chunks at once", uploads.most, "chunks", 1),
    ]  # fmt: skip
