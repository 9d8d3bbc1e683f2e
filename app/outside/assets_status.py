"""What the status of an Assets answer means: believe it, or which error of the tree it is.

Never reads a body into an error's text: Assets repeats what was sent, people included.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from app.errors import (
    NotAllowed,
    NotThere,
    ServiceFailed,
    ServiceTimedOut,
    ServiceUnreachable,
    SlowDown,
)
from app.outside.http import Answer
from app.words import Clock

# A dead API token can get 200 with empty answers; only this header tells (facts, 1.1).
REFUSED_LOGINS: Final = frozenset({"AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED"})
# NC: which headers a 429 of Assets carries today (facts, 1.10). Used when it names no time.
UNSAID_WAIT_SECONDS: Final = 5.0
# So that a nonsense number never overflows a date; no one waits as long anyway.
LONGEST_WAIT_SECONDS: Final = 366 * 86_400.0
EPOCH_FROM: Final = 1_000_000_000.0  # a smaller X-RateLimit-Reset is seconds from now


def check_status(answer: Answer, clock: Clock) -> None:
    """Return for an answer that can be believed; raise the error of the tree otherwise."""
    login = (answer.header("X-Seraph-LoginReason") or "").upper()
    if answer.status == 401 or any(reason in login for reason in REFUSED_LOGINS):
        raise ServiceFailed("Assets refused the saved API token.")
    if 200 <= answer.status < 300:
        return
    if answer.status == 429:
        raise SlowDown("Assets asks for patience.", retry_after=seconds_to_wait(answer, clock))
    if answer.status == 403:
        raise NotAllowed("The saved Assets account is not allowed to do this.")
    if answer.status == 404:
        raise NotThere
    raise _failure(answer, clock)


def _failure(answer: Answer, clock: Clock) -> ServiceFailed:
    if answer.status == 400:
        return ServiceFailed("Assets refused the request: something it names is not there.")
    if answer.status == 503:
        return ServiceUnreachable(
            "Assets is not available.", retry_after=seconds_to_wait(answer, clock)
        )
    if answer.status == 504:
        return ServiceTimedOut("Assets took too long.")
    return ServiceFailed("Assets failed.")


def seconds_to_wait(answer: Answer, clock: Clock) -> float:
    """Seconds from now: Retry-After (seconds, fraction or date), else X-RateLimit-Reset."""
    for name in ("Retry-After", "X-RateLimit-Reset"):
        said = answer.header(name)
        waits = None if said is None else _read_wait(said.strip(), clock(), name)
        if waits is not None:
            return min(max(0.0, waits), LONGEST_WAIT_SECONDS)
    return UNSAID_WAIT_SECONDS


def _read_wait(said: str, now: datetime, header: str) -> float | None:
    if said.replace(".", "", 1).isascii() and said.replace(".", "", 1).isdigit():
        number = float(said)
        from_now = header == "Retry-After" or number < EPOCH_FROM
        return number if from_now else number - now.timestamp()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(said)
        except ValueError:
            continue
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return (aware - now).total_seconds()
    return None
