"""When a system token ends, as far as it says so. Read without trust: it decides nothing else."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from app.kept import SITE_TOKENS
from app.words import Secret

# A system token is good for 2 to 4 hours (Forge, "Calling product APIs": remote/essentials).
AT_MOST: Final = SITE_TOKENS
AT_LEAST: Final = timedelta(hours=2)
# A token that hides its end, or claims one past AT_MOST, looks newer with every second: one that
# lasts this much longer is worth a write, and not one a request.
_WORTH_A_WRITE: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class TokenEnd:
    """When a token ends, as far as it says so; `certain` if it does, and within its bounds."""

    at: datetime
    certain: bool

    @classmethod
    def of(cls, token: Secret, now: datetime) -> TokenEnd:
        said = _said_end(token)
        if said is None:
            return cls(now + AT_LEAST, certain=False)
        return cls(min(said, now + AT_MOST), certain=said <= now + AT_MOST)

    def is_after(self, stored_end: datetime, now: datetime) -> bool:
        """Whether a token with this end is to replace one with that end."""
        if self.certain:
            return self.at > stored_end
        return self.at > max(stored_end, now) + _WORTH_A_WRITE


def _said_end(token: Secret) -> datetime | None:
    """The `exp` of a token, read without trust: it only decides how long the token is kept."""
    try:
        payload = token.reveal_text().split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["exp"]
        return datetime.fromtimestamp(int(said), UTC)
    except (ValueError, TypeError, LookupError, OverflowError, OSError, RecursionError):
        return None
