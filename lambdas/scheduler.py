"""The scheduler's door: a tick of EventBridge each minute starts what is due."""

from __future__ import annotations

from app.wiring.clock import utc_now
from app.words import Json
from lambdas.entrance import house


def handler(_event: object, _context: object) -> Json:
    """One tick. A tick that fails is not repeated: the next one comes within a minute."""
    return {"started": house().scheduler.tick(utc_now())}
