"""`my-assets vendor cleanup`: erases what is due, and tells it as JSON."""

from __future__ import annotations

import json
import sys
from datetime import datetime

from app.goodbye.cleanup import Summary
from app.settings import Settings
from app.wiring.clock import utc_now
from app.wiring.goodbye import folder, make_cleanup


def cleanup(settings: Settings, receipts: str, now: datetime | None, *, dry: bool) -> int:
    """0: everything that was due is done. 1: something was left, which the summary names."""
    summary = make_cleanup(settings, folder(receipts)).run(now or utc_now(), dry=dry)
    print(json.dumps(summary.shown()))  # noqa: T201 - the result
    for each in summary.left:
        print(_said(each["about"], each["reason"], summary), file=sys.stderr)  # noqa: T201
    return 1 if summary.left else 0


def _said(about: str, reason: str, summary: Summary) -> str:
    if about in summary.erased:
        return f"Erased, but its receipt is not written yet: {about} ({reason}). Run it again."
    return f"Left as it was: {about} ({reason})."
