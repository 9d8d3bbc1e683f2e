"""Which path is which question. Anything that is not here is a 501 that names it."""

from typing import Any
from urllib.parse import unquote

from sandbox.graph.delta import delta_page
from sandbox.graph.errors import not_played
from sandbox.graph.lists import list_page
from sandbox.graph.options import Ask
from sandbox.graph.related_pages import members_page, owners_page
from sandbox.graph.resources import COLLECTIONS
from sandbox.graph.stage import Stage

_LISTS = {one.path: one for one in COLLECTIONS}
_DELTAS = {f"{one.path}/delta": one for one in COLLECTIONS if one.has_delta}


def play(stage: Stage, ask: Ask) -> dict[str, Any]:
    """The answer to a question. Raises GraphError."""
    path = unquote(ask.path).removesuffix("()")
    if path in _LISTS:
        return list_page(stage, _LISTS[path], ask)
    if path in _DELTAS:
        return delta_page(stage, _DELTAS[path], ask)
    match path.split("/"):
        case ["devices", device, "registeredOwners"]:
            return owners_page(stage, device, ask)
        case ["groups", group, "transitiveMembers"]:
            return members_page(stage, group, "", ask)
        case ["groups", group, "transitiveMembers", cast]:
            return members_page(stage, group, cast, ask)
    raise not_played(f"GET /v1.0/{path}")
