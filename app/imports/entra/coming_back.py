"""Who comes back or into the filter in a delta run, and who falls out of it.

Whoever points to somebody who comes back was not told: then everything has to be read.
"""

from __future__ import annotations

import msgspec

from app.imports.entra.completing import read_whole
from app.imports.entra.gathering import Gathered
from app.imports.entra.narrowing import Scope, read_scope
from app.imports.entra.people import lets_in
from app.imports.entra.told import MOST
from app.imports.kinds.entries import key_of
from app.imports.kinds.records import PersonRow
from app.imports.kinds.selects import select_of
from app.imports.planning.known import FILTERED, LEFT, SEEN, KnownTable
from app.imports.run.feed import FedDirectory
from app.imports.run.patience import Steps
from app.imports.run.ways import ReadsAll
from app.imports.run.work import Work


def check_scope(
    work: Work, directory: FedDirectory, gathered: Gathered, table: KnownTable
) -> Steps[Scope]:
    """The filter's groups as they are now. `table` holds all people then; who is out is marked.

    Raises ReadsAll, RunEnds.
    """
    scope = yield from read_scope(work, directory, lambda each: not _is_here(table, each))
    if work.rules.filter.groups:
        _mark_outsiders(gathered, table, scope)
    rows = {row.id: row for row in gathered.people}
    unread = set(scope.newcomers) - rows.keys()
    if len(unread) > MOST:
        raise ReadsAll("many")
    select = select_of("person", work.rules)
    found = yield from read_whole(work, directory.feed, "person", unread, select)
    came = [msgspec.convert(dict(each), PersonRow) for each in found.values()]
    for row in [*rows.values(), *came]:
        if lets_in(work.rules.filter, row, scope) and _comes_back(gathered, table, row.id):
            raise ReadsAll("came_back")
    return scope


def _is_here(table: KnownTable, entra_id: str) -> bool:
    number = table.find(key_of(entra_id))
    return number is not None and not table.row(number).flags & LEFT


def _comes_back(gathered: Gathered, table: KnownTable, entra_id: str) -> bool:
    if _is_here(table, entra_id):
        return False
    known = table.find(key_of(entra_id)) is not None
    return known or entra_id not in gathered.new


def _mark_outsiders(gathered: Gathered, table: KnownTable, scope: Scope) -> None:
    """Who is known and not in the groups any more is out of the filter, unless gone altogether."""
    gone = {key_of(each) for each in gathered.removed("person")}
    for number in range(len(table)):
        row = table.row(number)
        if not row.flags & LEFT and row.key not in gone and not scope.holds_key(row.key):
            row.flags = (row.flags | FILTERED) & ~SEEN
            table.put(number, row)
