"""What an event's body says happened. The body is not signed: it picks the event, nothing else.

Which site it is about, and since when, comes from the invocation token alone.
"""

from __future__ import annotations

import json
from typing import Any, Final, Literal

from app.errors import Malformed
from app.words import Json

LifecycleKind = Literal["installed", "upgraded", "leaving"]

# Of `installed` and `upgraded` Atlassian documents the event type; a preUninstall has none, but
# the key of its module (facts 4.8: what an endpoint is sent for it is not documented).
_EVENT_TYPES: Final[dict[str, LifecycleKind]] = {
    "avi:forge:installed:app": "installed",
    "avi:forge:upgraded:app": "upgraded",
    "avi:forge:uninstalled:app": "leaving",
    "preuninstall": "leaving",
}
# The one other module of manifest.yml that calls the lifecycle address; it never says goodbye.
TRIGGER_KEY: Final = "installed-or-upgraded"


def lifecycle_kind(body: bytes) -> LifecycleKind:
    """Told apart by `eventType`, or by `context.moduleKey`. Raises Malformed."""
    event = _payload(_object(body))
    named = event.get("eventType")
    if isinstance(named, str):
        kind = _EVENT_TYPES.get(named.lower())
        if kind is not None:
            return kind
    context = event.get("context")
    module = context.get("moduleKey") if isinstance(context, dict) else None
    if named is None and isinstance(module, str) and module not in ("", TRIGGER_KEY):
        return "leaving"
    raise Malformed("This event is not known.")


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
