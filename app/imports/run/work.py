"""All that the steps of one leg share. Opened once a leg; nothing of it outlives the leg."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import date, datetime

from app.imports.kinds.entries import Reading, Shape
from app.imports.kinds.names import Names
from app.imports.kinds.table import KindName
from app.imports.planning.memberships import Memberships
from app.imports.planning.plan import Plan
from app.imports.run.connections import Connections
from app.imports.run.ground import Ground
from app.imports.run.patience import Patience
from app.imports.run.places import Where
from app.imports.run.ports import Assets, Executions
from app.imports.run.report import Report
from app.instances.reference import InstanceReference
from app.site_settings.documents import ImportRules


@dataclass(frozen=True)
class Work:
    """`released` is the harm an administrator let go on, `expected` the digest of a preview.

    `now` is when the leg began. `resumed`: an earlier leg of this run died. `own`: executions in
    Assets that were ours. `ahead` fetches the next page of Graph while this one is worked on; None:
    nothing runs beside.
    """

    instance: InstanceReference
    run_id: str
    leg: int
    mode: str
    rules: ImportRules
    assets: Assets
    executions: Executions
    connections: Connections
    patience: Patience
    report: Report
    now: datetime
    released: Mapping[str, int] = field(default_factory=dict)
    expected: str | None = None
    resumed: bool = False
    own: frozenset[str] = frozenset()
    ahead: Executor | None = None

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def import_way(self) -> Where:
        """Who speaks to the import in Assets: a container token, or the app for a named one."""
        return "import_source" if self.rules.import_source_id is not None else "container_token"

    @property
    def whole(self) -> bool:
        """Every execution has to hold the whole data set."""
        return self.rules.missing_objects != "ignore"


@dataclass
class Scene:
    """What the steps of one leg have found out so far.

    `strangers` counts objects that no entry names, by kind; `names` are spelled as in Assets.
    `links` is where the next run may take up. `changing` are the kinds of which only what changed
    is read; `counted` how many of each Assets knows that are not `Left`; `touched` the people.
    `by_hand` are records with a reference that is put, because an import might not find it.
    """

    ground: Ground
    plan: Plan
    strangers: Mapping[KindName, int]
    names: Mapping[KindName, Names] = field(default_factory=dict)
    memberships: Memberships = field(default_factory=lambda: Memberships(()))
    links: dict[KindName, str] = field(default_factory=dict, repr=False)
    changing: frozenset[KindName] = frozenset()
    counted: Mapping[KindName, int] = field(default_factory=dict)
    touched: Sequence[str] = ()
    by_hand: list[tuple[Shape, Reading]] = field(default_factory=list, repr=False)

    def known(self, kind: KindName) -> int:
        """How many objects Assets knows that are not `Left`: what the brake measures against."""
        return self.counted[kind] if kind in self.counted else self.plan.known(kind)
