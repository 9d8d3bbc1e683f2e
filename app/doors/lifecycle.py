"""Install and uninstall through Connect. Signed by Atlassian, bound to the token's issuer."""

from __future__ import annotations

import structlog
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.callers.connect import ConnectCaller
from app.doors.guards import lifecycle_token
from app.doors.services import services
from app.errors import TooLarge
from app.instances.events import MAX_BODY_BYTES, EventKind, SiteRules, read_event

door = Blueprint("lifecycle", __name__, url_prefix="/connect")
_log = structlog.get_logger()


@door.post("/installed", strict_slashes=False)
@lifecycle_token
def installed(caller: ConnectCaller) -> ResponseReturnValue:
    return _apply(caller, "installed")


@door.post("/uninstalled", strict_slashes=False)
@lifecycle_token
def uninstalled(caller: ConnectCaller) -> ResponseReturnValue:
    return _apply(caller, "uninstalled")


def _apply(caller: ConnectCaller, kind: EventKind) -> ResponseReturnValue:
    known = services()
    body = request.get_data()
    if len(body) > MAX_BODY_BYTES:
        raise TooLarge("The body is larger than a lifecycle event can be.")
    event = read_event(
        body,
        kind,
        issuer=caller.client_key,
        issued_at=caller.issued_at,
        app_key=known.settings.app_key,
        sites=SiteRules(known.settings.site_hosts, known.settings.is_sandbox),
    )
    instance_id = known.lifecycle.id_of(event.client_key)
    structlog.contextvars.bind_contextvars(instance_id=instance_id, door="connect")
    made = known.lifecycle.apply(event)
    known.connect.forget(event.client_key)
    _log.info("lifecycle", kind=kind, made=made, site=event.base_url or None)
    return "", 204
