"""`Idempotency-Key` on writes: the first answer again instead of a second effect."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request

from app.doors.guards import Caller
from app.doors.services import services
from app.doors.wire import wire_request
from app.errors import OutcomeUnknown
from app.instances.claims import Asked
from app.words import Json

Body = tuple[Json | None, int]
View = Callable[..., Body]


def once(again: Callable[..., Json | None], *, made_id: str = "id") -> Callable[[View], View]:
    """A write that gives (JSON or None, status). `again` gives what it answered, by the made id.

    `made_id` is the field of the answer that holds it. Stands below the guards. Without the header
    it does nothing. A write that fails leaves no claim: it may be tried again under the same key.
    One whose outcome nobody knows keeps its claim for the time of a write under way.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def claimed(caller: Caller, **parts: str) -> Body:
            key = request.headers.get("Idempotency-Key")
            return (
                view(caller, **parts)
                if key is None
                else _claimed(view, again, caller, key, parts, made_id)
            )

        return claimed

    return decorate


def _claimed(
    view: View,
    again: Callable[..., Json | None],
    caller: Caller,
    key: str,
    parts: dict[str, str],
    made_id: str,
) -> Body:
    desk = services().claims
    claim, new = desk.first(_asked(caller, key), services().living.digest_key(caller.instance))
    if not new:
        return again(caller, claim.answer_id, **parts), claim.status or 200
    try:
        body, status = view(caller, **parts)
    except OutcomeUnknown:
        raise
    except BaseException:
        desk.drop(claim)
        raise
    made: Any = body.get(made_id, "") if body else ""
    desk.finish(claim, status, str(made))
    return body, status


def _asked(caller: Caller, key: str) -> Asked:
    wire = wire_request()
    return Asked(
        caller.instance, caller.account_id, key, wire.method, wire.raw_path, request.get_data()
    )
