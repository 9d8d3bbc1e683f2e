"""Where a reader of the list is: opaque to the client, stateless here, and trusted with nothing.

A forged cursor can only choose another place in the caller's own rows. It holds no label.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import astuple, dataclass, fields
from typing import Final

from app.errors import InputRefused, Problem
from app.my_assets.query import Query
from app.said import Sentence
from app.sentences import QUERY_REFUSED
from app.words import AccountId, InstanceId

SAME_QUESTION: Final = Sentence(
    "query.same_question", "Use the cursor of an earlier answer to the same question."
)

MOST: Final = 10_000_000


@dataclass(frozen=True)
class Place:
    """`start` and `windows`: the stretch of Assets' answer that is read; then a place within it.

    `after` is the object id of the last row given, `offset` where it stood, in case it is gone.
    `counted` is how many rows the stretches before held.
    """

    start: int = 0
    windows: int = 0  # 0: as many as the request may still ask
    counted: int = 0
    offset: int = 0
    after: str = ""


def write_cursor(place: Place, of: str) -> str:
    plain = json.dumps([of, *astuple(place)], separators=(",", ":"))
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read_cursor(given: str | None, of: str) -> Place:
    """Raises InputRefused for a cursor that is not of this very question."""
    if given is None:
        return Place()
    try:
        padded = given + "=" * (-len(given) % 4)
        said = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise _refused() from None
    if not isinstance(said, list) or len(said) != len(fields(Place)) + 1 or said[0] != of:
        raise _refused()
    _, start, windows, counted, offset, after = said
    numbers = (start, windows, counted, offset)
    if any(type(one) is not int or not 0 <= one <= MOST for one in numbers):
        raise _refused()
    if not isinstance(after, str):
        raise _refused()
    return Place(start, windows, counted, offset, after)


def question(instance_id: InstanceId, account_id: AccountId, query: Query) -> str:
    """Names a question, so that a cursor of another site, viewer or filter does not fit it."""
    told = [instance_id, account_id, query.search, query.object_type, query.schema, query.sort]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:24]


def _refused() -> InputRefused:
    problem = Problem("cursor", SAME_QUESTION())
    return InputRefused(QUERY_REFUSED(), problems=[problem])
