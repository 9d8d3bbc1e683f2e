"""Runs imports inside the serving process: the queue and the worker where there is no queue.

Messages of one group come in order, one at a time; groups go side by side.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import structlog

from app.imports.legs.worker import ImportWorker

THREADS: Final = 8
LONGEST_REST: Final = 2.0  # then the worker looks whether the run was cancelled meanwhile
_log = structlog.get_logger()


class LocalRunner:
    """A Queue. `attach` gives it its worker: each needs the other."""

    def __init__(self, threads: int = THREADS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="import")
        self._waiting: dict[str, deque[str]] = {}
        self._changed = threading.Condition()
        self._closing = False
        self._worker: ImportWorker | None = None

    def attach(self, worker: ImportWorker) -> None:
        self._worker = worker

    def put(self, message: str, group: str, delay: float = 0.0) -> None:  # noqa: ARG002 - the port
        with self._changed:
            known = group in self._waiting
            self._waiting.setdefault(group, deque()).append(message)
        if not known:
            self._pool.submit(self._serve, group)

    def drain(self, seconds: float) -> bool:
        """Wait until nothing is left to do. False: the time was over first."""
        with self._changed:
            most = min(seconds, threading.TIMEOUT_MAX)
            return self._changed.wait_for(lambda: not self._waiting, most)

    def close(self) -> None:
        """Stop before the next call of each run and take no more. What is open stays open."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._worker is not None:
            self._worker.stop()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _serve(self, group: str) -> None:
        """Work off one group's messages, then forget the group."""
        while True:
            with self._changed:
                if self._closing or not self._waiting[group]:
                    del self._waiting[group]
                    self._changed.notify_all()
                    return
                message = self._waiting[group][0]
            self._work(group, message)

    def _work(self, group: str, message: str) -> None:
        if self._worker is None:
            raise RuntimeError("attach a worker first")
        try:
            again = self._worker.work(message).again
        except Exception as bug:  # noqa: BLE001 - one message must not end the thread's group
            _log.error("import message failed", error=type(bug).__name__)
            again = None
        if again is None:
            with self._changed:
                self._waiting[group].popleft()
        else:
            self._rest(min(again, LONGEST_REST))

    def _rest(self, seconds: float) -> None:
        """Hold the group's thread until its message is due; closing ends the rest."""
        until = time.monotonic() + seconds
        with self._changed:
            while not self._closing and (left := until - time.monotonic()) > 0:
                self._changed.wait(left)
