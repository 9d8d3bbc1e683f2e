"""Single fields of an Assets answer: read strictly, never repaired."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from app.errors import ServiceFailed
from app.outside.answers import flag
from app.words import Json

TOTALS_CAPPED_AT: Final = 1000  # seen on real sites: counts in an AQL answer stop here


def record(given: object) -> Json:
    """The JSON object itself. Raises ServiceFailed if it is anything else."""
    if not isinstance(given, dict):
        raise ServiceFailed("Assets answered in a shape that cannot be read.")
    return given


def records(given: object) -> list[Json]:
    """A JSON list of objects. Raises ServiceFailed if it is anything else."""
    if not isinstance(given, list):
        raise ServiceFailed("Assets answered in a shape that cannot be read.")
    return [record(one) for one in given]


def text(given: object) -> str | None:
    """A scalar as text; None for what is absent or no scalar. Ids come as text or number."""
    if isinstance(given, str):  # nearly always, a hundred thousand times
        return given
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, float) and given.is_integer():
        return str(int(given))
    return str(given) if isinstance(given, int | float) else None


def needed(given: Json, name: str) -> str:
    """A field that must be there and say something."""
    found = text(given.get(name))
    if not found:
        raise ServiceFailed(f"Assets left out {name}.")
    return found


def whole_number(given: object) -> int:
    """A count or a type number. Raises ServiceFailed for anything else."""
    if isinstance(given, bool) or not isinstance(given, int) or given < 0:
        raise ServiceFailed("Assets answered with a number that cannot be read.")
    return given


def first(given: Json, names: Sequence[str]) -> str:
    """The first of these fields that says something, or an empty text."""
    for name in names:
        if found := text(given.get(name)):
            return found
    return ""


def moment(given: object) -> str:
    """An ISO 8601 time in UTC, whatever its offset was; empty if it cannot be read."""
    try:
        read = datetime.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        return ""
    if read is None:
        return ""
    utc = read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def total(answer: Json) -> int | None:
    """How many objects there are, where it is told: deprecated, and capped (facts, 1.5)."""
    found = answer.get("total")
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def is_last(answer: Json, reached: int, rows: int, asked: int) -> bool:
    """Whether nothing follows: `isLast` or `last`, as a boolean or as text (facts, 1.5).

    An empty page ends it whatever it says, or a wrong answer would be asked for ever.
    """
    if rows == 0:
        return True
    total = answer.get("total")
    all_seen = isinstance(total, int) and reached >= total
    for name in ("isLast", "last"):
        said = flag(answer.get(name))
        if said is not None:
            more = not said or answer.get("hasMoreResults") is True
            return not more or (all_seen and reached < TOTALS_CAPPED_AT)
    follows = flag(answer.get("hasMoreResults"))
    if follows is not None or isinstance(total, int):
        return all_seen if follows is None else not follows
    echoed = answer.get("maxResults")
    return rows < (min(echoed, asked) if isinstance(echoed, int) and echoed > 0 else asked)
