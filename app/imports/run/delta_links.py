"""The sealed document `delta-links`: where the next delta run takes up, and what that is good for.

A link that was made for other settings counts as none. Links are never logged or shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Protocol

from app.imports.kinds.selects import select_of
from app.imports.kinds.table import KindName
from app.imports.run.feed import FED
from app.imports.run.ground import Ground
from app.instances.reference import stamp
from app.kept import DELTA_LINKS
from app.site_settings.documents import ImportRules

FORMAT: Final = 1
LINKS_LIVE: Final = DELTA_LINKS - timedelta(hours=1)  # seven days (facts, 3.6), with room
# "Full every seventh day"; a run that is due at the same time of day must not just miss it.
FULL_EVERY: Final = timedelta(days=7) - timedelta(minutes=30)
_OF_NO_MATTER: Final = frozenset(
    {"schedule", "brake", "link_accounts"}
)  # they change nothing of what is read


class LinkStore(Protocol):
    """The sealed document in this instance's own site storage, which only the worker opens."""

    def read(self) -> bytes | None: ...

    def write(self, content: bytes) -> None: ...


@dataclass(frozen=True)
class Links:
    """`made_for` is a digest of the settings. `full_at`: when a run last read everything."""

    made_for: str
    full_at: datetime
    made_at: datetime
    by_kind: Mapping[KindName, str] = field(repr=False)


def purpose(rules: ImportRules, ground: Ground, source: str) -> str:
    """What links are made for: any of it changed, and they cannot say what has to be done.

    `source` names tenant, client and cloud.
    """
    parts = {
        "format": FORMAT,
        "source": source,
        "into": [ground.links.workspace_id, ground.links.import_source_id, ground.schema_id],
        "select": {kind: select_of(kind, rules) for kind in FED},
        "rules": rules.model_dump(mode="json", exclude=set(_OF_NO_MATTER)),
    }
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def why_not(links: Links | None, made_for: str, asked: Sequence[KindName], now: datetime) -> str:
    """A code of app.imports.run.ways that says why these links cannot be used; empty: they can."""
    if links is None:
        return "first"
    if links.made_for != made_for or any(each not in links.by_kind for each in asked):
        return "settings"
    if now - links.full_at >= FULL_EVERY:
        return "weekly"
    return "old" if now - links.made_at >= LINKS_LIVE else ""


def packed(links: Links) -> bytes:
    return json.dumps(
        {
            "made_for": links.made_for,
            "full_at": stamp(links.full_at),
            "made_at": stamp(links.made_at),
            "links": dict(links.by_kind),
        },
        separators=(",", ":"),
    ).encode()


def unpacked(content: bytes) -> Links | None:
    """None for anything that is no such document."""
    try:
        found = json.loads(content)
        by_kind: dict[KindName, str] = {
            kind: link for kind in FED if isinstance(link := found["links"].get(kind), str)
        }
        return Links(
            str(found["made_for"]),
            datetime.fromisoformat(found["full_at"]),
            datetime.fromisoformat(found["made_at"]),
            by_kind,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
