"""Objects put right by PUT: what Graph changed while it was read, and people's groups.

Objects are found again by their Entra id, because those the import made have no id known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from app.errors import NotThere
from app.imports.assets.listing import Listing, every_one, quoted
from app.imports.assets.survey import identified, of_type
from app.imports.kinds.entries import Reading, Shape, key_of
from app.imports.kinds.shown import pointed
from app.imports.kinds.table import GROUP, GROUPS, PERSON, Reference
from app.imports.run.ground import TypeGround
from app.imports.run.patience import Steps
from app.imports.run.work import Scene, Work
from app.inventory import AssetObject

IN_VALUES: Final = 100  # values of one IN (contract)


def objects_by_id(
    work: Work, there: TypeGround, entra_ids: Iterable[str]
) -> Steps[dict[bytes, AssetObject]]:
    """The objects of a type with these Entra ids, or names where these identify, by key."""
    identity = there.identity
    name, held = quoted(identity.name), identity.id
    wanted, found = list(dict.fromkeys(entra_ids)), {}
    for start in range(0, len(wanted), IN_VALUES):
        values = ", ".join(map(quoted, wanted[start : start + IN_VALUES]))
        query = f"{of_type(there)} AND {name} IN ({values}) ORDER BY {name} ASC"
        for each in (yield from _all(work, query)):
            if each.values.get(held):
                found[key_of(each.values[held][0].text)] = each
    return found


def objects_by_number(
    work: Work, there: TypeGround, object_ids: Sequence[int]
) -> Steps[list[AssetObject]]:
    """The objects with these ids, as long as they are at most `IN_VALUES`."""
    values = ", ".join(map(str, object_ids))
    return (yield from _all(work, f"{of_type(there)} AND objectId IN ({values})"))


def _all(work: Work, query: str) -> Steps[list[AssetObject]]:
    found: list[AssetObject] = []
    listing = Listing(work, query)
    while (page := (yield from listing.next())) is not None:
        found += page
    return found


def correct_late(work: Work, scene: Scene) -> Steps[None]:
    """What came a second time with other values: the last one is written whole."""
    for kind in scene.ground.asked:
        late = [each for each in scene.plan.late.values() if each[0].kind.name == kind.name]
        there = scene.ground.types.get(kind.name)
        if not late or there is None:
            continue
        found = yield from objects_by_id(work, there, [reading.entra_id for _, reading in late])
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
            found = yield from objects_by_id(work, there, [wanted] if wanted else [])
            values[ids[reference.name]] = [each.key for each in found.values()]
    return values


def point_by_hand(work: Work, scene: Scene) -> Steps[None]:
    """References to what has a name that an import's query might not find."""
    waiting = scene.by_hand
    for start in range(0, len(waiting), IN_VALUES):
        some = waiting[start : start + IN_VALUES]
        there = scene.ground.types[some[0][0].kind.name]
        found = yield from objects_by_id(work, there, [reading.entra_id for _, reading in some])
        for shape, reading in some:
            each = found.get(reading.key)
            if each is not None:
                named = zip(shape.named, reading.names, strict=True)
                values = yield from _pointing(work, scene, there.ids, named)
                yield from _put(work, each.id, there.id, values)


def fill_memberships(work: Work, scene: Scene) -> Steps[None]:
    """Write the groups of each person read in this run whose groups are not as they should be."""
    groups = yield from objects_by_id(
        work, scene.ground.types[GROUP.name], dict.fromkeys(work.rules.memberships)
    )
    there = scene.ground.types[PERSON.name]
    shape = Shape(PERSON)
    if PERSON.name in scene.changing:
        touched = yield from objects_by_id(work, there, scene.touched)
        for person in touched.values():
            yield from _fill(work, scene, shape, person, groups)
        return
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
