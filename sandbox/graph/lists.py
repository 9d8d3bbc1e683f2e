"""Lists of a collection, page by page: `$select`, `$top`, `$filter`, `$expand`, `$count`."""

from collections.abc import Callable, Iterator
from typing import Any

from sandbox.directory.table import Table
from sandbox.graph.access import require
from sandbox.graph.errors import GraphError, unsupported
from sandbox.graph.filters import Filter, Test, read_filter
from sandbox.graph.options import Ask, check_list, check_select, page_size, without_page
from sandbox.graph.projection import Projection
from sandbox.graph.relations import Relatives
from sandbox.graph.resources import Resource
from sandbox.graph.stage import Stage


def list_page(stage: Stage, resource: Resource, ask: Ask) -> dict[str, Any]:
    """One page of a collection. Raises GraphError."""
    names = check_select(ask, resource)
    require(ask, resource, names)
    check_list(ask, resource)
    if resource.kind == "managedDevice" and not stage.behaviour.intune_licensed:
        raise GraphError(400, "BadRequest", "Request not applicable to target tenant.")
    wanted = _filter(ask, resource)
    size = page_size(ask, resource, stage.behaviour)
    table = resource.rows(stage.directory)
    start = start_of(stage, ask)
    ids, rest = take_page(table.order, start, size, _matching(table, wanted))
    show = _shower(stage, resource, ask, table, names)
    page: dict[str, Any] = {"@odata.context": stage.context(resource.path, names)}
    if ask.counts and start == 0:
        page["@odata.count"] = sum(map(_matching(table, wanted), table.order))
    if rest is not None:
        page["@odata.nextLink"] = next_link(stage, ask, rest)
    page["value"] = [show(one) for one in ids]
    return page


def take_page(
    order: list[str], start: int, size: int, matching: Callable[[str], bool]
) -> tuple[list[str], int | None]:
    """The next ids from a place on, and the place of the page after; None at the end."""
    ids: list[str] = []
    for place, one in _from(order, start):
        if not matching(one):
            continue
        if len(ids) == size:
            return ids, place
        ids.append(one)
    return ids, None


def _from(order: list[str], start: int) -> Iterator[tuple[int, str]]:
    return ((place, order[place]) for place in range(start, len(order)))


def next_link(stage: Stage, ask: Ask, place: int) -> str:
    """The address of the page that starts at a place, with the same options."""
    kept = without_page(ask.query)
    token = stage.links.seal({"path": ask.path, "query": kept, "place": place})
    return stage.address(ask.path, f"{kept}&$skiptoken={token}" if kept else f"$skiptoken={token}")


def start_of(stage: Stage, ask: Ask) -> int:
    """Where the page starts. Raises GraphError if the token belongs to another query."""
    if "$skiptoken" not in ask.options:
        return 0
    sealed = stage.links.open(ask.options["$skiptoken"])
    if sealed.get("path") != ask.path or sealed.get("query") != without_page(ask.query):
        raise GraphError(400, "Directory_ExpiredPageToken", "The page token is of another query.")
    return int(sealed["place"])


def _filter(ask: Ask, resource: Resource) -> Filter | None:
    if "$filter" not in ask.options:
        return None
    wanted = read_filter(ask.options["$filter"], resource)
    if wanted.advanced and resource.in_directory and not (ask.eventual and ask.counts):
        raise unsupported("Unsupported or invalid query filter clause specified.")
    return wanted


def _matching(table: Table, wanted: Filter | None) -> Callable[[str], bool]:
    rows = table.rows
    if wanted is None:
        return lambda one: one in rows
    test: Test = wanted.test
    return lambda one: one in rows and test(lambda name: table.value(one, name))


def _shower(
    stage: Stage, resource: Resource, ask: Ask, table: Table, names: tuple[str, ...] | None
) -> Callable[[str], dict[str, Any]]:
    listed = Projection(table, names or resource.defaults(table)).listed
    if "$expand" not in ask.options:
        return listed
    relatives = Relatives(stage, ask)
    expand = relatives.manager_of if resource.relation == "manager" else relatives.owners_of
    return lambda one: {**listed(one), **expand(one)}
