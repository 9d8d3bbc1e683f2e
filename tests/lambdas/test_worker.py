"""The worker's door: what is done goes, what is not comes back when its visibility says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from app.errors import ServiceUnreachable
from app.imports.legs.queue_runner import VISIBLE_AGAIN, QueueRunner, Received
from app.imports.legs.worker import Outcome
from lambdas import worker as door
from tests.lambdas.events import sqs_event


@dataclass
class Queue:
    """The end of the queue that a function touches: visibility, and nothing else."""

    extended: list[tuple[str, float]] = field(default_factory=list)
    broken: bool = False

    def extend(self, received: Received, seconds: float) -> None:
        if self.broken:
            raise ServiceUnreachable
        self.extended.append((received.handle, seconds))

    def receive(self, visible_again: int) -> Received | None:
        raise AssertionError("Lambda's poller receives")

    def delete(self, received: Received) -> None:
        raise AssertionError("Lambda's poller deletes")


class Worker:
    """Gives these outcomes, one a message; raises one that is an exception."""

    def __init__(self, *outcomes: Outcome | Exception) -> None:
        self.outcomes = list(outcomes)
        self.worked: list[str] = []

    def work(self, message: str | bytes) -> Outcome:
        self.worked.append(str(message))
        outcome = self.outcomes.pop(0) if self.outcomes else Outcome()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def stop(self) -> None:
        """Never asked: AWS ends a function, the message comes back by itself."""


@pytest.fixture
def queue() -> Queue:
    return Queue()


@pytest.fixture
def handled(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> Any:
    def handle(worker: Worker, *bodies: str, group: str = "a") -> list[str]:
        runner = QueueRunner(queue, worker)  # type: ignore[arg-type]
        monkeypatch.setattr(door, "runner", lambda: runner)
        context = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)
        answer = door.handler(sqs_event(*bodies, group=group), context)
        return [each["itemIdentifier"] for each in answer["batchItemFailures"]]

    return handle


def test_a_message_that_is_done_is_reported_as_such(handled: Any, queue: Queue) -> None:
    worker = Worker()
    assert handled(worker, "one") == []
    assert worker.worked == ["one"]
    assert queue.extended == [("handle-0", VISIBLE_AGAIN)]


def test_a_message_is_visible_again_within_a_minute_if_the_function_dies(
    handled: Any, queue: Queue
) -> None:
    """The queue's own time is the function's longest; the first thing done is to shorten it."""
    handled(Worker(), "one")
    assert queue.extended[0][1] < 60


def test_a_message_that_waits_comes_back_when_it_asked_to(handled: Any, queue: Queue) -> None:
    assert handled(Worker(Outcome(12.5)), "one") == ["m-0"]
    assert queue.extended[-1] == ("handle-0", 12.5)


def test_a_bug_puts_the_message_back(handled: Any, queue: Queue) -> None:
    assert handled(Worker(RuntimeError("never mind")), "one") == ["m-0"]
    assert queue.extended[-1][1] > 0


def test_after_one_that_comes_back_none_of_its_group_is_worked_on(handled: Any) -> None:
    worker = Worker(Outcome(), Outcome(5.0), Outcome())
    assert handled(worker, "one", "two", "three") == ["m-1", "m-2"]
    assert worker.worked == ["one", "two"]


def test_a_queue_that_is_away_fails_the_message_and_not_the_function(
    handled: Any, queue: Queue
) -> None:
    queue.broken = True
    worker = Worker()
    assert handled(worker, "one") == ["m-0"]
    assert worker.worked == []


def test_a_function_that_cannot_start_fails_where_it_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Taken for a message that comes back, it would be no error of the function's, for hours."""

    def wrong_setting() -> QueueRunner:
        raise LookupError("IMPORT_QUEUE_URL")

    monkeypatch.setattr(door, "runner", wrong_setting)
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)
    with pytest.raises(LookupError, match="IMPORT_QUEUE_URL"):
        door.handler(sqs_event("one"), context)
