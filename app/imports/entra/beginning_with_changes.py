"""Begins a delta run: reads what changed since the links, and what Assets holds of just that.

Nothing is sent before all of it is known, so it may give up at any point for a full read.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.imports.assets.looking_up import known_of
from app.imports.entra.changed_directory import ChangedDirectory
from app.imports.entra.coming_back import check_scope
from app.imports.entra.gathering import Gathered, gather
from app.imports.entra.narrowing import Scope
from app.imports.entra.staging import Stage, memberships_held, stage
from app.imports.entra.told import Told, read_told
from app.imports.kinds.entries import key_of
from app.imports.kinds.table import BY_NAME, KindName
from app.imports.planning.plan import Plan
from app.imports.planning.restricted import Restricted
from app.imports.run.delta_links import Links
from app.imports.run.feed import FED, FedDirectory
from app.imports.run.ground import Ground
from app.imports.run.patience import Steps
from app.imports.run.ports import Directory
from app.imports.run.ways import ReadsAll
from app.imports.run.work import Scene, Work


def read_changes(
    work: Work, ground: Ground, directory: FedDirectory, links: Links
) -> Steps[tuple[Scene, Directory, Scope]]:
    """Raises ReadsAll, RunEnds."""
    kinds = _told_kinds(work, ground, links)
    counted = yield from _count(work, ground, kinds)
    work.report.phase("reading_entra")
    told: dict[KindName, Told] = {}
    for kind in kinds:
        told[kind] = yield from read_told(work, directory.feed, kind, links.by_kind[kind])
    gathered = yield from gather(work, ground, directory, told)
    found = yield from stage(work, ground, gathered)
    _check_groups(work, gathered, found)
    scope = Scope()
    if "person" in told:
        table = found.learned.tables["person"]
        scope = yield from check_scope(work, directory, gathered, table)
    scene = _scene(work, ground, gathered, found, counted)
    return scene, ChangedDirectory(directory, gathered), scope


def _told_kinds(work: Work, ground: Ground, links: Links) -> list[KindName]:
    """The kinds of which changes are read. Intune tells none, so its devices are read whole."""
    asked = {kind.name for kind in ground.asked}
    if work.rules.objects.managed_devices:
        asked.discard("device")
    kinds = [kind for kind in FED if kind in asked and kind in links.by_kind]
    if not kinds:
        raise ReadsAll("untold")
    return kinds


def _count(work: Work, ground: Ground, kinds: list[KindName]) -> Steps[dict[KindName, int]]:
    """How many objects Assets knows that are not `Left`. None at all: nothing to start from."""
    counted: dict[KindName, int] = {}
    everything = 0
    for kind in kinds:
        known, counted[kind] = yield from known_of(work, BY_NAME[kind], ground.types.get(kind))
        everything += known
    if not everything:
        raise ReadsAll("first")
    return counted


def _check_groups(work: Work, gathered: Gathered, found: Stage) -> None:
    """Members of a group that goes or comes are told one by one, or not at all. Raises ReadsAll."""
    told = gathered.told.get("group")
    asked = {key_of(each) for each in work.rules.memberships}
    if told is None or not asked:
        return
    unknown = {key_of(each) for each in told.named} - found.objects["group"].keys()
    gone = {key_of(each) for each in told.removed}
    if asked & (unknown | gone):
        raise ReadsAll("groups_changed")


def _scene(
    work: Work,
    ground: Ground,
    gathered: Gathered,
    found: Stage,
    counted: Mapping[KindName, int],
) -> Scene:
    changing = set(gathered.told)
    if "person" in changing:
        changing |= {"department", "location"}  # only people name them
    return Scene(
        ground,
        Plan(found.learned.tables, Restricted(work.rules.restricted_people)),
        {},
        found.learned.names,
        memberships_held(work, ground, gathered, found),
        links={kind: told.link for kind, told in gathered.told.items()},
        changing=frozenset(changing),
        counted=counted,
        touched=[row.id for row in gathered.people],
    )
