"""Does the same with many instances side by side, so that one that hangs delays no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future
from threading import BoundedSemaphore
from typing import Protocol

from app.instances.reference import InstanceReference

Action = Callable[[InstanceReference], int]  # never raises


class Crew(Protocol):
    """Whoever does it."""

    def each(self, action: Action, instances: Iterable[InstanceReference]) -> int:
        """Do it with each instance. Gives the sum. Raises what giving out the instances raises."""
        ...


class OneByOne:
    """Nobody else: in this thread."""

    def each(self, action: Action, instances: Iterable[InstanceReference]) -> int:
        return sum(action(instance) for instance in instances)


class Threads:
    """At most `size` at once; the next instance is read only when there is room for it."""

    def __init__(self, threads: Executor, size: int) -> None:
        self._threads = threads
        self._size = size

    def each(self, action: Action, instances: Iterable[InstanceReference]) -> int:
        room = BoundedSemaphore(self._size)
        total = 0
        under_way = set[Future[int]]()
        try:
            for instance in instances:
                room.acquire()
                under_way, done = _parted(under_way)
                total += sum(each.result() for each in done)
                future = self._threads.submit(action, instance)
                future.add_done_callback(lambda _: room.release())
                under_way.add(future)
        finally:
            total += sum(each.result() for each in under_way)
        return total


def _parted(futures: set[Future[int]]) -> tuple[set[Future[int]], set[Future[int]]]:
    """Those under way, and those that are done."""
    done = {each for each in futures if each.done()}
    return futures - done, done
