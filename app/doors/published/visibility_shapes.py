"""Bodies on which a draft of the visibility rules is tried out, as schemas."""

from __future__ import annotations

from typing import Final

from app.doors.published.shapes import (
    ASSET,
    MAYBE_TEXT,
    TEXT,
    WHOLE,
    YES_OR_NO,
    exactly,
    many,
    one_of,
    record,
)
from app.words import Json


def _whole(fields: Json) -> Json:
    return exactly(fields, fields)


_NAMED: Final = record(id=TEXT, name=TEXT)
_REASONS: Final = many(record(rule=TEXT, outcome=TEXT))
_COUNTS: Final = {"appear": WHOLE, "disappear": WHOLE, "changed": WHOLE}
_MAYBE_WHOLE: Final[Json] = {"type": ["integer", "null"], "minimum": 0}
_PERSON: Final = one_of("matched", "unmatched", "not_needed")
_DRAFT: Final[Json] = {"$ref": "#/components/schemas/Visibility"}
_SHOWN: Final = _whole(
    ASSET["properties"] | {"change": one_of("appears", "stays", "changed"), "reasons": _REASONS}
)

DRAFT_ANSWERS: Final[dict[str, Json]] = {
    "People": record(
        people=many(record(account_id=TEXT, name=TEXT, email=MAYBE_TEXT, customer=YES_OR_NO))
    ),
    "Preview": record(
        allowed=YES_OR_NO,
        person=_PERSON,
        two_persons=YES_OR_NO,
        assets=many(_SHOWN),
        total=WHOLE,
        complete=YES_OR_NO,
        masked=YES_OR_NO,
        leaving=many(
            record(
                object_id=TEXT,
                object_key=TEXT,
                label=TEXT,
                object_type=_NAMED,
                schema=_NAMED,
                reasons=_REASONS,
            )
        ),
        saved=record(allowed=YES_OR_NO, person=_PERSON, total=WHOLE),
        effect=_whole(_COUNTS),
        as_of=TEXT,
    ),
    "Effect": record(
        people=record(
            gain=WHOLE,
            lose=WHOLE,
            changed=WHOLE,
            gain_access=WHOLE,
            lose_access=WHOLE,
            looked_at=WHOLE,
            known=WHOLE,
        ),
        assets=_whole(_COUNTS | {"looked_at": WHOLE, "known": _MAYBE_WHOLE}),
        object_types=many(
            _whole(
                _COUNTS
                | {
                    "object_type": _NAMED,
                    "schema": _NAMED,
                    "seen": record(before=YES_OR_NO, after=YES_OR_NO),
                    "known": _MAYBE_WHOLE,
                    "attributes": record(
                        appear=many(TEXT), disappear=many(TEXT), reordered=YES_OR_NO
                    ),
                }
            )
        ),
        not_counted=many(
            one_of(
                "assets",
                "persons",
                "look_ups",
                "not_linked",
                "unknown_owners",
                "people_without_assets",
            )
        ),
        as_of=TEXT,
    ),
}
DRAFT_REQUESTS: Final[dict[str, Json]] = {
    "PeopleQuery": record(query=TEXT | {"minLength": 1, "maxLength": 100}),
    "PreviewOf": record(
        required=("visibility",),
        person=MAYBE_TEXT | {"minLength": 1, "maxLength": 128},
        visibility=_DRAFT,
    ),
}
