"""A pool that does its work when a test says so, in the order in which it was given."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")


class Later(Executor):
    """`len(pool.given)` tasks are in it just now."""

    def __init__(self) -> None:
        self.given: deque[Callable[[], None]] = deque()
        self.futures: list[Future[object]] = []
        self.is_shut = False

    def submit(
        self, fn: Callable[Given, Found], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Future[Found]:
        if self.is_shut:
            raise RuntimeError("shut down")
        done: Future[Found] = Future()

        def work() -> None:
            if done.set_running_or_notify_cancel():
                done.set_result(fn(*args, **kwargs))

        self.given.append(work)
        self.futures.append(done)  # type: ignore[arg-type]
        return done

    def do_next(self) -> None:
        self.given.popleft()()

    def do_all(self) -> None:
        while self.given:
            self.do_next()
