"""Who may read what: the bearer token first, then the permission that the resource needs."""

from collections.abc import Mapping
from datetime import datetime

from sandbox.entra import BadToken, SigningKey, roles_of
from sandbox.graph.errors import GraphError, denied
from sandbox.graph.options import Ask
from sandbox.graph.properties import USER_BASIC
from sandbox.graph.resources import BASIC_ROLE, USER_ROLES, Resource


def caller_roles(
    headers: Mapping[str, str], key: SigningKey, audience: str, now: datetime
) -> frozenset[str]:
    """The permissions of a good token. Raises GraphError 401 for any other."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise _unauthenticated("Access token is empty.")
    try:
        return frozenset(roles_of(key.checked(token, audience, now)))
    except BadToken as bad:
        raise _unauthenticated(str(bad)) from None


def _unauthenticated(message: str) -> GraphError:
    return GraphError(401, "InvalidAuthenticationToken", message, {"WWW-Authenticate": "Bearer"})


def require(ask: Ask, resource: Resource, names: tuple[str, ...] | None) -> None:
    """Refuse a caller without a permission for the resource. Raises GraphError 403."""
    if ask.roles & resource.roles:
        return
    basic = resource.table == "users" and BASIC_ROLE in ask.roles and "$expand" not in ask.options
    if basic and names is not None and USER_BASIC.issuperset(names):
        return
    raise denied()


def may_see_people(ask: Ask) -> bool:
    """Whether related people show more than their type and id."""
    return bool(ask.roles & USER_ROLES)
