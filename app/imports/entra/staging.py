"""What Assets holds of all that a delta run looks at, and of whatever that points to.

A kind is learned whole where single objects do not do: where all of another kind may point to it,
and where the filter names groups, because Graph does not tell who came into them or left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.imports.assets.looking_up import Objects, look_up
from app.imports.assets.survey import Learned, learn_kind
from app.imports.entra.gathering import Gathered
from app.imports.kinds.entries import key_of
from app.imports.kinds.records import person_of
from app.imports.kinds.shown import pointed
from app.imports.kinds.table import BY_NAME, GROUP, GROUPS, KINDS, PERSON, KindName
from app.imports.planning.known import SEEN, KnownTable, held
from app.imports.planning.memberships import Memberships
from app.imports.run.ground import Ground
from app.imports.run.patience import Steps
from app.imports.run.work import Work


@dataclass
class Stage:
    """`objects` are those that were looked up one by one."""

    learned: Learned
    objects: Mapping[KindName, Objects]


def stage(work: Work, ground: Ground, gathered: Gathered) -> Steps[Stage]:
    """Raises RunEnds."""
    learned, wanted = Learned(), _wanted(work, ground, gathered)
    for kind in KINDS:
        if kind in ground.asked and kind.name not in gathered.told:
            learned.tables[kind.name], _ = yield from learn_kind(work, ground, kind, learned)
    objects: dict[KindName, Objects] = {}
    for name, ids in wanted.items():
        objects[name] = yield from look_up(work, ground.types.get(name), ids)
        if name in learned.tables:
            continue
        if _is_whole(work, ground, gathered, name):
            learned.tables[name], _ = yield from learn_kind(work, ground, BY_NAME[name], learned)
        else:
            learned.tables[name] = KnownTable(len(ids))
        _keep(learned, ground, name, objects[name])
    return Stage(learned, objects)


def _wanted(work: Work, ground: Ground, gathered: Gathered) -> dict[KindName, set[str]]:
    """The Entra ids to look up, by kind: what was gathered, who is gone, whom these point to."""
    wanted: dict[KindName, set[str]] = {"group": set(), "person": set(), "device": set()}
    for kind in gathered.told:
        wanted[kind] |= {row.id for row in gathered.rows(kind)} | gathered.removed(kind)
    targets = [person_of(row.manager) for row in gathered.people]
    targets += [person_of(row.owners) for row in gathered.devices]
    wanted["person"] |= {each for each in targets if each}
    if GROUP in ground.asked and gathered.people:
        wanted["group"] |= set(work.rules.memberships)
    return wanted


def _is_whole(work: Work, ground: Ground, gathered: Gathered, name: KindName) -> bool:
    untold = any(
        reference.target == name
        for kind in ground.asked
        if kind.name not in gathered.told
        for reference in kind.references
    )
    return untold or (name == "person" and name in gathered.told and bool(work.rules.filter.groups))


def _keep(learned: Learned, ground: Ground, name: KindName, objects: Objects) -> None:
    """Put the objects into the table. Nobody is missing in what is told: all count as seen."""
    table, there = learned.tables[name], ground.types.get(name)
    ids, shape = there.ids if there else {}, ground.shape(BY_NAME[name])
    for key, each in objects.items():
        holding = shape.holding(each, ids, learned.name_of)
        if holding is not None and table.find(key) is None:
            table.add(held(holding))
    for number in range(len(table)):
        row = table.row(number)
        row.flags |= SEEN
        table.put(number, row)


def memberships_held(work: Work, ground: Ground, gathered: Gathered, found: Stage) -> Memberships:
    """Of the people gathered, the groups they have in Assets: what was told goes on from there."""
    asked: Iterable[str] = work.rules.memberships if GROUP in ground.asked else ()
    memberships = Memberships(dict.fromkeys(asked))
    there = ground.types.get(PERSON.name)
    if not memberships or there is None or GROUPS.name not in there.ids:
        return memberships
    wanted = {key_of(each) for each in asked}
    groups = {int(one.id): key for key, one in found.objects["group"].items() if key in wanted}
    for row in gathered.people:
        person = found.objects["person"].get(key_of(row.id))
        values = person.values.get(there.ids[GROUPS.name], ()) if person is not None else ()
        for number in pointed(values) & groups.keys():
            memberships.add(groups[number], row.id, member=True)
    return memberships
