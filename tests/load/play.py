"""One play: a night of scheduled imports, and what goes wrong. The same seed, the same play."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from app.imports.legs.queue_runner import SLOTS
from app.imports.run.due import due_after, set_due
from app.instances.table import Change, InstanceTable
from app.site_settings.documents import Consent, Document, EntraRules, ImportRules, Schedule
from app.site_settings.stored import StoredPart, StoredSecret, pack
from app.words import InstanceId, Secret
from tests.load.fifo_queue import FifoQueue, poison
from tests.load.instances import TROUBLES, Site, Trouble
from tests.load.one_process import OneProcess, Outside
from tests.load.processes import CREW, AdministratorsProcess, SchedulingProcess, WorkingProcess
from tests.load.virtual_time import Process, VirtualTime
from tests.load.watched_table import WatchedTable
from tests.stand_ins.kms import StrictKms
from tests.vault.simulation.baton import one_at_a_time

START: Final = datetime(2026, 11, 21, 1, 55, tzinfo=UTC)
HOUR: Final = 3600.0
FIRST_DUE: Final = 300.0


@dataclass(frozen=True)
class Night:
    """What is played. `hours`: how often each instance's import is due; times are seconds."""

    instances: int
    seed: int = 0
    hours: int = 2
    lasts: float = HOUR  # from the last due time on; by then all must be over
    workers: int = 4
    slots: int = SLOTS
    crew: int = CREW
    troubled: float = 0.0  # the share of instances that have a trouble of their own
    throttled: tuple[range, ...] = ()  # the table
    no_keys: tuple[range, ...] = ()  # KMS
    no_queue: tuple[range, ...] = ()
    unruly: float = 0.0
    poisoned: int = 0  # groups with poison in them
    pressing: tuple[float, float] = (0.0, 900.0)  # when some administrators press the button
    kills: tuple[float, ...] = ()  # a worker dies, another one comes
    freezes: tuple[tuple[float, float], ...] = ()  # a worker stands still: from when, how long

    @property
    def seconds(self) -> float:
        return FIRST_DUE + (self.hours - 1) * HOUR + self.lasts


@dataclass
class Played:
    night: Night
    time: VirtualTime
    table: WatchedTable
    queue: FifoQueue
    sites: dict[InstanceId, Site]
    pressed: int = 0
    kms_calls: int = 0
    dues: dict[InstanceId, int] = field(default_factory=dict)


def play(night: Night, table: InstanceTable) -> Played:
    """The whole night. Raises what a process raised that it should have caught."""
    time = VirtualTime(START, night.seed)
    watched = WatchedTable(table, time, night.seed, night.throttled)
    kms = StrictKms()
    queue = FifoQueue(time, night.seed, night.unruly, down=night.no_queue)
    sites = {site.id: site for site in _sites(night, time)}
    outside = Outside(time, watched, kms, queue, sites, night.seed)
    with one_at_a_time():
        _settle_in(outside)
        kms.log.clear()
        kms.pause = _keys_fail(night, time, kms)
        scheduling = SchedulingProcess(outside, night.crew)
        pressing = AdministratorsProcess(outside, _of(sites, "flood"), night.pressing)
        workers = [WorkingProcess(outside, number, night.slots) for number in range(night.workers)]
        director = Process("director")
        time.run(
            night.seconds,
            (director, lambda: _direct(night, outside, workers)),
            (scheduling.process, scheduling.live),
            (pressing.process, pressing.live),
            *((each.process, each.live) for each in workers),
        )
    return Played(night, time, watched, queue, sites, pressing.pressed, len(kms.log))


def _sites(night: Night, time: VirtualTime) -> list[Site]:
    drawn = random.Random(night.seed)
    troubled = int(night.instances * night.troubled)
    troubles: list[Trouble] = [TROUBLES[n % len(TROUBLES)] for n in range(troubled)]
    troubles += ["none"] * (night.instances - troubled)
    drawn.shuffle(troubles)
    names = [InstanceId(f"i{number:04}") for number in range(night.instances)]
    return [
        Site(name, time, trouble, drawn.randrange(2**32))
        for name, trouble in zip(names, troubles, strict=True)
    ]


