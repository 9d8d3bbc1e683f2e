"""What an import cannot do, written object by object after it: empty values, memberships, leavers.

The brake has judged all of it before. An object that is gone by now is no failure.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from app.errors import NotThere
from app.imports.assets.corrections import correct_late, fill_memberships, point_by_hand
from app.imports.kinds.table import BY_NAME, LEFT_ON, STATUS, KindName, label_bit
from app.imports.kinds.turns import LEFT
from app.imports.planning.leavers import Leaving
from app.imports.planning.losses import Loss, places_of
from app.imports.planning.plan import Plan
from app.imports.run.ground import Ground
from app.imports.run.patience import Steps
from app.imports.run.work import Scene, Work

OWNERS_FIRST: Final[Mapping[KindName, int]] = {"device": 0, "person": 1}


def writes_wanted(scene: Scene, leavings: Mapping[KindName, Leaving]) -> int:
    """How many objects are written here, memberships left out."""
    leaving = sum(len(each.mark) + len(each.delete) for each in leavings.values())
    cleared = sum(1 for _ in clearings(scene.plan))
    return cleared + len(scene.plan.late) + len(scene.by_hand) + leaving


def clearings(plan: Plan) -> Iterator[tuple[KindName, Loss]]:
    """What has to be emptied object by object; what came again is written whole anyway."""
    for kind in plan.tables:
        kept = ~label_bit(BY_NAME[kind])
        for number, loss in plan.losses.all(kind).items():
            if (loss.target or loss.places & kept) and (kind, number) not in plan.late:
                yield kind, loss


def write_objects(work: Work, scene: Scene, leavings: Mapping[KindName, Leaving]) -> Steps[None]:
    """Clear, correct, fill, mark, delete, in this order. Raises RunEnds."""
    work.report.phase("writing", writes_wanted(scene, leavings))
    # An owner above all: a device must not stay with somebody who gave it back.
    for name, loss in sorted(
        clearings(scene.plan), key=lambda each: (not each[1].target, OWNERS_FIRST.get(each[0], 2))
    ):
        values: dict[str, list[str]] = {each: [] for each in _emptied(scene.ground, name, loss)}
        yield from _update(work, scene.ground, name, loss.object_id, values)
    yield from point_by_hand(work, scene)
    yield from correct_late(work, scene)
    if scene.plan.memberships_changed:
        yield from fill_memberships(work, scene)
    for kind, leaving in leavings.items():
        yield from _mark(work, scene.ground, kind, leaving.mark)
        for object_id in leaving.delete:
            yield from _delete(work, object_id)


def _emptied(ground: Ground, name: KindName, loss: Loss) -> Iterator[str]:
    kind, held = BY_NAME[name], ground.types[name].ids
    for place in places_of(loss.places & ~label_bit(kind)):
        if kind.parts[place].name in held:
            yield held[kind.parts[place].name]
    if loss.target:
        yield from (held[r.name] for r in kind.references if not r.many and not r.by_name)


def _mark(work: Work, ground: Ground, kind: KindName, leavers: array[int]) -> Steps[None]:
    if not leavers:
        return
    ids = ground.types[kind].ids
    values = {
        ids[STATUS.name]: [ground.status_ids[LEFT]],
        ids[LEFT_ON.name]: [work.today.isoformat()],
    }
    for object_id in leavers:
        yield from _update(work, ground, kind, object_id, values)


def _update(
    work: Work, ground: Ground, kind: KindName, object_id: int, values: Mapping[str, Sequence[str]]
) -> Steps[None]:
    type_id = ground.types[kind].id

    def update() -> None:
        try:
            work.assets.update(str(object_id), type_id, values)
        except NotThere:
            return

    if values:
        yield from work.patience.call("assets", update)
        work.report.advance()


def _delete(work: Work, object_id: int) -> Steps[None]:
    def delete() -> None:
        try:
            work.assets.delete(str(object_id))
        except NotThere:
            return

    yield from work.patience.call("assets", delete)
    work.report.advance()
