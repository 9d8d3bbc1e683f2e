"""A call that came through Forge: its verified token, its instance, and the tokens beside it.

The two `x-forge-oauth` headers are not covered by the invocation token. They are read of verified
calls only, and are never logged; the person's own is never kept.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog
from flask import request

from app.callers.forge import ForgeApp, ForgeCaller, forge_caller
from app.doors.services import services
from app.doors.wire import wire_request
from app.errors import Refused, ServiceUnreachable
from app.instances.reference import InstanceReference
from app.words import Secret

_SYSTEM: Final = "x-forge-oauth-system"
_USER: Final = "x-forge-oauth-user"
# Opaque: any visible sign. But no comma and no space: the same header sent twice is joined by them,
# and is then no token.
_TOKEN: Final = re.compile(r"[!-+\--~]{1,8192}")


@dataclass(frozen=True)
class ForgeCall:
    """A verified call. `licensed`: what the token says of the licence."""

    signed: ForgeCaller
    licensed: bool
    system_token: Secret | None
    user_token: Secret | None


def forge_call() -> ForgeCall:
    """The present request as a Forge call. Raises Refused, ServiceUnreachable (keys)."""
    known = services()
    app = known.forge_app
    if app is None:
        raise Refused("door shut")
    if wire_request().query_tokens:
        raise Refused("token in the query")
    authorization = request.headers.get("Authorization")
    signed = forge_caller(authorization, known.forge_keys, app, known.clock())
    return ForgeCall(signed, _licensed(signed, app), _token(_SYSTEM), _token(_USER))


def enter(call: ForgeCall) -> InstanceReference:
    """The call's living instance; a newer system token that came along is kept.

    Raises Refused, ServiceUnreachable.
    """
    instance = services().forge.instance(call.signed)
    structlog.contextvars.bind_contextvars(instance_id=instance.instance_id, door=instance.door)
    return keep_token(call, instance)


def keep_token(call: ForgeCall, instance: InstanceReference) -> InstanceReference:
    """Keep what the call brings: a system token newer than the stored one, and is one at all;
    else what it says of the licence, which scheduled runs go by."""
    tokens, token = services().site_tokens, call.system_token
    newest = not _may_be_a_persons(call.signed)
    if (
        token is not None
        and tokens.wants(instance, token, newest=newest)
        and (newest or _is_a_system_token(call, instance, token))
    ):
        return tokens.keep(instance, token, licensed=call.licensed, newest=newest)
    if call.signed.licensed is not None:
        with suppress(ServiceUnreachable):  # money, not safety: no call fails for it
            return tokens.told(instance, licensed=call.licensed)
    return instance


def _is_a_system_token(call: ForgeCall, instance: InstanceReference, token: Secret) -> bool:
    trial, who = services().token_trial, call.signed.account_id
    return trial.passes(instance, token, who, call.user_token)


def _may_be_a_persons(signed: ForgeCaller) -> bool:
    """An invocation token of a page can be had from the browser, and sent with any header."""
    return signed.account_id is not None or signed.from_page


def _licensed(signed: ForgeCaller, app: ForgeApp) -> bool:
    """Outside of production the claim is absent though nothing is wrong (facts 4.12)."""
    if signed.licensed is not None:
        return signed.licensed
    return app.environment != "PRODUCTION"


def _token(name: str) -> Secret | None:
    value = request.headers.get(name, "")
    return Secret(value) if _TOKEN.fullmatch(value) else None
