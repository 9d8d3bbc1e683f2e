"""Reads the `$…` options of a request and refuses those that Graph refuses, in Graph's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus

from sandbox.graph import properties
from sandbox.graph.behaviour import Behaviour
from sandbox.graph.errors import GraphError, bad_request, not_played, unsupported
from sandbox.graph.resources import Resource

_KNOWN = frozenset(
    {
        "$select", "$top", "$expand", "$filter", "$count", "$skiptoken", "$deltatoken", "$orderby",
        "$search", "$skip",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Ask:
    """One request for data: its options by lower-case name, headers likewise, the caller's roles.

    `query` is the query string as it came: a next link repeats it.
    """

    path: str
    query: str
    options: Mapping[str, str]
    headers: Mapping[str, str]
    roles: frozenset[str]

    @property
    def eventual(self) -> bool:
        """Whether the caller asked for the advanced query capabilities."""
        return self.headers.get("consistencylevel", "").lower() == "eventual"

    @property
    def counts(self) -> bool:
        """Whether `$count=true`."""
        return self.options.get("$count", "").lower() == "true"

    @property
    def names(self) -> tuple[str, ...] | None:
        """The names in `$select`, each once; None without `$select`."""
        if "$select" not in self.options:
            return None
        return tuple(dict.fromkeys(n.strip() for n in self.options["$select"].split(",")))


def read_options(query: str) -> dict[str, str]:
    """The options of a query string. Raises GraphError for a doubled or unknown one."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        key = name.lower() if name.startswith("$") else f"${name.lower()}"
        if key not in _KNOWN:
            raise bad_request(f"The query parameter '{name}' is not recognized.", "BadRequest")
        if key in found:
            text = f"Query option '{name}' was specified more than once, but it must be specified"
            raise bad_request(f"{text} at most once.", "BadRequest")
        found[key] = value
    return found


def without_page(query: str) -> str:
    """The query string without its place, for the next link."""
    parts = query.split("&") if query else []
    kept = [p for p in parts if unquote_plus(p).partition("=")[0].lower() != "$skiptoken"]
    return "&".join(kept)


def check_select(ask: Ask, resource: Resource, *, extra: str = "") -> tuple[str, ...] | None:
    """The selected names, `id` first. Raises GraphError for one that the type does not have."""
    names = ask.names
    if names is None:
        return None
    for name in names:
        if name not in resource.properties and name != (extra or "id"):
            message = (
                "Parsing OData Select and Expand failed: Could not find a property named "
                f"'{name}' on type 'microsoft.graph.{resource.kind}'."
            )
            raise bad_request(message, "BadRequest")
    if resource.kind == "user":
        _check_user_names(ask, names)
    return ("id", *(name for name in names if name != "id"))


def _check_user_names(ask: Ask, names: tuple[str, ...]) -> None:
    single = properties.USER_SINGLE_ONLY.intersection(names)
    if single:
        raise GraphError(501, "NotImplemented", f"Not implemented in a list: {sorted(single)}")
    if "signInActivity" in names and "AuditLog.Read.All" not in ask.roles:
        raise GraphError(
            403, "Authentication_MSGraphPermissionMissing", "Calling principal does not have "
            "required MSGraph permissions AuditLog.Read.All",
        )  # fmt: skip


def page_size(ask: Ask, resource: Resource, behaviour: Behaviour) -> int:
    """How many objects a page of a list may hold. Raises GraphError for a size out of range."""
    default = behaviour.list_page if resource.in_directory else behaviour.managed_page
    most = behaviour.largest_page if resource.in_directory else behaviour.managed_page
    top = ask.options.get("$top")
    if top is None:
        size = default
    elif not top.isdecimal() or not 1 <= int(top) <= most:
        message = f"Invalid page size specified: '{top}'. Must be between 1 and {most} inclusive."
        raise bad_request(message)
    else:
        size = int(top)
    return min(size, behaviour.expanded_page) if "$expand" in ask.options else size


def check_list(ask: Ask, resource: Resource) -> None:
    """Refuse what lists do not take."""
    if "$skip" in ask.options:
        raise bad_request("'$skip' is not supported by the service.")
    if "$deltatoken" in ask.options:
        raise bad_request("'$deltatoken' is for a delta query.")
    if "$search" in ask.options and not ask.eventual:
        text = "Request with $search query parameter only works through MSGraph with a special"
        raise bad_request(f"{text} request header: 'ConsistencyLevel: eventual'")
    for name in ("$orderby", "$search"):
        if name in ask.options:
            raise not_played(f"{name} on {resource.path}")
    if ask.counts and resource.in_directory and not ask.eventual:
        raise unsupported("$count is not currently supported.")
    expand = ask.options.get("$expand", "")
    if expand and expand != resource.relation:
        raise bad_request(f"The query specified in the URI is not valid: $expand={expand}.")


def check_delta(ask: Ask, resource: Resource) -> None:
    """Refuse what delta queries do not take."""
    for name in ("$top", "$expand", "$orderby", "$search", "$skip", "$count"):
        if name in ask.options:
            message = f"The following parameter is not supported with change tracking: '{name}'."
            raise unsupported(f"{message} ({resource.path})")
    in_token = "$skiptoken" in ask.options or bool(ask.options.get("$deltatoken", ""))
    if in_token and ask.options.get("$deltatoken") != "latest" and len(ask.options) > 1:
        raise bad_request("The query is encoded in the token and cannot be changed.")
