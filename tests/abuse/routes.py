"""Every route of the app, as its own table names them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.callers.query_hash import query_hash
from app.doors.route_table import PUBLIC_ENDPOINTS
from tests.abuse.house import House
from tests.stand_ins.atlassian import context_token, lifecycle_token, page_token


@dataclass(frozen=True)
class Route:
    """One method of one address; placeholders are filled."""

    method: str
    path: str
    endpoint: str

    @property
    def kind(self) -> str:
        """The kind of token it takes, by the contract's addresses."""
        if self.endpoint in PUBLIC_ENDPOINTS:
            return "public"
        if self.path.startswith("/connect/"):
            return "lifecycle"
        if self.path.startswith("/forge/"):
            return "forge"
        return "context" if self.path.startswith("/api/") else "page"


def routes(house: House) -> Iterator[Route]:
    for rule in house.app.url_map.iter_rules():
        for method in sorted(rule.methods or ()):
            filled = "consent" if "settings" in rule.rule else "x"
            yield Route(method, re.sub(r"<[^>]+>", filled, rule.rule), rule.endpoint)


def guarded(house: House, *kinds: str) -> list[Route]:
    """The routes that take a token, of these kinds or of all."""
    return [
        each
        for each in routes(house)
        if each.kind != "public" and (not kinds or each.kind in kinds)
    ]


def good_authorization(house: House, route: Route, **claims: str) -> str:
    """The whole header with which this address is called by those who may."""
    signer = house.forge.signer
    if route.kind != "forge":
        return f"JWT {good_token(route, **claims)}"
    return f"Bearer {signer.function() if '/import/' in route.path else signer.event()}"


def good_token(route: Route, kind: str | None = None, **claims: str) -> str:
    """A token of a kind, good for an administrator at this address."""
    match kind or route.kind:
        case "lifecycle":
            return lifecycle_token(route.path, **claims)
        case "page":
            bound = {"qsh": query_hash(route.method, route.path, "")}
            return page_token(route.path, **{"sub": "admin-1"} | bound | claims)
        case _:
            return context_token(**{"sub": "admin-1"} | claims)
