"""How a part is shown to an administrator: everything but its secret, of which the mark."""

from __future__ import annotations

from datetime import date

from app.site_settings.expiry import expiry_of
from app.site_settings.parts import Part
from app.site_settings.stored import StoredPart
from app.words import Json

NOT_SET: Json = {"set": False}
UNREADABLE: Json = {"set": True, "readable": False}


def state_of(part: Part, stored: StoredPart | None, today: date) -> Json:
    """The part's state as the contract shows it; of `entra` also when its secret expires."""
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
    if part.name == "entra" and (expiry := expiry_of(stored, today)) is not None:
        state["secret_expiry"] = expiry.shown()
    return state
