"""What is kept, in a form for machines: the infrastructure, the sweeper and the trust page.

The declarations themselves stand in `app.kept`, below everything that writes.
"""

from __future__ import annotations

from app.kept import (
    AFTER_UNINSTALL,
    CLAIMS,
    DEAD_LETTERS,
    EXPIRY_ATTRIBUTE,
    KEPT,
    LOG_LINES,
    LOG_LINES_AT_MOST,
    MESSAGES,
    PREVIEW_SAMPLES,
    PURGE_WISHES,
    RUN_HISTORY,
    TOMBSTONES,
    KeptClass,
)
from app.words import Json

__all__ = [
    "AFTER_UNINSTALL", "CLAIMS", "DEAD_LETTERS", "EXPIRY_ATTRIBUTE", "KEPT", "LOG_LINES",
    "LOG_LINES_AT_MOST", "MESSAGES", "PREVIEW_SAMPLES", "PURGE_WISHES", "RUN_HISTORY",
    "TOMBSTONES", "KeptClass", "retention",
]  # fmt: skip


def retention() -> Json:
    """Every class by its name: `{"store", "owner", "ends_by", "longest_seconds"}`.

    `longest_seconds` is None where nothing of ours ends it; what infrastructure expires (logs,
    queues, the table's time to live) takes its times from here.
    """
    return {
        each.name: {
            "store": each.store,
            "owner": each.owner,
            "ends_by": each.ends_by,
            "longest_seconds": _seconds(each),
        }
        for each in KEPT
    }


def _seconds(each: KeptClass) -> int | None:
    return None if each.longest is None else int(each.longest.total_seconds())
