"""Forge as it calls the app: the invocation token, and the tokens beside it."""

from __future__ import annotations

from typing import Any

import jwt

from tests.doors.conftest import World
from tests.stand_ins.atlassian import AT

USER = "user-token-of-"


def system_token(name: str = "first", exp: int = AT + 4 * 3600) -> str:
    """An opaque token of which only `exp` can be read, as Forge's are."""
    return jwt.encode({"exp": exp, "name": name}, "of-forge-" * 5, algorithm="HS256")


def headers(fit: str, *, system: str | None = None, user: str | None = None) -> dict[str, str]:
    made = {"Authorization": f"Bearer {fit}"}
    if system is not None:
        made["x-forge-oauth-system"] = system
    if user is not None:
        made["x-forge-oauth-user"] = USER + user
    return made


def ask(
    world: World,
    path: str,
    method: str = "GET",
    *,
    account: str | None = "admin-1",
    user: str | None = None,
    system: str | None = None,
    claims: dict[str, Any] | None = None,
    **more: Any,
) -> Any:
    """A page's call through the bridge. `user`: whose user token comes along; "" for none."""
    whose = account if user is None else user or None
    fit = world.forge_keys.token(**{"principal": account} | (claims or {}))
    sent = headers(fit, system=system, user=whose) | more.pop("headers", {})
    return world.client.open(path, method=method, headers=sent, **more)


def event(
    world: World,
    path: str,
    body: Any = None,
    *,
    system: str | None = None,
    claims: dict[str, Any] | None = None,
) -> Any:
    """A trigger's or schedule's call: nobody in session."""
    fit = world.forge_keys.event(**claims or {})
    return world.client.post(path, json=body, headers=headers(fit, system=system))


def function(world: World, name: str, body: Any = None, **claims: Any) -> Any:
    """A call of the import type's functions."""
    sent = headers(world.forge_keys.function(**{"principal": None} | claims))
    body = {"importId": "7", "workspaceId": "w", "schemaId": "3"} if body is None else body
    return world.client.post(f"/forge/import/{name}", json=body, headers=sent)
