"""How a part is shown to an administrator: everything but its secret, of which the mark."""

from __future__ import annotations

from app.site_settings.parts import Part
from app.site_settings.stored import StoredPart
from app.words import Json

NOT_SET: Json = {"set": False}
UNREADABLE: Json = {"set": True, "readable": False}


def state_of(part: Part, stored: StoredPart | None) -> Json:
    """The part's state as the contract shows it."""
    if stored is None:
        return dict(NOT_SET)
    state: Json = {"set": True, **stored.rules}
    if part.secret is None:
        state["changed_at"] = stored.changed_at
    elif stored.secret:
        shown: Json = {"set": True, "changed_at": stored.secret.changed_at}
        if part.secret.has_hint:
            shown["hint"] = stored.secret.hint
        state[part.secret.name] = shown
    return state
