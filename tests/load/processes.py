"""What the processes of a deployment do: schedule, press the button, work."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Final

from app.errors import AppError
from app.imports.desk.crew import Action
from app.imports.desk.desk import ImportDesk
from app.imports.desk.schedule import Scheduler, share_of
from app.imports.legs.queue_runner import SLOTS, QueueRunner
from app.imports.legs.worker import ImportWorker
from app.instances.reference import InstanceReference
from app.vault.tidying import put_in_order
from app.wiring.tidying import TidyingWorker
from tests.load.instances import REGION, Site
from tests.load.one_process import OneProcess, Outside
from tests.load.virtual_time import Process, VirtualTime

CREW: Final = 16


class Crew:
    """`app.imports.desk.crew.Crew` in made-up time."""

    def __init__(self, time: VirtualTime, process: Process, size: int = CREW) -> None:
        self._time = time
        self._process = process
        self._size = size

    def each(self, action: Action, instances: Iterable[InstanceReference]) -> int:
        counts: list[int] = []
        under_way: list[threading.Event] = []  # in their order: a set's is another each time

        def work(instance: InstanceReference, over: threading.Event) -> None:
            try:
                counts.append(action(instance))
            finally:
                under_way.remove(over)
                over.set()

        for instance in instances:
            self._until(under_way, self._size - 1)
            over = threading.Event()
            under_way.append(over)
            self._time.begin(self._process, partial(work, instance, over))
        self._until(under_way, 0)
        return sum(counts)

    def _until(self, under_way: list[threading.Event], most: int) -> None:
        while len(under_way) > most:
            self._time.wait(under_way[0], 1.0)


class SchedulingProcess(OneProcess):
    """A tick each minute, as the scheduler's function has it; one at a time."""

    def __init__(self, outside: Outside, crew: int = CREW) -> None:
        super().__init__(outside, "scheduler", "scheduler")
        self.desk = ImportDesk(self.runs, self, outside.queue, outside.time.clock, self.random)
        self.scheduler = Scheduler(
            outside.table, self, self.desk, region=REGION,
            crew=Crew(outside.time, self.process, crew),
        )  # fmt: skip
        self.started = 0

    def live(self) -> None:
        time = self.outside.time
        while True:
            now = time.clock()
            with suppress(AppError):  # the next tick is as good
                self.started += self.scheduler.tick(now, share_of(now))
            time.sleep(60 - time.now % 60)


class AdministratorsProcess(OneProcess):
    """The web: some administrators press "Import now" again and again."""

    def __init__(
        self, outside: Outside, pressing: Sequence[Site], when: tuple[float, float]
    ) -> None:
        super().__init__(outside, "web", "web")
        self.desk = ImportDesk(self.runs, self, outside.queue, outside.time.clock, self.random)
        self._pressing = pressing
        self._begin, self._until = when
        self.pressed = self.accepted = 0

    def live(self) -> None:
        self.outside.time.sleep(self._begin)
        while self.outside.time.now < self._until:
            for site in self._pressing:
                self.pressed += 1
                try:
                    self.desk.start(site.reference, {"mode": "full"})
                    self.accepted += 1
                except AppError:
                    pass  # another one is open, mostly
            self.outside.time.sleep(15)


class WorkingProcess(OneProcess):
    """`my-assets worker`."""

    def __init__(self, outside: Outside, number: int, slots: int = SLOTS) -> None:
        super().__init__(outside, "worker", f"worker-{number}")
        time = outside.time
        worker = ImportWorker(self.runs, self, time.clock, self.random, time.sleep)
        tidying = TidyingWorker(
            worker, outside.table, lambda instance: put_in_order(self.own_shelf(instance))
        )
        hands = time.hands(self.process)
        self.runner = QueueRunner(outside.queue, tidying, slots=slots, hands=hands)

    def live(self) -> None:
        self.runner.run()
