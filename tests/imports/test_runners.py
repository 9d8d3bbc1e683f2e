"""The two ways messages come to the worker: threads of this process, and a queue between many."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from app.errors import ServiceUnreachable
from app.imports.desk.crew import Threads
from app.imports.legs.local_runner import LocalRunner
from app.imports.legs.queue_runner import QueueRunner, Received
from app.imports.legs.worker import Outcome
from app.instances.reference import InstanceReference
from app.words import Generation, InstanceId
from tests.stand_ins.entra_directory import Person
from tests.stand_ins.import_world import ImportWorld


class Recorder:
    """A worker that remembers what it worked on."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.worked: list[str] = []
        self.stopped = threading.Event()

    def work(self, message: str | bytes) -> Outcome:
        self.worked.append(str(message))
        return self.outcomes.pop(0) if self.outcomes else Outcome()

    def stop(self) -> None:
        self.stopped.set()


@dataclass
class Box:
    """An inbox with messages in it."""

    messages: list[str]
    deleted: list[str] = field(default_factory=list)
    extended: list[tuple[str, float]] = field(default_factory=list)
    take_out: bool = False
    out: list[str] = field(default_factory=list)

    def receive(self, visible_again: int) -> Received | None:
        assert visible_again <= 60
        if self.out or not self.messages:
            time.sleep(0.005)  # a long poll
            return None
        if self.take_out:
            self.out.append(self.messages[0])
        return Received(self.messages[0], "handle")

    def extend(self, received: Received, seconds: float) -> None:
        self.extended.append((received.body, seconds))

    def delete(self, received: Received) -> None:
        self.deleted.append(self.messages.pop(0))


def test_a_message_that_waits_rests_here_and_one_that_is_done_is_deleted() -> None:
    box, worker = Box(["one"], take_out=True), Recorder(Outcome(0.01), Outcome())

    runner = QueueRunner(box, worker, slots=1)  # type: ignore[arg-type]
    threading.Timer(0.2, runner.stop).start()
    runner.run()
    assert worker.worked == ["one", "one"]
    assert box.deleted == ["one"]
    assert [seconds for _, seconds in box.extended] == [25.01, 45]


def test_a_stop_hands_back_what_rests() -> None:
    box, worker = Box(["one"], take_out=True), Recorder(Outcome(30.0))
    runner = QueueRunner(box, worker, slots=1)  # type: ignore[arg-type]
    threading.Timer(0.05, runner.stop).start()
    runner.run()
    assert worker.worked == ["one"]
    assert box.extended == [("one", 55.0), ("one", 0)]
    assert box.deleted == []


def test_a_runner_that_stops_takes_no_more_and_tells_its_worker() -> None:
    box, worker = Box(["one"]), Recorder()
    runner = QueueRunner(box, worker)  # type: ignore[arg-type]
    runner.stop()
    runner.run()
    assert worker.stopped.is_set()
    assert worker.worked == []


def test_a_call_that_hangs_does_not_keep_a_stop_waiting() -> None:
    hanging = threading.Event()

    class Hanging(Recorder):
        def work(self, message: str | bytes) -> Outcome:
            runner.stop()
            hanging.wait(30)
            return Outcome()

    box = Box(["one"])
    runner = QueueRunner(box, Hanging(), grace=0.05)  # type: ignore[arg-type]
    runner.run()
    hanging.set()
    assert (box.deleted, box.extended[-1]) == ([], ("one", 0.0))


def test_messages_of_one_group_come_in_order_and_a_waiting_one_comes_again() -> None:
    worker = Recorder(Outcome(0.0))
    runner = LocalRunner(2)
    runner.attach(worker)  # type: ignore[arg-type]
    runner.put("one", "g")
    runner.put("two", "g")
    assert runner.drain(float("inf"))
    runner.close()
    assert worker.worked == ["one", "one", "two"]


def test_a_message_that_fails_does_not_end_the_runner() -> None:
    class Broken(Recorder):
        def work(self, message: str | bytes) -> Outcome:
            super().work(message)
            raise ZeroDivisionError

    worker = Broken()
    runner = LocalRunner(1)
    runner.attach(worker)  # type: ignore[arg-type]
    runner.put("one", "g")
    runner.put("two", "h")
    assert runner.drain(10)
    runner.close()
    assert worker.worked == ["one", "two"]


def test_an_import_runs_to_its_end_inside_the_process() -> None:
    world = ImportWorld()
    world.graph.people_by_id = {f"p{n}": Person(f"p{n}", f"P {n}") for n in range(7)}
    runner = LocalRunner(1)
    runner.attach(world.worker)
    run_id = world.start()
    runner.put(world.queue.messages[0], world.instance.instance_id)
    assert runner.drain(30)
    runner.close()
    assert world.desk.get(world.instance, run_id)["state"] == "succeeded"


def test_open_runs_are_taken_up_again_after_a_start() -> None:
    world = ImportWorld()
    world.start()
    world.queue.messages.clear()
    world.desk.resume_all()
    assert len(world.queue.messages) == 1
    world.work_off()
    assert world.desk.list(world.instance)[0]["state"] == "succeeded"


def test_a_message_that_hangs_holds_one_slot_and_not_the_process() -> None:
    hanging = threading.Event()

    class Hangs(Recorder):
        def work(self, message: str | bytes) -> Outcome:
            if message == "hangs":
                hanging.wait(30)
            outcome = super().work(message)
            if len(self.worked) == 3:
                hanging.set()
            elif len(self.worked) == 4:
                runner.stop()
            return outcome

    class Line(Box):
        """Gives each message once, as a queue does while it is worked on."""

        def receive(self, visible_again: int) -> Received | None:
            return Received(self.messages.pop(0), "handle") if self.messages else None

        def delete(self, received: Received) -> None:
            self.deleted.append(received.body)

    worker = Hangs()
    box = Line(["hangs", "one", "two", "three"])
    runner = QueueRunner(box, worker, slots=2)  # type: ignore[arg-type]
    runner.run()
    assert worker.worked == ["one", "two", "three", "hangs"]
    assert sorted(box.deleted) == sorted(worker.worked)


def test_a_crew_does_everything_and_waits_for_no_one_that_hangs() -> None:
    hanging, done = threading.Event(), list[str]()

    def act(instance: InstanceReference) -> int:
        if instance.instance_id == "i-0":
            hanging.wait(30)
        done.append(instance.instance_id)
        if len(done) == 19:
            hanging.set()
        return 1

    names = [InstanceId(f"i-{number}") for number in range(20)]
    instances = [InstanceReference(name, "forge", "installed", Generation("g")) for name in names]
    with ThreadPoolExecutor(3) as pool:
        assert Threads(pool, 3).each(act, iter(instances)) == 20
    assert done[-1] == "i-0"


def test_a_crew_whose_list_breaks_off_ends_what_it_began() -> None:
    def broken() -> Iterator[InstanceReference]:
        yield InstanceReference(InstanceId("one"), "forge", "installed", Generation("g"))
        raise ServiceUnreachable

    done = list[str]()

    def act(instance: InstanceReference) -> int:
        done.append(instance.instance_id)
        return 1

    with ThreadPoolExecutor(1) as pool, pytest.raises(ServiceUnreachable):
        Threads(pool, 1).each(act, broken())
    assert done == ["one"]
