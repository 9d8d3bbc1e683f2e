"""What each record of Entra ID goes through: compared with the plan, and sent if that says so."""

from __future__ import annotations

from app.imports.assets.sending import Sender
from app.imports.kinds.entries import Reading, Shape
from app.imports.kinds.table import KindName
from app.imports.planning.plan import Plan
from app.imports.run.patience import Steps
from app.imports.run.work import Scene, Work


class Intake:
    """Of one read. `sender` is None for a preview."""

    def __init__(self, work: Work, scene: Scene, sender: Sender | None) -> None:
        self.work = work
        self.scene = scene
        self._sender = sender
        self._shapes = {kind.name: scene.ground.shape(kind) for kind in scene.ground.asked}

    @property
    def plan(self) -> Plan:
        return self.scene.plan

    def asks(self, kind: KindName) -> bool:
        return kind in self._shapes

    def shape(self, kind: KindName) -> Shape:
        """How a kind that is asked for is compared."""
        return self._shapes[kind]

    def compare(
        self, shape: Shape, reading: Reading, groups: frozenset[bytes] | None = None
    ) -> Steps[None]:
        reading = self.plan.restricted.spared(self.plan.tables, shape, reading)
        changed = self.plan.see(shape, reading, groups)
        if changed and shape.points_by_hand(reading):
            self.scene.by_hand.append((shape, reading))
        if changed or (changed is not None and self.work.whole):
            yield from self.send(shape, reading, changed=changed)

    def send(self, shape: Shape, reading: Reading, *, changed: bool) -> Steps[None]:
        if self._sender is not None:
            yield from self._sender.add(shape.kind, shape.entry(reading), changed=changed)

    def keep_link(self, kind: KindName, link: str | None) -> None:
        """Remember where the next run may take up."""
        if link is not None:
            self.scene.links[kind] = link

    def tell(self, rows: int) -> None:
        self.work.report.counts(self.plan.counts)
        self.work.report.advance(rows)
