"""Checks an answer before it is believed: its status becomes an error of ours, its JSON a shape.

Never puts anything of the answer's body into an error: bodies name people and may echo tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from app.errors import (
    CredentialRefused,
    NotAllowed,
    NotThere,
    RequestRefused,
    ServiceFailed,
    ServiceUnreachable,
    SlowDown,
)
from app.outside.http import Answer
from app.said import Sentence

ASKED_TO_WAIT: Final = Sentence("service.asked_to_wait", "{service} asked to wait.")
CANNOT_BE_REACHED: Final = Sentence("service.unreachable", "{service} cannot be reached.")
NOT_ACCEPTED: Final = Sentence("service.not_accepted", "{service} did not accept the credentials.")
NOT_ALLOWED: Final = Sentence(
    "service.not_allowed", "{service} does not allow this to the account in use."
)
NOT_KNOWN: Final = Sentence("service.not_known", "{service} does not know what was asked for.")
REFUSED: Final = Sentence("service.refused", "{service} refused a request.")
UNKNOWN_SHAPE: Final = Sentence(
    "service.unknown_shape", "A service answered in a shape that is not known."
)
FIELD_LEFT_OUT: Final = Sentence(
    "service.field_left_out", "A service left out a field that its answer must have."
)

# Jira answers 200 with nothing where anonymous reading is allowed; only this header tells
# (changelog of a public Jira client, see the settings' probe).
LOGIN_REASON_HEADER: Final = "x-seraph-loginreason"
LAST_SECOND: Final = 253_402_300_799  # of the year 9999
LOGIN_REFUSED: Final = ("AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED")


def accepted(answer: Answer, service: Sentence) -> Answer:
    """The answer if its status is 2xx. `service` is its name, as the error's sentence begins.

    Raises CredentialRefused (401, or a login that failed behind a 200), NotAllowed (403),
    NotThere (404), SlowDown (429), ServiceUnreachable (5xx), RequestRefused (anything else).
    """
    if answer.status == 429:
        raise SlowDown(ASKED_TO_WAIT(service=service()), retry_after=seconds_to_wait(answer))
    if answer.status >= 500:
        # A 503 may say how long, too (facts, 1.11).
        raise ServiceUnreachable(
            CANNOT_BE_REACHED(service=service()), retry_after=seconds_to_wait(answer)
        )
    if answer.status == 401 or login_failed(answer):
        raise CredentialRefused(NOT_ACCEPTED(service=service()))
    if answer.status == 403:
        raise NotAllowed(NOT_ALLOWED(service=service()))
    if answer.status == 404:
        raise NotThere(NOT_KNOWN(service=service()))
    if not 200 <= answer.status < 300:
        raise RequestRefused(REFUSED(service=service()))
    return answer


def login_failed(answer: Answer) -> bool:
    """Whether Jira says that it took the caller for nobody although it answers."""
    reason = (answer.header(LOGIN_REASON_HEADER) or "").upper()
    return any(word in reason for word in LOGIN_REFUSED)


def mapping(value: object) -> Mapping[str, object]:
    """The value as a JSON object. Raises ServiceFailed."""
    if not isinstance(value, dict):
        raise ServiceFailed(UNKNOWN_SHAPE())
    return value


def items(value: object) -> list[Mapping[str, object]]:
    """The value as a list of JSON objects. Raises ServiceFailed."""
    if not isinstance(value, list):
        raise ServiceFailed(UNKNOWN_SHAPE())
    return [mapping(item) for item in value]


def text(record: Mapping[str, object], name: str) -> str:
    """A field that must be there: text, or a whole number as text. Raises ServiceFailed."""
    value = record.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value:
        raise ServiceFailed(FIELD_LEFT_OUT())
    return value


def text_or_none(record: Mapping[str, object], name: str) -> str | None:
    """A field that may be absent, null or empty."""
    value = record.get(name)
    return value if isinstance(value, str) and value else None


def flag(value: object) -> bool | None:
    """A boolean that some services write as text (`"false"`); None where it is neither."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return None


def seconds_to_wait(answer: Answer) -> float | None:
    """How long the service asks us to wait: `Retry-After` (seconds, fractions too, or a date).

    `X-RateLimit-Reset` (a time) stands in where it is missing. A time counts from the answer's
    own `Date`, so that a wrong clock of ours does not matter. None: the service does not say.
    """
    asked = answer.header("retry-after")
    seconds = _number(asked)
    if seconds is not None:
        return seconds
    target = _moment(asked or answer.header("x-ratelimit-reset"))
    start = _moment(answer.header("date"))
    if target is None or start is None:
        return None
    return max(0.0, (target - start).total_seconds())


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


def _moment(value: str | None) -> datetime | None:
    seconds = _number(value)
    if seconds is not None and seconds < LAST_SECOND:
        return datetime.fromtimestamp(seconds, UTC)
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(value or "")
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
