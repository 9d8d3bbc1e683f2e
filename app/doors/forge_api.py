"""`/forge/...`: what Forge itself sends. The instance comes from the token, never from the body.

Each answers within five seconds: whatever takes longer is queued.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import structlog
from flask import Blueprint, request

from app.doors.forge_calls import ForgeCall, enter
from app.doors.forge_events import import_named, lifecycle_kind
from app.doors.guards import forge_event, forge_import
from app.doors.licence import require_licence
from app.doors.services import services
from app.errors import Refused, TooLarge
from app.instances.reference import InstanceReference
from app.words import Json

Answer = tuple[Json | None, int]

door = Blueprint("forge", __name__, url_prefix="/forge")
MAX_BODY_BYTES: Final = 64 * 1024
_log = structlog.get_logger()


@door.post("/lifecycle")
@forge_event
def lifecycle(call: ForgeCall) -> Answer:
    kind = lifecycle_kind(_body(), call.signed.module_keys)
    forge = services().forge
    structlog.contextvars.bind_contextvars(instance_id=forge.id_of(call.signed), door="forge")
    if kind == "leaving":
        made = forge.leaving(call.signed)
    else:
        made = (forge.installed if kind == "installed" else forge.upgraded)(call.signed)
        with suppress(Refused):  # a late event of an installation that has left: nothing to keep
            enter(call)
    _log.info("lifecycle", kind=kind, made=made)
    return None, 204


@door.post("/tick")
@forge_event
def tick(call: ForgeCall) -> Answer:
    """The hourly call: brings a fresh system token and shows that the site is still there."""
    services().forge.seen(enter(call))
    return None, 204


@door.post("/import/start")
@forge_import
def import_start(call: ForgeCall, instance: InstanceReference) -> Answer:
    require_licence(instance, call.licensed)
    return services().import_type.start(instance, *import_named(_body())), 202


@door.post("/import/stop")
@forge_import
def import_stop(_call: ForgeCall, instance: InstanceReference) -> Answer:
    services().import_type.stop(instance, *import_named(_body()))
    return None, 204


@door.post("/import/status")
@forge_import
def import_status(_call: ForgeCall, instance: InstanceReference) -> Answer:
    return {"status": services().import_type.status(instance, *import_named(_body()))}, 200


@door.post("/import/deleted")
@forge_import
def import_deleted(_call: ForgeCall, instance: InstanceReference) -> Answer:
    services().import_type.deleted(instance, *import_named(_body()))
    return None, 204


def _body() -> bytes:
    body = request.get_data()
    if len(body) > MAX_BODY_BYTES:
        raise TooLarge("The body is larger than an event can be.")
    return body
