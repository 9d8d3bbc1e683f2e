"""The cleanup's door: each hour it erases what is due after an uninstall, with a receipt each."""

from __future__ import annotations

import structlog

from app.wiring.clock import utc_now
from app.wiring.goodbye import bucket, make_cleanup
from app.words import Json
from lambdas.entrance import settings


def handler(_event: object, _context: object) -> Json:
    """One cleanup; safe to be ended anywhere and to repeat. What was left is told, never hidden."""
    found = settings()
    log = structlog.get_logger()
    summary = make_cleanup(found, bucket(found)).run(utc_now(), dry=False)
    for each in summary.left:
        log.error("cleanup left something", reason=each["reason"])
    log.info("cleanup", count=len(summary.erased), state="left" if summary.left else "done")
    return summary.shown()
