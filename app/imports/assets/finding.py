"""Objects of Assets found again by what identifies them: what an import made has no id known here.

Assets may take a moment until a query finds what an execution has just made: who must be there is
looked for again, and a run that does not find them has not written everything, and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from app.imports.assets.listing import Listing, quoted
from app.imports.assets.survey import identified, of_type
from app.imports.kinds.entries import key_of
from app.imports.kinds.table import KindName
from app.imports.run.ground import TypeGround
from app.imports.run.patience import RunEnds, Steps
from app.imports.run.work import Scene, Work
from app.inventory import AssetObject

IN_VALUES: Final = 100  # values of one IN (contract)
SHOWN_AFTER: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0)  # looks for what was just made


def objects_by_id(
    work: Work,
    there: TypeGround,
    entra_ids: Iterable[str],
    must: Callable[[str], bool],
) -> Steps[dict[bytes, AssetObject]]:
    """The objects of a type with these Entra ids, or names where these identify, by key.

    `must` says who has to be there by now. Raises RunEnds where such a one does not show.
    """
    wanted: list[str] = list(dict.fromkeys(entra_ids))
    found: dict[bytes, AssetObject] = {}
    for pause in (*SHOWN_AFTER, 0.0):
        yield from _look_for(work, there, wanted, found)
        wanted = [each for each in wanted if key_of(each) not in found and must(each)]
        if not wanted:
            return found
        yield work.patience.wait(pause)
    raise RunEnds("assets_late")


def has_come(scene: Scene, kind: KindName) -> Callable[[str], bool]:
    """Whether this run has seen somebody, so that Assets has to hold them after an execution."""
    return lambda entra_id: kind in scene.plan.tables and scene.plan.seen(kind, entra_id)


def _look_for(
    work: Work, there: TypeGround, wanted: Sequence[str], found: dict[bytes, AssetObject]
) -> Steps[None]:
    name, held = quoted(there.identity.name), there.identity.id
    for start in range(0, len(wanted), IN_VALUES):
        values = ", ".join(map(quoted, wanted[start : start + IN_VALUES]))
        query = f"{of_type(there)} AND {name} IN ({values}) ORDER BY {name} ASC"
        for each in (yield from _all(work, query)):
            if each.values.get(held):
                found[key_of(each.values[held][0].text)] = each


def all_shown(work: Work, scene: Scene, there: TypeGround) -> Steps[None]:
    """Wait until Assets counts every person this run has seen. Raises RunEnds if it never does."""
    seen = scene.plan.tables["person"].seen()
    for pause in (*SHOWN_AFTER, 0.0):
        counted = yield from work.patience.call(
            "assets", lambda: work.assets.count(identified(there))
        )
        if counted >= seen:
            return
        yield work.patience.wait(pause)
    raise RunEnds("assets_late")


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
