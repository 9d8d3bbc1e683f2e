"""First steps: whose import is it, what types are there, and what does Assets hold already.

Reads only. What Assets lists is believed only if it is as many as Assets counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.imports.entries import Shape
from app.imports.ground import Ground, TypeGround, find_type, in_the_way, type_ground
from app.imports.kinds import BY_NAME, ENTRA_ID, KINDS, Kind, KindName, kinds_asked
from app.imports.known import KnownTable, held
from app.imports.listing import Listing, quoted
from app.imports.patience import RunEnds, Steps
from app.imports.ports import ImportLinks
from app.imports.work import Work
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
    source = yield from call("assets", lambda: work.assets.import_source(links.import_source_id))
    if source is None:
        raise RunEnds("import_source_missing")
    return (yield from look_around(work, links, source.schema_id))


def look_around(work: Work, links: ImportLinks, schema_id: str) -> Steps[Ground]:
    """The schema's types and attributes as they are now."""
    call = work.patience.call
    schema = yield from call("assets", lambda: work.assets.schema(schema_id))
    if schema is None:
        raise RunEnds("import_source_missing")
    there = yield from call("assets", lambda: work.assets.object_types(schema_id))
    types: dict[KindName, TypeGround] = {}
    for kind in KINDS:
        found = find_type(kind, there)
        if found is not None:
            attributes = yield from call("assets", lambda t=found: work.assets.attributes(t.id))  # type: ignore[misc]
            types[kind.name] = type_ground(kind, found, attributes)
    statuses = yield from call("assets", lambda: work.assets.status_types(schema_id))
    asked = kinds_asked(work.rules.objects)
    ground = Ground(
        links, schema_id, schema.name, asked, types, {each.name: each.id for each in statuses}
    )
    if in_the_way(ground):
        raise RunEnds("attribute_in_the_way", more=f"It is {', '.join(in_the_way(ground))}.")
    return ground


def learn(work: Work, ground: Ground) -> Steps[tuple[dict[KindName, KnownTable], dict[str, int]]]:
    """What Assets holds of each kind asked and of each kind these point to."""
    work.report.phase("reading_assets")
    targets = {each.target for kind in ground.asked for each in kind.references}
    tables: dict[KindName, KnownTable] = {}
    strangers: dict[str, int] = {}
    for kind in KINDS:
        if kind in ground.asked or kind.name in targets:
            table, unknown = yield from _learn_kind(work, ground, kind)
            tables[kind.name] = table
            if kind in ground.asked:
                strangers[kind.name] = unknown
    return tables, strangers


def of_type(there: TypeGround) -> str:
    return f"objectTypeId = {there.id}"


def identified(there: TypeGround) -> str:
    """The objects of a type that have an Entra id."""
    name = quoted(there.attributes[ENTRA_ID.name].name)
    return f"{of_type(there)} AND {name} IS NOT EMPTY"


def _learn_kind(work: Work, ground: Ground, kind: Kind) -> Steps[tuple[KnownTable, int]]:
    there = ground.types.get(kind.name)
    if there is None:
        return KnownTable(), 0
    call = work.patience.call
    everything = yield from call("assets", lambda: work.assets.count(of_type(there)))
    if ENTRA_ID.name not in there.attributes:
        return KnownTable(), everything
    name = quoted(there.attributes[ENTRA_ID.name].name)
    shards = [f"{of_type(there)} AND {name} STARTSWITH {quoted(digit)}" for digit in SHARDS]
    for queries in ([identified(there)], shards):
        total = yield from call("assets", lambda: work.assets.count(identified(there)))
        reader = _Reader(work, kind, there, total)
        for query in queries:
            yield from reader.read(f"{query} ORDER BY {name} ASC")
        if len(reader.table) + len(reader.twins) == total:
            return reader.table, max(0, everything - total)
    raise RunEnds("assets_incomplete")


class _Reader:
    """Pages of one type into a table. Pages may repeat objects; each counts once."""

    def __init__(self, work: Work, kind: Kind, there: TypeGround, total: int) -> None:
        self.table = KnownTable(total)
        self.twins: set[int] = set()  # objects with an Entra id that another object has, too
        self._work = work
        self._shape = Shape(BY_NAME[kind.name])
        self._ids = there.ids

    def read(self, query: str) -> Steps[None]:
        listing = Listing(self._work, query)
        while (page := (yield from listing.next())) is not None:
            self._keep(page)

    def _keep(self, page: Sequence[AssetObject]) -> None:
        for found in page:
            holding = self._shape.holding(found, self._ids)
            if holding is None:
                continue
            number = self.table.find(holding.key)
            if number is None:
                self.table.add(held(holding))
            elif self.table.row(number).object_id != holding.object_id:
                self.twins.add(holding.object_id)
        self._work.report.advance(len(page))
