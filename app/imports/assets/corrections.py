"""Objects put right by PUT: what Graph changed while it was read, and people's groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.errors import NotThere
from app.imports.assets.finding import IN_VALUES, all_shown, has_come, objects_by_id
from app.imports.assets.listing import every_one, quoted
from app.imports.assets.survey import identified
from app.imports.kinds.entries import Reading, Shape, key_of
from app.imports.kinds.shown import pointed
from app.imports.kinds.table import GROUP, GROUPS, PERSON, Reference
from app.imports.run.patience import Steps
from app.imports.run.work import Scene, Work
from app.inventory import AssetObject


def correct_late(work: Work, scene: Scene) -> Steps[None]:
    """What came a second time with other values: the last one is written whole."""
    for kind in scene.ground.asked:
        late = [each for each in scene.plan.late.values() if each[0].kind.name == kind.name]
        there = scene.ground.types.get(kind.name)
        if not late or there is None:
            continue
        ids = [reading.entra_id for _, reading in late]
        found = yield from objects_by_id(work, there, ids, has_come(scene, kind.name))
        for shape, reading in late:
            each = found.get(reading.key)
            if each is not None:
                values = yield from _whole(work, scene, shape, reading)
                yield from _put(work, each.id, there.id, values)


def _whole(
    work: Work, scene: Scene, shape: Shape, reading: Reading
) -> Steps[dict[str, Sequence[str]]]:
    ground = scene.ground
    ids = ground.types[shape.kind.name].ids
    values: dict[str, Sequence[str]] = {}
    for place in shape.compared:
        attribute, value = shape.kind.plain[place], reading.values[place]
        written = ground.status_ids[value] if attribute.form == "status" else value
        if not attribute.identity and attribute.name in ids:
            values[ids[attribute.name]] = [written] if written else []
    pointing = list(zip(shape.named, reading.names, strict=True))
    if shape.single is not None:
        pointing.append((shape.single, reading.target or ""))
    return values | (yield from _pointing(work, scene, ids, pointing))


def _pointing(
    work: Work, scene: Scene, ids: Mapping[str, str], pointing: Iterable[tuple[Reference, str]]
) -> Steps[dict[str, Sequence[str]]]:
    """The values of references, by attribute id: to what has this id or name, or to nothing."""
    values: dict[str, Sequence[str]] = {}
    for reference, wanted in pointing:
        there = scene.ground.types.get(reference.target)
        if there is not None and reference.name in ids:
            found = yield from objects_by_id(
                work, there, [wanted] if wanted else [], has_come(scene, reference.target)
            )
            values[ids[reference.name]] = [each.key for each in found.values()]
    return values


def point_by_hand(work: Work, scene: Scene) -> Steps[None]:
    """References to what has a name that an import's query might not find."""
    waiting = scene.by_hand
    for start in range(0, len(waiting), IN_VALUES):
        some = waiting[start : start + IN_VALUES]
        kind = some[0][0].kind.name
        there, ids = scene.ground.types[kind], [reading.entra_id for _, reading in some]
        found = yield from objects_by_id(work, there, ids, has_come(scene, kind))
        for shape, reading in some:
            each = found.get(reading.key)
            if each is not None:
                named = zip(shape.named, reading.names, strict=True)
                values = yield from _pointing(work, scene, there.ids, named)
                yield from _put(work, each.id, there.id, values)


def fill_memberships(work: Work, scene: Scene) -> Steps[None]:
    """Write the groups of each person read in this run whose groups are not as they should be."""
    memberships = work.rules.memberships
    groups = yield from objects_by_id(
        work, scene.ground.types[GROUP.name], memberships, has_come(scene, GROUP.name)
    )
    there = scene.ground.types[PERSON.name]
    shape = Shape(PERSON)
    if PERSON.name in scene.changing:
        touched = yield from objects_by_id(work, there, scene.touched, has_come(scene, PERSON.name))
        for person in touched.values():
            yield from _fill(work, scene, shape, person, groups)
        return
    yield from all_shown(work, scene, there)
    name = quoted(there.identity.name)
    listing = yield from every_one(work, identified(there), name)
    while (page := (yield from listing.next())) is not None:
        for person in page:
            yield from _fill(work, scene, shape, person, groups)


def _fill(
    work: Work, scene: Scene, shape: Shape, person: AssetObject, groups: Mapping[bytes, AssetObject]
) -> Steps[None]:
    there = scene.ground.types[PERSON.name]
    entra_id = shape.values(person, there.ids)[0]
    if not scene.plan.seen("person", entra_id):
        return
    asked = scene.memberships.groups_of(key_of(entra_id)) or frozenset()
    wanted = {groups[key].id: groups[key].key for key in asked if key in groups}
    attribute = there.ids[GROUPS.name]
    if pointed(person.values.get(attribute, ())) != frozenset(map(int, wanted)):
        yield from _put(work, person.id, there.id, {attribute: sorted(wanted.values())})


def _put(
    work: Work, object_id: str, type_id: str, values: Mapping[str, Sequence[str]]
) -> Steps[None]:
    def update() -> None:
        try:
            work.assets.update(object_id, type_id, values)
        except NotThere:
            return

    yield from work.patience.call("assets", update)
    work.report.advance()
