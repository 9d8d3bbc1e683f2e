"""The scheduler's door: a tick of EventBridge each minute starts what is due."""

from __future__ import annotations

from app.imports.desk.schedule import share_of
from app.wiring.clock import utc_now
from app.words import Json
from lambdas.entrance import house


def handler(_event: object, _context: object) -> Json:
    """One tick, and a share of all instances. None is repeated: the next one comes in a minute."""
    now = utc_now()
    return {"started": house().scheduler.tick(now, share_of(now))}
