"""First steps: whose import is it, what types are there, and what does Assets hold already.

Reads only, but for what an earlier leg left open. What Assets lists is believed only if it is as
many as Assets counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.imports.assets.adopting import fitted, in_the_way, types_above
from app.imports.assets.left_open import end_what_was_left
from app.imports.assets.listing import Listing, quoted
from app.imports.kinds.entries import Shape
from app.imports.kinds.names import Names
from app.imports.kinds.table import KINDS, Kind, KindName, kinds_asked
from app.imports.kinds.turns import as_known_status
from app.imports.planning.known import KnownTable, held
from app.imports.run.additions import IN_THE_WAY
from app.imports.run.ground import (
    Ground,
    TypeGround,
    find_type,
    still_mapped,
    type_ground,
)
from app.imports.run.patience import RunEnds, Steps
from app.imports.run.ports import ImportLinks
from app.imports.run.work import Work
from app.inventory import AssetObject

# Entra ids are hexadecimal: sixteen smaller questions, where the big one came back incomplete.
SHARDS: Final = "0123456789abcdef"


def survey(work: Work) -> Steps[Ground]:
    """The import's links, checked to be of this site, and the types that are there."""
    work.report.phase("checking")
    call = work.patience.call
    links = yield from call(work.import_way, work.executions.links)
    workspace = yield from call("assets", lambda: work.connections.workspace_id(work.instance))
    if links.workspace_id != workspace:
        raise RunEnds("other_workspace")
    status = yield from call(work.import_way, lambda: work.executions.config_status(links))
    if status.status == "DISABLED":
        raise RunEnds("import_disabled")
    yield from end_what_was_left(work, status)
    source = yield from call("assets", lambda: work.assets.import_source(links.import_source_id))
    if source is None:
        raise RunEnds("import_source_missing")
    return (yield from look_around(work, links, source.schema_id, source.mapped))


def look_around(
    work: Work, links: ImportLinks, schema_id: str, mapped: frozenset[str] | None
) -> Steps[Ground]:
    """The schema's types and attributes as they are now; `mapped` as in Ground."""
    call = work.patience.call
    schema = yield from call("assets", lambda: work.assets.schema(schema_id))
    if schema is None:
        raise RunEnds("import_source_missing")
    there = yield from call("assets", lambda: work.assets.object_types(schema_id))
    if mapped and mapped.isdisjoint(each.id for each in there):
        raise RunEnds("assets_incomplete")  # as a visitor sees it: all would be made anew
    types: dict[KindName, TypeGround] = {}
    for kind in KINDS:
        found = find_type(kind, there)
        if found is not None:
            attributes = yield from call("assets", lambda t=found: work.assets.attributes(t.id))  # type: ignore[misc]
            above = types_above(found, there)
            types[kind.name] = type_ground(kind, found, attributes, above)
    statuses = yield from call("assets", lambda: work.assets.status_types(schema_id))
    asked = kinds_asked(work.rules.objects)
    ground = Ground(
        links, schema_id, schema.name, asked, types,
        {as_known_status(each.name): each.id for each in statuses},
        managed=work.rules.objects.managed_devices,
        mapped=mapped,
        kept=still_mapped(asked, types, mapped) if work.whole else (),
        fitted={kind.name: fitted(kind, types.get(kind.name)) for kind in asked},
    )  # fmt: skip
    if in_the_way(ground):
        raise RunEnds("attribute_in_the_way", more=IN_THE_WAY(attributes=tuple(in_the_way(ground))))
    return ground


@dataclass(frozen=True)
class Learned:
    """What Assets holds of each kind asked and of each kind these point to.

    `strangers` counts the objects of a kind that no entry will name; `names` has the spelling of
    what only has a name.
    """

    tables: dict[KindName, KnownTable] = field(default_factory=dict)
    strangers: dict[KindName, int] = field(default_factory=dict)
    names: dict[KindName, Names] = field(default_factory=dict)

    def name_of(self, kind: KindName, object_id: int) -> bytes | None:
        names = self.names.get(kind)
        return names.key(object_id) if names else None


def learn(work: Work, ground: Ground) -> Steps[Learned]:
    """Raises RunEnds."""
    work.report.phase("reading_assets")
    pointing = [each for kind in ground.asked for each in kind.references]
    targets = {each.target for each in pointing if ground.reachable(each)}
    learned = Learned()
    for kind in KINDS:
        if kind in ground.asked or kind.name in targets:
            table, unknown = yield from learn_kind(work, ground, kind, learned)
            learned.tables[kind.name] = table
            if kind in ground.asked:
                learned.strangers[kind.name] = unknown
    return learned


def of_type(there: TypeGround) -> str:
    return f"objectTypeId = {there.id}"


def identified(there: TypeGround) -> str:
    """The objects of a type that have an Entra id, or a name where that identifies."""
    return f"{of_type(there)} AND {quoted(there.identity.name)} IS NOT EMPTY"


def learn_kind(
    work: Work, ground: Ground, kind: Kind, learned: Learned
) -> Steps[tuple[KnownTable, int]]:
    """The table of a kind, and how many objects no entry will name. Raises RunEnds."""
    if kind.identity.label:
        learned.names[kind.name] = Names()
    there = ground.types.get(kind.name)
    if there is None:
        return KnownTable(), 0
    call = work.patience.call
    everything = yield from call("assets", lambda: work.assets.count(of_type(there)))
    if not there.identifies:
        return KnownTable(), everything
    name = quoted(there.identity.name)
    shards = [f"{of_type(there)} AND {name} STARTSWITH {quoted(digit)}" for digit in SHARDS]
    if kind.identity.label:
        shards = [identified(there)]  # a name may begin with anything
    for queries in ([identified(there)], shards):
        total = yield from call("assets", lambda: work.assets.count(identified(there)))
        reader = _Reader(work, ground.shape(kind), there.ids, learned, total)
        one = len(queries) == 1
        for query in queries:
            yield from reader.read(f"{query} ORDER BY {name} ASC", total if one else 0)
        if len(reader.table) + len(reader.twins) == total:
            # Of twins an entry names one: where absent objects go, the others are in danger.
            return reader.table, max(0, everything - total) + len(reader.twins)
    raise RunEnds("assets_incomplete")


class _Reader:
    """Pages of one type into a table. Pages may repeat objects; each counts once."""

    def __init__(
        self, work: Work, shape: Shape, ids: Mapping[str, str], learned: Learned, total: int
    ) -> None:
        self.table = KnownTable(total)
        self.twins: set[int] = set()  # objects with an identity that another object has, too
        self._work = work
        self._shape = shape
        self._ids = ids
        self._learned = learned
        self._names = learned.names.get(shape.kind.name)

    def read(self, query: str, total: int) -> Steps[None]:
        """`total` as in Listing."""
        listing = Listing(self._work, query, total)
        while (page := (yield from listing.next())) is not None:
            self._keep(page)

    def _keep(self, page: Sequence[AssetObject]) -> None:
        for found in page:
            holding = self._shape.holding(found, self._ids, self._learned.name_of)
            if holding is None:
                continue
            if self._names is not None:
                self._names.held(holding.object_id, self._shape.values(found, self._ids)[0])
            number = self.table.find(holding.key)
            if number is None:
                self.table.add(held(holding))
            elif self.table.row(number).object_id != holding.object_id:
                self.twins.add(holding.object_id)
        self._work.report.advance(len(page))
