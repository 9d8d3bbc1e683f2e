"""Made-up time for many threads: one of them runs at a time, and when all wait, the clock jumps.

Hours pass in seconds, and a seed decides who of those that wake at once goes first: the same seed
gives the same play. Threads belong to processes, which can be killed, or stand still for a while:
a call that was on its way then arrives after it.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

_LONGEST = 120.0  # seconds a thread may run without waiting: beyond it hangs


class Killed(BaseException):
    """The process is gone: nothing of it goes on."""


@dataclass
class Process:
    name: str
    is_dead: bool = False
    frozen_until: float = 0.0  # none of its threads goes on before


@dataclass
class _Waiter:
    until: float
    order: float
    process: Process
    event: threading.Event | None = None
    gate: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


class VirtualTime:
    """`clock` is what the app reads; `hands(process)` is how its threads begin and wait."""

    def __init__(self, start: datetime, seed: int) -> None:
        self._start = start
        self.now = 0.0
        self._random = random.Random(seed)
        self._waiting: list[_Waiter] = []
        self._mine = threading.local()
        self._over = threading.Event()
        self.faults: list[BaseException] = []
        self.handovers = 0

    def clock(self) -> datetime:
        return self._start + timedelta(seconds=self.now)

    def run(self, seconds: float, *beginnings: tuple[Process, Callable[[], None]]) -> None:
        """Begin these threads and let so much time pass. Raises what a thread raised."""
        for process, work in beginnings:
            self.begin(process, work)
        end = _Waiter(self.now + seconds, 2.0, Process("the end"))
        self._waiting.append(end)
        self._hand_on()
        if not end.gate.acquire(timeout=3600):
            raise TimeoutError("the play hangs")
        if self.faults:
            raise self.faults[0]

    def begin(self, process: Process, work: Callable[[], None]) -> None:
        """A new thread of this process; it runs when its turn comes."""
        waiter = self._waiter(0.0, process)

        def live() -> None:
            waiter.gate.acquire()
            self._mine.process = process
            try:
                if not process.is_dead:
                    work()
            except Killed:
                pass
            except BaseException as fault:  # noqa: BLE001 - the play tells
                self.faults.append(fault)
            self._hand_on()

        threading.Thread(target=live, daemon=True).start()

    def sleep(self, seconds: float) -> None:
        """Let others go on. Raises Killed if the process died meanwhile."""
        process = getattr(self._mine, "process", None)
        if process is None:  # before or after the play
            return
        self._pass_to(self._waiter(seconds, process))

    def wait(self, event: threading.Event, seconds: float) -> bool:
        """Until the event or so long."""
        if not event.is_set():
            self._pass_to(self._waiter(seconds, self._mine.process, event))
        return event.is_set()

    def hands(self, process: Process) -> Hands:
        return Hands(self, process)

    def _waiter(
        self, seconds: float, process: Process, event: threading.Event | None = None
    ) -> _Waiter:
        waiter = _Waiter(self.now + seconds, self._random.random(), process, event)
        self._waiting.append(waiter)
        return waiter

    def _pass_to(self, waiter: _Waiter) -> None:
        self._hand_on()
        if not waiter.gate.acquire(timeout=_LONGEST * 30):
            raise TimeoutError("nobody hands on")
        if waiter.process.is_dead:
            raise Killed

    def _hand_on(self) -> None:
        """To whoever wakes first: at once, if what it waits for has come."""
        if not self._waiting:
            return
        self.handovers += 1
        chosen = min(self._waiting, key=self._wakes)
        self._waiting.remove(chosen)
        self.now = max(self.now, self._wakes(chosen)[0])
        chosen.gate.release()

    def _wakes(self, waiter: _Waiter) -> tuple[float, float]:
        process, woken = waiter.process, waiter.event is not None and waiter.event.is_set()
        if process.is_dead:
            return (self.now, waiter.order)
        return (max(self.now if woken else waiter.until, process.frozen_until), waiter.order)


class Hands:
    """`app.imports.legs.queue_runner.Hands` of one process."""

    def __init__(self, time: VirtualTime, process: Process) -> None:
        self._time = time
        self._process = process

    def begin(self, work: Callable[[], None]) -> None:
        self._time.begin(self._process, work)

    def wait(self, event: threading.Event, seconds: float) -> bool:
        return self._time.wait(event, seconds)
