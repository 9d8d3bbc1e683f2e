"""Begins a run's reading: of what changed where that is enough, else of everything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import structlog

from app.errors import AppError
from app.imports.assets.survey import learn
from app.imports.entra.beginning_with_changes import read_changes
from app.imports.entra.narrowing import Scope, read_scope
from app.imports.entra.pages import Pages
from app.imports.kinds.records import RowPage
from app.imports.kinds.selects import select_of
from app.imports.kinds.table import DEVICE, KindName
from app.imports.planning.plan import Plan
from app.imports.planning.restricted import Restricted
from app.imports.run.delta_links import Links, packed, purpose, unpacked, why_not
from app.imports.run.feed import FedDirectory, NoFeed, Record
from app.imports.run.ground import Ground
from app.imports.run.patience import Steps
from app.imports.run.ports import Directory
from app.imports.run.ways import ReadsAll
from app.imports.run.work import Scene, Work

OF_PEOPLE: Final[frozenset[KindName]] = frozenset({"person", "department", "location"})
_log = structlog.get_logger()


@dataclass(frozen=True)
class Start:
    """What is known, and where it is read on.

    `made_for` is what new links are good for, empty where none are kept. `full_at`: when a run
    last read everything.
    """

    scene: Scene
    directory: Directory
    scope: Scope
    full_at: datetime
    made_for: str = ""


def begin(work: Work, ground: Ground) -> Steps[Start]:
    """Raises RunEnds."""
    why = "asked"
    if work.mode == "delta":
        try:
            return (yield from _with_changes(work, ground))
        except ReadsAll as reads:
            why = reads.why
    work.report.way("full", why)
    return (yield from _with_everything(work, ground))


def keep_links(work: Work, start: Start) -> None:
    """After the last write: where the next run may take up. If it cannot be kept, the next one
    takes up where this one did."""
    if not start.made_for or not start.scene.links:
        return
    links = Links(start.made_for, start.full_at, work.now, start.scene.links)
    work.patience.check()
    try:
        work.connections.delta_links(work.instance).write(packed(links))
    except AppError as fault:
        _log.warning("delta links not kept", run_id=work.run_id, error=type(fault).__name__)


def _purpose(work: Work, ground: Ground) -> Steps[str]:
    connections = work.connections
    source = yield from work.patience.call("entra", lambda: connections.source(work.instance))
    return purpose(work.rules, ground, source)


def _with_changes(work: Work, ground: Ground) -> Steps[Start]:
    """Raises ReadsAll, RunEnds."""
    links = yield from _usable_links(work, ground)
    directory = yield from _open(work)
    scene, changed, scope = yield from read_changes(work, ground, directory, links)
    work.report.way("delta", "")
    return Start(scene, changed, scope, links.full_at, links.made_for)


def _usable_links(work: Work, ground: Ground) -> Steps[Links]:
    if work.whole:
        raise ReadsAll("everything_sent")
    if work.expected:
        raise ReadsAll("preview")
    try:
        content = work.connections.delta_links(work.instance).read()
    except AppError:
        content = None  # it does not open: there is nothing to start from
    links = unpacked(content) if content else None
    made_for = yield from _purpose(work, ground)
    needed: list[KindName] = [k.name for k in ground.asked if k.name in ("person", "group")]
    if why := why_not(links, made_for, needed, work.now):
        raise ReadsAll(why)
    there = tuple(kind for kind in ground.asked if kind.name in ground.types)
    if links is None or not replace(ground, asked=there).complete():
        raise ReadsAll("first")  # an attribute is gone: what it held has to come again
    return links


def _with_everything(work: Work, ground: Ground) -> Steps[Start]:
    learned = yield from learn(work, ground)
    scene = Scene(
        ground,
        Plan(learned.tables, Restricted(work.rules.restricted_people)),
        learned.strangers,
        learned.names,
    )
    work.report.phase("reading_entra", sum(map(len, learned.tables.values())))
    directory = yield from _open(work)
    people = any(kind.name in OF_PEOPLE for kind in ground.asked)
    scope = (yield from read_scope(work, directory)) if people else Scope()
    if work.whole or work.mode == "preview":
        return Start(scene, directory, scope, work.now)
    if DEVICE in ground.asked and not work.rules.objects.managed_devices:
        yield from _mark_devices(work, scene, directory)
    return Start(scene, directory, scope, work.now, (yield from _purpose(work, ground)))


def _open(work: Work) -> Steps[FedDirectory]:
    connections = work.connections
    return (yield from work.patience.call("entra", lambda: connections.directory(work.instance)))


def _mark_devices(work: Work, scene: Scene, directory: FedDirectory) -> Steps[None]:
    """Devices are read as a list, for their owners: a link from just before tells the rest."""
    select = select_of("device", work.rules)

    def fetch(link: str | None) -> RowPage[Record]:
        try:
            return directory.feed.latest("device", select, link)
        except NoFeed:
            return RowPage([])

    pages = Pages(work.patience, fetch, None)
    while (page := (yield from pages.next())) is not None:
        if page.delta_link is not None:
            scene.links["device"] = page.delta_link
