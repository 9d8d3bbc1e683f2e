"""Each instance's share of the look-up pool, so that a slow site delays its own requests only."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import partial
from typing import Final, ParamSpec, TypeVar
from weakref import WeakValueDictionary

from app.words import InstanceId

MOST_AT_ONCE: Final = 4

Given = ParamSpec("Given")
Found = TypeVar("Found")


class Shares:
    """Nothing is kept of an instance that has no look-ups under way."""

    def __init__(self, pool: Executor, most_at_once: int = MOST_AT_ONCE) -> None:
        self._pool = pool
        self._most = most_at_once
        self._guard = threading.Lock()
        # A share lives as long as a request or a task in the pool holds it.
        self._shares: WeakValueDictionary[InstanceId, Executor] = WeakValueDictionary()

    def of(self, instance_id: InstanceId) -> Executor:
        """The pool for one instance: at most `most_at_once` of its tasks are in it at a time."""
        with self._guard:
            share = self._shares.get(instance_id)
            if share is None:
                share = self._shares[instance_id] = _Share(self._pool, self._most)
            return share


@dataclass(frozen=True)
class _Task:
    run: Callable[[], None]
    abandon: Callable[[], bool]


class _Share(Executor):
    """Tasks wait here, not in the pool, and go to its end one by one: other instances pass."""

    def __init__(self, pool: Executor, most: int) -> None:
        self._pool = pool
        self._free = most
        self._guard = threading.Lock()
        self._waiting: deque[_Task] = deque()

    def submit(
        self, fn: Callable[Given, Found], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Found]:
        done: Future[Found] = Future()
        task = _Task(lambda: _settle(done, lambda: fn(*args, **kwargs)), done.cancel)
        with self._guard:
            self._waiting.append(task)
        self._hand_on()
        return done

    def _hand_on(self) -> None:
        """Give the pool what waits, as far as there are places."""
        while (task := self._next()) is not None:
            try:
                pooled = self._pool.submit(self._do, task)
            except RuntimeError:  # the pool is shut down, and nobody shall wait for it for ever
                self._drop(task)
            else:
                pooled.add_done_callback(partial(self._drop_if_cancelled, task))

    def _next(self) -> _Task | None:
        with self._guard:
            if not self._free or not self._waiting:
                return None
            self._free -= 1
            return self._waiting.popleft()

    def _do(self, task: _Task) -> None:
        try:
            task.run()
        finally:
            self._give_back()
            self._hand_on()

    def _drop_if_cancelled(self, task: _Task, pooled: Future[None]) -> None:
        if pooled.cancelled():
            self._drop(task)
            self._hand_on()

    def _drop(self, task: _Task) -> None:
        task.abandon()
        self._give_back()

    def _give_back(self) -> None:
        with self._guard:
            self._free += 1


def _settle(done: Future[Found], work: Callable[[], Found]) -> None:
    if not done.set_running_or_notify_cancel():
        return
    try:
        done.set_result(work())
    except BaseException as failure:  # noqa: BLE001 - handed on to who waits, as a pool does
        done.set_exception(failure)
