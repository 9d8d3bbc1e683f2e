"""Finishes the samples of a preview and has them sealed in the customer's own Jira.

Reads in Assets what the sampled objects hold, to name what would change. Writes nothing there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import structlog

from app.errors import AppError
from app.imports.assets.finding import objects_by_number
from app.imports.kinds.entries import Reading, Shape, key_of
from app.imports.kinds.shown import pointed
from app.imports.kinds.table import BY_NAME, KindName
from app.imports.planning.known import FILTERED, LEFT, Row, set_digest
from app.imports.planning.leavers import Leaving
from app.imports.planning.samples import MOST_OF_A_SORT, Sample, packed
from app.imports.planning.targets import find_target, many_of
from app.imports.planning.watching import Watch, label
from app.imports.run.ground import TypeGround
from app.imports.run.patience import Steps
from app.imports.run.work import Scene, Work
from app.inventory import AssetObject

_DEEDS: Final = ("kept", "marked", "deleted")
_log = structlog.get_logger()


def keep_samples(work: Work, scene: Scene, leavings: Mapping[KindName, Leaving]) -> Steps[None]:
    """Raises RunEnds. Samples that cannot be sealed do not spoil the preview."""
    watch = scene.plan.watch
    for kind in leavings:
        there = scene.ground.types.get(kind)
        if there is not None:
            yield from _updates(work, scene, watch, kind, there)
            yield from _leavers(work, scene, watch, kind, there, leavings[kind])
    _count_filter(work, scene, watch)
    work.report.write()
    told_at = datetime.fromisoformat(work.report.record["updated_at"])
    try:
        content = packed(watch.samples, work.run_id, told_at)
        work.connections.samples(work.instance).write(content)
    except AppError as fault:
        _log.warning("preview samples not kept", error=type(fault).__name__)


def _count_filter(work: Work, scene: Scene, watch: Watch) -> None:
    """How many people the filter lets in and leaves out."""
    if any(kind.name == "person" for kind in scene.ground.asked):
        inside = scene.plan.tables["person"].seen()
        outside = watch.samples.totals["person", "skipped"]
        work.report.record["filter"] = {"let_in": inside, "left_out": outside}


def _updates(
    work: Work, scene: Scene, watch: Watch, kind: KindName, there: TypeGround
) -> Steps[None]:
    waiting = watch.updates.get(kind, [])
    numbers = {reading.key: _row(scene, shape, reading).object_id for shape, reading in waiting}
    found = yield from _objects(work, there, list(numbers.values()))
    for shape, reading in waiting:
        held = found.get(numbers[reading.key])
        changes, clears = _differences(scene, shape, reading, held, there) if held else ((), ())
        sample = Sample(reading.entra_id, label(shape, reading.values), "changed", changes, clears)
        watch.samples.take(kind, "update", sample)


def _row(scene: Scene, shape: Shape, reading: Reading) -> Row:
    table = scene.plan.tables[shape.kind.name]
    number = table.find(reading.key)
    if number is None:
        raise LookupError("a planned update of a row that is not there")
    return table.row(number)


def _objects(
    work: Work, there: TypeGround, numbers: Sequence[int]
) -> Steps[dict[int, AssetObject]]:
    known = [number for number in numbers if number]
    found = (yield from objects_by_number(work, there, known)) if known else []
    return {int(each.id): each for each in found}


def _differences(
    scene: Scene, shape: Shape, reading: Reading, held: AssetObject, there: TypeGround
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the attributes that would change, and of those that would be emptied."""
    ids, plain = there.ids, shape.values(held, there.ids)
    pairs = [
        (shape.kind.plain[place].name, plain[place], reading.values[place])
        for place in shape.compared
    ]
    for reference, name in zip(shape.named, reading.names, strict=True):
        values = held.values.get(ids.get(reference.name, ""), ())
        text = values[0].text if values else ""
        same = text.casefold() == name.casefold()
        pairs.append((reference.name, text, text if same else name))
    pairs += _pointers(scene, shape, reading, held, ids)
    changes = tuple(name for name, old, new in pairs if old != new)
    clears = tuple(name for name, old, new in pairs if old and not new)
    return changes, clears


def _pointers(
    scene: Scene, shape: Shape, reading: Reading, held: AssetObject, ids: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """References as name, old and new; what they point to stands as text that only compares."""
    pairs = []
    tables = scene.plan.tables
    if shape.single is not None:
        old = pointed(held.values.get(ids.get(shape.single.name, ""), ()))
        wanted = find_target(tables, shape, key_of(reading.target)) if reading.target else None
        # Whoever is made in this run has no number yet.
        new = str(wanted.object_id or "new") if wanted else ""
        pairs.append((shape.single.name, str(min(old)) if old else "", new))
    groups = scene.memberships.groups_of(reading.key) if shape.many else None
    if shape.many is not None and groups is not None:
        old = pointed(held.values.get(ids.get(shape.many.name, ""), ()))
        now, then = set_digest(old), many_of(tables, shape, groups)
        pairs.append(
            (shape.many.name, now.hex() if any(now) else "", then.hex() if any(then) else "")
        )
    return pairs


def _leavers(
    work: Work, scene: Scene, watch: Watch, kind: KindName, there: TypeGround, leaving: Leaving
) -> Steps[None]:
    watch.samples.totals[kind, "leavers"] += leaving.count
    marked, deleted = set(leaving.mark), set(leaving.delete)
    rows = [
        row
        for row in (scene.plan.absent(kind) if leaving.count else ())
        if row.object_id in deleted or row.object_id in marked or not row.flags & LEFT
    ][:MOST_OF_A_SORT]
    found = yield from _objects(work, there, [row.object_id for row in rows])
    shape = scene.ground.shape(BY_NAME[kind])
    for row in rows:
        held = found.get(row.object_id)
        if held is None:
            continue
        deed = _DEEDS[2 if row.object_id in deleted else row.object_id in marked]
        code = f"{'filtered' if row.flags & FILTERED else 'gone'}_{deed}"
        values = shape.values(held, there.ids)
        watch.samples.take(kind, "leavers", Sample(values[0], label(shape, values), code))
