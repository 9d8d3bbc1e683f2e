"""Whether what a run would create fits into the objects that the site may hold.

Assets tells how many there are and never how many there may be. A number that an administrator
named is kept to; without one, only a preview speaks of those that every site has.
"""

from __future__ import annotations

from typing import Final

import structlog

from app.errors import AppError
from app.imports.run.additions import ARE_ALLOWED, WOULD_BE_ADDED
from app.imports.run.work import Work

# With Premium and Enterprise; more can be bought (Atlassian support, Assets usage limits).
INCLUDED: Final = 50_000
_log = structlog.get_logger()


def does_not_fit(work: Work, creates: int) -> tuple[str, str] | None:
    """A code of app.imports.run.reasons and what to add to it; None: it fits, or nobody can say.

    Raises RunEnds and the like where the run may not go on.
    """
    allowed = work.rules.object_allowance
    if not creates or (allowed is None and work.mode != "preview"):
        return None
    held = _held(work)
    if held is None or held + creates <= (allowed or INCLUDED):
        return None
    if allowed is not None:
        return "too_many_objects", ARE_ALLOWED(held=held, added=creates, allowed=allowed)
    # Who holds more than that already has bought more.
    return (
        ("beyond_included", WOULD_BE_ADDED(held=held, added=creates)) if held <= INCLUDED else None
    )


def _held(work: Work) -> int | None:
    """A count that does not come stops no run: Assets itself does not take too many."""
    work.patience.check()
    try:
        return work.assets.usage().total
    except AppError as fault:
        _log.info("usage not read", error=type(fault).__name__)
        return None