def _of(sites: dict[InstanceId, Site], trouble: Trouble) -> list[Site]:
    return [site for site in sites.values() if site.trouble == trouble]


def _settle_in(outside: Outside) -> None:
    """Install each instance, save its settings sealed, and schedule its import hourly."""
    saving = OneProcess(outside, "web", "saving")
    for site in outside.sites.values():
        outside.table.create(site.reference)
        saving.own_shelf(site.reference).save(_documents(site))
        schedule = set_due(due_after(HOURLY, START))
        outside.table.change(site.id, Change(set=schedule.set))
        site.begin_play()


HOURLY: Final = Schedule(every="hour", at="00:00")


def _documents(site: Site) -> dict[str, Secret]:
    entra = EntraRules(tenant_id=str(site.id), client_id="client")
    given = {"tenant_id": str(site.id), "client_id": "client", "cloud": "global"}
    rules = ImportRules(missing_objects="ignore", schedule=HOURLY)
    learned = {"workspace_id": "workspace-1", "import_source_id": "source-1"}
    return {
        "assets-access": _part(None, rules={"mode": "api_token", "email": "a@b"}, value="t"),
        "entra": _part(entra),
        "entra-secret": pack(StoredSecret(value="secret", given_for=given)),
        "import": _part(rules),
        "import-secret": pack(StoredSecret(value="token", learned=learned)),
        "consent": _part(Consent(entra_import=True)),
    }


def _part(document: Document | None, **more: object) -> Secret:
    rules = document.model_dump(mode="json") if document is not None else {}
    stored = {"rules": rules, "changed_at": "2026-11-21T00:00:00Z", **more}
    return pack(StoredPart.model_validate(stored))


def _keys_fail(night: Night, time: VirtualTime, kms: StrictKms) -> Callable[[], None]:
    def pause() -> None:
        # No time passes here: others may wait for this very key, in real locks of the vault.
        kms.down = any(int(time.now) in window for window in night.no_keys)

    return pause


Act = Callable[[Night, Outside, list[WorkingProcess]], None]


def _direct(night: Night, outside: Outside, workers: list[WorkingProcess]) -> None:
    """Poison at the beginning; people change between the hours; workers die and others come."""
    time, queue = outside.time, outside.queue
    for number, site in enumerate(outside.sites.values()):
        if number < night.poisoned:
            for message in poison(night.seed + number, site.id):
                queue.put(message, site.id)
    plans: list[tuple[float, Act]] = [(at, _kill) for at in night.kills]
    plans += [(at, _frozen_for(seconds)) for at, seconds in night.freezes]
    plans += [(FIRST_DUE + HOUR * 0.9 + HOUR * hour, _change) for hour in range(night.hours - 1)]
    for at, act in sorted(plans, key=lambda plan: plan[0]):
        time.sleep(max(0.0, at - time.now))
        act(night, outside, workers)


def _kill(night: Night, outside: Outside, workers: list[WorkingProcess]) -> None:
    dying = workers.pop(0)
    dying.process.is_dead = True
    number = night.workers + int(outside.time.now)
    coming = WorkingProcess(outside, number, night.slots)
    workers.append(coming)
    outside.time.begin(coming.process, coming.live)


def _frozen_for(seconds: float) -> Act:
    """One worker after the other stands still; when it goes on it knows nothing of it."""

    def freeze(night: Night, outside: Outside, workers: list[WorkingProcess]) -> None:
        workers[0].process.frozen_until = outside.time.now + seconds
        workers.append(workers.pop(0))

    return freeze


def _change(night: Night, outside: Outside, workers: list[WorkingProcess]) -> None:
    for number, site in enumerate(outside.sites.values()):
        if number % 3 == 0 and f"{site.id}-new" not in site.graph.people_by_id:
            site.change_somebody()
