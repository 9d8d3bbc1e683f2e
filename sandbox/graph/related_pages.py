"""The relations that have an address of their own: owners of a device, members of a group."""

from collections.abc import Sequence
from typing import Any

from sandbox.graph.access import require
from sandbox.graph.errors import bad_request, not_found, not_played, unsupported
from sandbox.graph.lists import next_link, start_of, take_page
from sandbox.graph.options import Ask, page_size
from sandbox.graph.relations import Relatives
from sandbox.graph.resources import BY_KIND, DEVICES, GROUPS, Resource
from sandbox.graph.stage import Stage

_CASTS = {f"microsoft.graph.{kind}": kind for kind in BY_KIND}


def owners_page(stage: Stage, device: str, ask: Ask) -> dict[str, Any]:
    """`devices/{id}/registeredOwners`. Raises GraphError."""
    require(ask, DEVICES, None)
    if device not in stage.directory.devices:
        raise not_found(device)
    return _page(stage, ask, DEVICES, stage.directory.owners_of(device))


def members_page(stage: Stage, group: str, cast: str, ask: Ask) -> dict[str, Any]:
    """`groups/{id}/transitiveMembers`, cast to one kind or not. Raises GraphError.

    A cast is an advanced query: it needs ConsistencyLevel: eventual and $count=true.
    """
    require(ask, GROUPS, None)
    if cast and cast not in _CASTS:
        raise not_played(f"the cast {cast}")
    if cast and not (ask.eventual and ask.counts):
        raise unsupported("The OData cast needs ConsistencyLevel: eventual and $count=true.")
    if ask.counts and not ask.eventual:
        raise unsupported("$count is not currently supported.")
    if group not in stage.directory.groups:
        raise not_found(group)
    members = stage.directory.transitive_members(group)
    if cast:
        kept = BY_KIND[_CASTS[cast]].rows(stage.directory)
        members = [one for one in members if one in kept]
    return _page(stage, ask, GROUPS, members)


def _page(stage: Stage, ask: Ask, resource: Resource, found: Sequence[str]) -> dict[str, Any]:
    names = _names(ask)
    size, start = page_size(ask, resource, stage.behaviour), start_of(stage, ask)
    ids, rest = take_page(list(found), start, size, lambda _one: True)
    page: dict[str, Any] = {"@odata.context": stage.context("directoryObjects", names)}
    if ask.counts and start == 0:
        page["@odata.count"] = len(found)
    if rest is not None:
        page["@odata.nextLink"] = next_link(stage, ask, rest)
    relatives = Relatives(stage, ask, names)
    page["value"] = [relatives.show(_kind(stage, one), one) for one in ids]
    return page


def _kind(stage: Stage, object_id: str) -> str:
    table = stage.directory.table_of(object_id)
    return table.kind if table is not None else "user"


def _names(ask: Ask) -> tuple[str, ...] | None:
    for option in ("$expand", "$filter", "$orderby", "$search"):
        if option in ask.options:
            raise not_played(f"{option} on {ask.path}")
    names = ask.names
    for name in names or ():
        if not any(name in one.properties for one in BY_KIND.values()):
            text = f"Could not find a property named '{name}' on type 'microsoft.graph"
            raise bad_request(f"{text}.directoryObject'.", "BadRequest")
    return ("id", *(n for n in names if n != "id")) if names is not None else None
