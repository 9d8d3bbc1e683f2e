"""`my-assets vendor cleanup`: erases what is due, and tells it as JSON."""

from __future__ import annotations

import json
import sys
from datetime import datetime

from app.settings import Settings
from app.wiring.clock import utc_now
from app.wiring.goodbye import folder, make_cleanup


def cleanup(settings: Settings, receipts: str, now: datetime | None, *, dry: bool) -> int:
    """0: everything that was due is done. 1: something was left, which the summary names."""
    summary = make_cleanup(settings, folder(receipts)).run(now or utc_now(), dry=dry)
    print(json.dumps(summary.shown()))  # noqa: T201 - the result
    for each in summary.left:
        print(f"Left as it was: {each['about']} ({each['reason']}).", file=sys.stderr)  # noqa: T201
    return 1 if summary.left else 0
