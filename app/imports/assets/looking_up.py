"""What Assets holds of single objects, by their Entra ids, and who points to them.

Believed only if it is as many as Assets counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from app.imports.assets.finding import IN_VALUES
from app.imports.assets.listing import Listing, quoted
from app.imports.assets.survey import identified, of_type
from app.imports.kinds.entries import key_of
from app.imports.kinds.table import STATUS, Kind
from app.imports.kinds.turns import LEFT
from app.imports.run.ground import TypeGround
from app.imports.run.patience import RunEnds, Steps
from app.imports.run.work import Work
from app.inventory import AssetObject

LOOKS: Final = 2

Objects = dict[bytes, AssetObject]


def look_up(work: Work, there: TypeGround | None, entra_ids: Iterable[str]) -> Steps[Objects]:
    """The objects of a type with these Entra ids, by key; of twins the first. Raises RunEnds."""
    found: Objects = {}
    if there is None or not there.identifies:
        return found
    held = there.identity
    for values in _portions(map(quoted, dict.fromkeys(entra_ids))):
        query = f"{of_type(there)} AND {quoted(held.name)} IN ({values})"
        for each in (yield from _counted(work, query, f"{quoted(held.name)} ASC")):
            if each.values.get(held.id):
                found.setdefault(key_of(each.values[held.id][0].text), each)
    return found


def pointing_to(
    work: Work, there: TypeGround | None, attribute: str, targets: Iterable[AssetObject]
) -> Steps[list[str]]:
    """The Entra ids of the objects of a type whose reference points to one of these."""
    found: list[str] = []
    if there is None or not there.identifies or attribute not in there.attributes:
        return found
    name, held = quoted(there.attributes[attribute].name), there.identity
    for values in _portions(quoted(each.key) for each in targets):
        query = f"{identified(there)} AND {name}.Key IN ({values})"
        objects = yield from _counted(work, query, f"{quoted(held.name)} ASC")
        found += [one.values[held.id][0].text for one in objects if one.values.get(held.id)]
    return found


def known_of(work: Work, kind: Kind, there: TypeGround | None) -> Steps[tuple[int, int]]:
    """How many objects Assets knows of a kind, and how many of them are not `Left`."""
    if there is None or not there.identifies:
        return 0, 0
    call = work.patience.call
    known = yield from call("assets", lambda: work.assets.count(identified(there)))
    if not kind.leaves or STATUS.name not in there.attributes:
        return known, known
    status = f"{quoted(there.attributes[STATUS.name].name)} = {quoted(LEFT)}"
    query = f"{identified(there)} AND {status}"
    left = yield from call("assets", lambda: work.assets.count(query))
    return known, max(0, known - left)


def _portions(values: Iterable[str]) -> Iterator[str]:
    waiting = list(values)
    for start in range(0, len(waiting), IN_VALUES):
        yield ", ".join(waiting[start : start + IN_VALUES])


def _counted(work: Work, query: str, order: str) -> Steps[list[AssetObject]]:
    """Every object of a query, each once. Raises RunEnds if it is not as many as counted."""
    for _ in range(LOOKS):
        found: dict[str, AssetObject] = {}
        listing = Listing(work, f"{query} ORDER BY {order}")
        while (page := (yield from listing.next())) is not None:
            found.update({each.id: each for each in page})
        total = yield from work.patience.call("assets", lambda: work.assets.count(query))
        if len(found) == total:
            return list(found.values())
    raise RunEnds("assets_incomplete")
