"""Sends again what Entra no longer has, where an execution must hold the whole data set.

Otherwise Assets would remove or change what is merely absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from app.imports.assets.finding import IN_VALUES, objects_by_number
from app.imports.assets.listing import every_one, quoted
from app.imports.assets.sending import Sender
from app.imports.assets.survey import identified
from app.imports.kinds.entries import Shape
from app.imports.kinds.table import Kind
from app.imports.run.ground import TypeGround
from app.imports.run.patience import Steps
from app.imports.run.work import Scene, Work
from app.inventory import AssetObject


def resend_kept(work: Work, scene: Scene, sender: Sender) -> Steps[None]:
    """What was not read of the kinds asked, and everything of those off but still mapped."""
    for kind in (*scene.ground.asked, *scene.ground.kept):
        there = scene.ground.types.get(kind.name)
        if there is None or not there.identifies:
            continue
        if kind in scene.ground.asked:
            yield from _unseen(work, scene, sender, kind, there)
        else:
            yield from _everything(work, sender, kind, there)


def _unseen(work: Work, scene: Scene, sender: Sender, kind: Kind, there: TypeGround) -> Steps[None]:
    numbers = (row.object_id for row in scene.plan.tables[kind.name].unseen())
    while some := list(islice(numbers, IN_VALUES)):
        found = yield from objects_by_number(work, there, some)
        yield from _send(sender, kind, there, found)


def _everything(work: Work, sender: Sender, kind: Kind, there: TypeGround) -> Steps[None]:
    name = quoted(there.identity.name)
    listing = yield from every_one(work, identified(there), name)
    while (page := (yield from listing.next())) is not None:
        yield from _send(sender, kind, there, page)


def _send(
    sender: Sender, kind: Kind, there: TypeGround, found: Sequence[AssetObject]
) -> Steps[None]:
    shape = Shape(kind)
    for each in found:
        yield from sender.add(kind, shape.kept_entry(each, there.ids), changed=False)
