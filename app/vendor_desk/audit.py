"""The audit: one line of the log for each look, with who, what and why. Written before the look.

If it cannot be written the request fails: nothing is shown that no line tells of.
"""

from __future__ import annotations

import structlog

from app.vendor_desk.cases import Case
from app.vendor_desk.roles import Look
from app.vendor_desk.sessions import Session
from app.words import InstanceId, StaffId

_log = structlog.get_logger()


def looked(session: Session, case: Case, look: Look, instance_id: InstanceId | None) -> None:
    """Somebody is about to see this; `instance_id` None: of many."""
    _log.info(
        "desk_look",
        staff_id=session.staff,
        kind=look,
        reason=case.reason,
        instance_id=instance_id,
    )


def refused(session: Session, look: Look, cause: str) -> None:
    """Somebody signed in asked for what they may not see."""
    _log.warning("desk_refused", staff_id=session.staff, kind=look, cause=cause)


def signed_in(staff: StaffId, roles: frozenset[str]) -> None:
    """Somebody came in."""
    _log.info("desk_signed_in", staff_id=staff, kind=" ".join(sorted(roles)))


def turned_away(cause: str, staff: StaffId | None = None) -> None:
    """A sign-in failed. Only the log says why."""
    _log.warning("desk_turned_away", cause=cause, staff_id=staff)


def said(session: Session, case: Case) -> None:
    """Somebody said what they are here for."""
    _log.info("desk_case", staff_id=session.staff, reason=case.reason)


def signed_out(session: Session) -> None:
    """Somebody left."""
    _log.info("desk_signed_out", staff_id=session.staff)


def ended_by_provider(staff: StaffId | None, count: int) -> None:
    """The provider took sessions away: a device was lost, an account was closed."""
    _log.warning("desk_sessions_ended", staff_id=staff, count=count)
