"""Puts an accepted submission into the documents that are sealed, all of them in one save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.instances.reference import stamp
from app.site_settings.parts import Part
from app.site_settings.stored import StoredPart, StoredSecret, mark_of, pack
from app.site_settings.submission import Submission
from app.words import Secret


@dataclass(frozen=True)
class Packed:
    """`documents` go to the shelf as they are; `stored` is the part as it will then read."""

    documents: Mapping[str, Secret]
    stored: StoredPart


def packed(
    part: Part,
    submission: Submission,
    kept: StoredPart | None,
    learned: Mapping[str, Any],
    now: datetime,
) -> Packed:
    """With a kept secret its document stays untouched: the web could not write it again.

    Where the app's own token stands for it, an empty one takes its place, in the same move.
    """
    stored = _stored(part, submission, kept, learned, stamp(now))
    if part.name == "encryption-string":
        # The vault derives a key from the string itself and keeps nothing else of it.
        return Packed({part.name: submission.secret} if submission.secret else {}, stored)
    documents: dict[str, Secret] = {part.name: pack(stored)}
    if part.secret and part.secret.document and (submission.secret or submission.own):
        documents[part.secret.document] = pack(
            StoredSecret(
                value=submission.secret.reveal_text() if submission.secret else "",
                given_for=dict(submission.given_for),
                learned=dict(learned) if part.secret.learned else {},
            )
        )
    return Packed(documents, stored)


def _stored(
    part: Part,
    submission: Submission,
    kept: StoredPart | None,
    learned: Mapping[str, Any],
    now: str,
) -> StoredPart:
    if part.secret is None:
        return StoredPart(rules=submission.given, changed_at=now)
    if submission.own:
        return StoredPart(rules=submission.given, changed_at=now, learned=dict(learned))
    if submission.secret is None:
        return StoredPart(
            rules=submission.given,
            changed_at=now,
            secret=kept.secret if kept else None,
            value=kept.value if kept else None,
            learned=kept.learned if kept else {},
        )
    lies_here = part.secret.document is None and part.name != "encryption-string"
    return StoredPart(
        rules=submission.given,
        changed_at=now,
        secret=mark_of(submission.secret, now, submission.given_for, hint=part.secret.has_hint),
        value=submission.secret.reveal_text() if lies_here else None,
        learned=dict(learned),
    )
