"""When the client secret of Entra ID expires, and which warning that calls for. Pure.

The day comes from Entra ID where the app may read it, else from the administrator.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Final, Literal

from app.site_settings.stored import StoredPart
from app.words import Json, Secret

WARNINGS: Final = (60, 30, 14, 7, 1)  # days ahead
EXPIRED: Final = 0
URGENT: Final = 7
LEARNED: Final = "secret_expires_on"  # of what was learned of the secret
GIVEN: Final = "secret_expires_on"  # of what the administrator entered
_HINT: Final = 3  # Graph, passwordCredential: the first three characters of the secret


@dataclass(frozen=True)
class Expiry:
    """`warning`: the last of the warnings that is reached, 0 once it has expired; None: none yet.

    `expires_on` is an ISO 8601 day; `read_from` says who named it.
    """

    expires_on: str
    days_left: int
    warning: int | None
    read_from: Literal["entra_id", "settings"]

    def shown(self) -> Json:
        return asdict(self)


@dataclass(frozen=True)
class PasswordCredential:
    """A client secret as Graph tells of it: never the secret. `ends_on` is an ISO 8601 day."""

    ends_on: str
    hint: str = field(default="", repr=False)


def warning_at(days_left: int) -> int | None:
    """The warning that so many days call for."""
    if days_left <= 0:
        return EXPIRED
    return min((each for each in WARNINGS if days_left <= each), default=None)


def expiry_of(stored: StoredPart | None, today: date) -> Expiry | None:
    """Of the part `entra`. None: nobody named a day."""
    if stored is None or stored.secret is None:
        return None
    learned, given = stored.learned.get(LEARNED), stored.rules.get(GIVEN)
    named = _day(learned) or _day(given)
    if named is None:
        return None
    left = (named - today).days
    source: Literal["entra_id", "settings"] = "entra_id" if _day(learned) else "settings"
    return Expiry(named.isoformat(), left, warning_at(left), source)


def day_of_ours(found: Iterable[PasswordCredential], secret: Secret) -> str | None:
    """The day on which the secret in use ends, among all those of the app; None: not to be told.

    Two may overlap: the newer one in Entra ID helps nobody before it is entered here. They are told
    apart by their first characters; where these are the same, the first to end counts.
    """
    credentials = [each for each in found if _day(each.ends_on) is not None]
    text = secret.reveal_text()
    ours = [each for each in credentials if len(each.hint) == _HINT and text.startswith(each.hint)]
    if not ours and len(credentials) == 1 and not credentials[0].hint:
        ours = credentials
    return min((each.ends_on for each in ours), default=None)


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
