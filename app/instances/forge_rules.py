"""The rule of the Forge door: what a verified call does to the reference of its site. Pure."""

from __future__ import annotations

from typing import Literal

from app.callers.forge import ForgeCaller
from app.errors import Refused
from app.instances.lifecycle import Decision
from app.instances.lives import last_event_of
from app.instances.reference import InstanceReference

# Any call, an install or upgrade event, or a preUninstall.
Reason = Literal["call", "arrival", "leaving"]


def decide(reference: InstanceReference | None, caller: ForgeCaller, reason: Reason) -> Decision:
    """What a verified call does to the reference of its site. Raises Refused: it came too late.

    Only what is newer than the last event begins a life, and in one second a leaving wins.
    """
    if reference is None:
        return "nothing" if reason == "leaving" else "create"
    newer = caller.issued_at > last_event_of(reference)
    standing = caller.installation_id == reference.installation_id
    if reason == "leaving":
        return _leaving(reference, caller) if standing else "nothing"
    if standing and reference.is_alive:
        return "renew" if reference.state == "silent" else "nothing"
    if newer:
        return "start over"
    if reason == "arrival":
        return "nothing"
    raise Refused("installation gone")


def _leaving(reference: InstanceReference, caller: ForgeCaller) -> Decision:
    last_at = last_event_of(reference)
    if reference.is_alive:
        return "uninstall" if caller.issued_at >= last_at else "nothing"
    return "note" if caller.issued_at > last_at else "nothing"


def stands(reference: InstanceReference, caller: ForgeCaller) -> bool:
    """Whether the call needs no change: its installation is the one that is installed."""
    return reference.state == "installed" and reference.installation_id == caller.installation_id
