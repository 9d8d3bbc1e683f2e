"""What an event's body says happened. The body is not signed: it picks the event, nothing else.

What Forge sends with a preUninstall is not documented, and no other call ever says goodbye: where
the body tells nothing, the signed key of the module that called does.

Which site it is about, and since when, comes from the invocation token alone.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, Final, Literal

from app.errors import Malformed
from app.words import Json

LifecycleKind = Literal["installed", "upgraded", "leaving"]

# Of `installed` and `upgraded` Atlassian documents the event type; a preUninstall has none, but
# the key of its module (facts 4.8: what an endpoint is sent for it is not documented).
_EVENT_TYPES: Final[dict[str, LifecycleKind]] = {
    "avi:forge:installed:app": "installed",
    "avi:forge:upgraded:app": "upgraded",
}
_LEAVING: Final = "uninstall"  # in any event type: `preUninstall`, `avi:forge:uninstalled:app`
# The one other module of manifest.yml that calls the lifecycle address; it never says goodbye.
TRIGGER_KEY: Final = "installed-or-upgraded"
LEAVING_KEY: Final = "leaving"


def lifecycle_kind(body: bytes, signed_modules: Collection[str] = ()) -> LifecycleKind:
    """Told apart by `eventType`, or by `context.moduleKey`. Raises Malformed.

    `signed_modules`: the modules that the invocation token names.
    """
    goodbye = LEAVING_KEY in signed_modules
    event = _payload(_object(body if body or not goodbye else b"{}"))
    named, module = event.get("eventType"), _module_of(event)
    if isinstance(named, str):
        kind = _EVENT_TYPES.get(named.lower())
        if kind is None and _LEAVING in named.lower():
            kind = "leaving"
        if kind is not None:
            return kind
    if named is None and (goodbye if not module else module != TRIGGER_KEY):
        return "leaving"
    raise Malformed("This event is not known.")


def _module_of(event: Json) -> str:
    context = event.get("context")
    module = context.get("moduleKey") if isinstance(context, dict) else None
    return module if isinstance(module, str) else ""


def import_named(body: bytes) -> tuple[str, str]:
    """Import id and workspace id of a call of the import type. Raises Malformed."""
    fields = _payload(_object(body))
    return _id(fields, "importId"), _id(fields, "workspaceId")


def _id(fields: Json, name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 255:
        raise Malformed(f"{name} is missing or has a wrong shape.")
    return value


def _payload(fields: Json) -> Json:
    """The event may be wrapped (facts 4.6: both forms are documented)."""
    inner = fields.get("payload")
    return inner if isinstance(inner, dict) else fields


def _object(body: bytes) -> Json:
    try:
        value: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("The body is not JSON.") from None
    if not isinstance(value, dict):
        raise Malformed("The body must be a JSON object.")
    return value
