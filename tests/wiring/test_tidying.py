"""Messages that ask the worker to tidy: taken by the same worker, harmless when late or twice."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from app.errors import ServiceFailed, ServiceUnreachable, SettingsUnreadable
from app.imports.legs.worker import Outcome
from app.instances.reference import InstanceReference
from app.instances.table import Change
from app.vault.rewrapping import Fate
from app.wiring.tidying import DONE, LATER, TidyingWorker, ask_to_tidy, asking
from app.words import Generation, InstanceId
from tests.stand_ins.table import InMemoryTable

ONE, G1 = InstanceId("a" * 32), Generation("g1")


class Imports:
    """The import's worker: remembers what comes to it."""

    def __init__(self) -> None:
        self.worked: list[str | bytes] = []
        self.stopped = False

    def work(self, message: str | bytes) -> Outcome:
        self.worked.append(message)
        return Outcome(7.0)

    def stop(self) -> None:
        self.stopped = True


class Queued:
    """A queue that keeps what was put."""

    def __init__(self) -> None:
        self.put_there: list[tuple[str, str]] = []
        self.down = False

    def put(self, message: str, group: str, delay: float = 0.0) -> None:
        if self.down:
            raise ServiceUnreachable("no answer")
        self.put_there.append((message, group))


class Scene:
    """One instance, a message about it, and the worker that gets it."""

    def __init__(self) -> None:
        self.table = InMemoryTable()
        self.reference = InstanceReference(ONE, "connect", "installed", G1)
        self.table.create(self.reference)
        self.imports = Imports()
        self.tidied: list[InstanceId] = []
        self.fault: Exception | None = None
        self.worker = TidyingWorker(self.imports, self.table, self.tidy)

    def tidy(self, instance: InstanceReference) -> Mapping[str, Fate]:
        if self.fault is not None:
            raise self.fault
        self.tidied.append(instance.instance_id)
        return {"encryption-string": "rewrapped"}

    def message(self) -> str:
        queue = Queued()
        ask_to_tidy(queue, self.reference)
        ((message, _),) = queue.put_there
        return message


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_message_that_asks_to_tidy_is_done_and_does_not_reach_the_imports(scene: Scene) -> None:
    assert scene.worker.work(scene.message()) == DONE
    assert scene.tidied == [ONE]
    assert scene.imports.worked == []


def test_it_carries_ids_of_ours_only_and_has_a_group_of_its_own() -> None:
    queue = Queued()
    ask_to_tidy(queue, Scene().reference)
    ((message, group),) = queue.put_there
    assert json.loads(message) == {"tidy": ONE, "generation": G1}
    assert group == f"tidy-{ONE}"


@pytest.mark.parametrize(
    "message", ["", "[]", "7", '{"instance":"a"}', '{"tidy":7,"generation":"g1"}', b"\xff"]
)
def test_every_other_message_goes_on_to_the_imports(scene: Scene, message: str | bytes) -> None:
    assert scene.worker.work(message) == Outcome(7.0)
    assert scene.imports.worked == [message]


@pytest.mark.parametrize("state", ["uninstalled", "erased"])
def test_an_instance_that_is_gone_is_left_alone(scene: Scene, state: str) -> None:
    scene.table.change(ONE, Change({("state",): state}))
    assert scene.worker.work(scene.message()) == DONE
    assert scene.tidied == []


def test_a_former_life_is_left_alone(scene: Scene) -> None:
    message = scene.message()
    scene.table.change(ONE, Change({("generation",): "g2"}))
    assert scene.worker.work(message) == DONE
    assert scene.tidied == []


@pytest.mark.parametrize("state", ["queued", "running"])
def test_while_an_import_runs_it_waits(scene: Scene, state: str) -> None:
    scene.table.change(ONE, Change({("run",): {"state": state}}))
    assert scene.worker.work(scene.message()) == LATER
    scene.table.change(ONE, Change({("run",): {"state": "succeeded"}}))
    assert scene.worker.work(scene.message()) == DONE
    assert scene.tidied == [ONE]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (ServiceUnreachable("no answer"), LATER),
        (ServiceFailed("odd"), LATER),
        (SettingsUnreadable("does not open"), DONE),
    ],
)
def test_what_may_pass_is_tried_again_and_what_does_not_open_is_not(
    scene: Scene, fault: Exception, outcome: Outcome
) -> None:
    scene.fault = fault
    assert scene.worker.work(scene.message()) == outcome


def test_with_the_table_down_it_is_tried_again(scene: Scene) -> None:
    scene.table.fail("read", "before")
    assert scene.worker.work(scene.message()) == LATER


def test_stopping_stops_the_imports(scene: Scene) -> None:
    scene.worker.stop()
    assert scene.imports.stopped


def test_asking_never_fails_what_was_saved() -> None:
    queue = Queued()
    ask = asking(queue)
    ask(Scene().reference)
    queue.down = True
    ask(Scene().reference)
    assert len(queue.put_there) == 1
