"""Guards: each route names the one kind of token it takes. There is no default and no fallback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

import structlog
from flask import g, request

from app.callers.connect import (
    ConnectCaller,
    HttpRequest,
    context_caller,
    lifecycle_caller,
    page_caller,
    page_signer,
)
from app.doors.forge_calls import ForgeCall, enter, forge_call
from app.doors.route_table import View, answered, marked
from app.doors.services import services
from app.doors.wire import wire_request
from app.errors import NotAllowed, Refused
from app.instances.administrators import ADMINISTRATORS_ONLY
from app.instances.reference import InstanceReference
from app.words import AccountId, Door, Secret


@dataclass(frozen=True)
class Caller:
    """A verified person at a verified instance.

    `user_token`: the person's own, on Forge only, for the one question whether they are an
    administrator. `licensed` None: the token does not say, the site has to be asked (Connect).
    """

    instance: InstanceReference
    account_id: AccountId
    door: Door
    user_token: Secret | None = None
    licensed: bool | None = None


def lifecycle_token(view: Callable[[ConnectCaller], Any]) -> View:
    """The route takes an install or uninstall token signed by Atlassian."""

    def guarded() -> Any:  # noqa: ANN401 - whatever the view returns
        known = services()
        base_url = known.settings.app_base_url
        caller = lifecycle_caller(
            wire_request(), known.install_keys, known.connect, base_url, known.clock()
        )
        return view(caller)

    return marked(view, guarded, "lifecycle")


def page_token(view: Callable[[Caller], Any]) -> View:
    """The route takes a page's token, bound to its address. The page may be framed by its site."""

    def guarded() -> Any:  # noqa: ANN401 - whatever the view returns
        known = services()
        wire = wire_request()
        try:
            signed, instance = page_caller(wire, known.connect, known.clock())
            caller = _person(signed, instance)
        except Refused:
            _show_refusal(wire)
            raise
        g.framed_by = instance.base_url
        return view(caller)

    return marked(view, guarded, "page")


def api_token(view: Callable[..., Any]) -> View:
    """The route takes an API call's token: `JWT` is Connect's, `Bearer` is Forge's.

    The scheme picks the door, never what stands in the token.
    """

    def guarded(**parts: str) -> Any:  # noqa: ANN401 - whatever the view returns
        scheme = (request.headers.get("Authorization") or "").partition(" ")[0]
        if scheme == "JWT":
            caller = _connect_person()
        elif scheme == "Bearer":
            caller = _forge_person()
        else:
            raise Refused("no token")
        return answered(view(caller, **parts))

    return marked(view, guarded, "api")


def forge_event(view: Callable[[ForgeCall], Any]) -> View:
    """The route takes the token of an event that Forge sends itself, with nobody in session.

    A token with a person or a page in it may have been in a browser, and a person could send it
    here: it is refused.
    """

    def guarded() -> Any:  # noqa: ANN401 - whatever the view returns
        call = forge_call()
        if call.signed.account_id is not None or call.signed.from_page:
            raise Refused("not an event's token")
        return answered(view(call))

    return marked(view, guarded, "forge event")


def forge_import(view: Callable[[ForgeCall, InstanceReference], Any]) -> View:
    """The route takes the token of the import type's functions.

    A page's token may have been in a browser: behind it must stand an administrator.
    """

    def guarded() -> Any:  # noqa: ANN401 - whatever the view returns
        call = forge_call()
        instance = enter(call)
        if call.signed.from_page:
            if call.signed.account_id is None:
                raise NotAllowed(ADMINISTRATORS_ONLY())
            administrators = services().administrators
            administrators.require(instance, call.signed.account_id, call.user_token)
        return answered(view(call, instance))

    return marked(view, guarded, "forge import")


def administrators_only(view: Callable[..., Any]) -> Callable[..., Any]:
    """Lets Jira administrators through. Stands below a token guard, which gives the caller."""

    @wraps(view)
    def checked(caller: Caller, **parts: str) -> Any:  # noqa: ANN401 - whatever the view returns
        known = services()
        known.administrators.require(caller.instance, caller.account_id, caller.user_token)
        # Administrators see what they saved a moment ago, in whatever process that was.
        return view(replace(caller, instance=known.living.as_it_is_now(caller.instance)), **parts)

    return checked


def _show_refusal(wire: HttpRequest) -> None:
    """A browser is shown a page that says what to do: one text, whatever the cause.

    Only the site whose secret signed the token may frame it, for instance when the token of a tab
    that slept is too old. For everybody else it stays `'none'`: a list of Atlassian's hosts would
    let any site frame it, and an address in the query would let anybody. Who asks for no HTML, as
    scripts and scanners, gets the same problem+json as on every other route.
    """
    if "text/html" not in request.headers.get("Accept", ""):
        return
    g.shown_in_browser = True
    known = services()
    signer = page_signer(wire, known.connect, known.clock())
    g.framed_by = signer.base_url if signer is not None else None


def _connect_person() -> Caller:
    known = services()
    return _person(*context_caller(wire_request(), known.connect, known.clock()))


def _forge_person() -> Caller:
    """Nobody in session is refused before anything is looked up: never silently as the app."""
    call = forge_call()
    if call.signed.account_id is None:
        raise Refused("nobody named")
    instance = enter(call)
    return Caller(instance, call.signed.account_id, "forge", call.user_token, call.licensed)


def _person(signed: ConnectCaller, instance: InstanceReference) -> Caller:
    """A token that names nobody is refused: nothing here is for everybody."""
    if signed.account_id is None:
        raise Refused("nobody named")
    structlog.contextvars.bind_contextvars(instance_id=instance.instance_id, door=instance.door)
    if instance.state == "silent":
        known = services()
        instance = known.lifecycle.heard_from(instance)
        known.connect.forget(instance.client_key or "")
    return Caller(instance, signed.account_id, instance.door)
